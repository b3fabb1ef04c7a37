import { backendsOf, isDiagnostic, resolveServer } from './references';
import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { BackendGroup, Entry, WeightedServer } from '../../model/plan';
import { Backend, MatchConditions, Route, routePath } from '../../model/route';
import { formatServerRef, serverKey } from '../../model/server';
import { Index } from '../../model/topology';

/** Most backends that share the same requests (OEP-0005, MCPRouteSpec). */
export const MAX_BACKENDS = 16;

const ROUTE_WITHOUT_BACKENDS = errorKind(
  'route-without-backends',
  'a route needs at least one backend',
  'Call route.addBackend(server)',
);
const ROUTE_TOO_MANY_BACKENDS = errorKind(
  'route-too-many-backends',
  `there are at most ${MAX_BACKENDS} backends`,
  'Split it into several routes',
);
const ROUTE_WEIGHTS_ZERO = errorKind(
  'route-weights-zero',
  'every weight is 0, so no server would get a request',
  'Give at least one backend a weight above 0',
);
const ROUTE_BACKEND_TWICE = errorKind(
  'route-backend-twice',
  'the server is already a backend here',
  'Add each server once and give it the sum of the weights',
);

function weighted(backends: readonly Backend[], index: Index): WeightedServer[] {
  return backends.flatMap(backend => {
    const server = index.servers.get(serverKey(backend.server));
    return server === undefined || backend.weight === 0 ? [] : [{ server, weight: backend.weight }];
  });
}

function conditionsOf(match: MatchConditions): MatchConditions {
  return { tools: match.tools, method: match.method, headers: match.headers };
}

/**
 * Splits a route into groups that never compete for a request.
 *
 * The first match that a request meets decides. A match without servers of its
 * own sends what it matches to the route's backends; when there is such a
 * match, requests that meet no match are not served ("if matches are not
 * specified, routes all tools", OEP-0005). When every match has servers of its
 * own, the route's backends serve the rest.
 */
export function groupsOf(route: Route, index: Index): BackendGroup[] {
  const defaults = weighted(route.backends, index);
  const affinity = route.affinity === undefined ? {} : { affinity: route.affinity };
  const groups = route.matches.map((match, i): BackendGroup => ({
    id: `match-${i}`,
    when: conditionsOf(match),
    unless: route.matches.slice(0, i).map(conditionsOf),
    servers: match.backends.length === 0 ? defaults : weighted(match.backends, index),
    ...affinity,
  }));
  const restricts = route.matches.some(match => match.backends.length === 0);
  if (!restricts) {
    groups.push({ id: 'default', unless: route.matches.map(conditionsOf), servers: defaults, ...affinity });
  }
  return groups;
}

/** Plans one route. The entry leaves out what has errors; it is not rendered then. */
export function planRoute(
  route: Route,
  index: Index,
): { readonly entry: Entry; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = backendsOf(route)
    .map(({ property, backend }) => resolveServer(backend.server, route, `${property}.server`, index))
    .filter(isDiagnostic);
  return {
    entry: {
      origin: route.path,
      id: `${route.namespace}/${route.name}`,
      path: routePath(route),
      groups: groupsOf(route, index),
      requestHeaders: route.requestHeaders,
      responseHeaders: route.responseHeaders,
      timeouts: route.timeouts,
      retry: route.retry,
      skipUnavailable: false,
      counters: [],
    },
    diagnostics: [...diagnostics, ...shapeFindings(route)],
  };
}

function shapeFindings(route: Route): Diagnostic[] {
  const findings: Diagnostic[] = [];
  if (route.backends.length === 0) {
    findings.push(findingOf(ROUTE_WITHOUT_BACKENDS, route.path, 'backends', undefined));
  }
  for (const { property, backends } of [
    { property: 'backends', backends: route.backends },
    ...route.matches.map((match, i) => ({ property: `matches[${i}].backends`, backends: match.backends })),
  ]) {
    if (backends.length > MAX_BACKENDS) {
      findings.push(findingOf(ROUTE_TOO_MANY_BACKENDS, route.path, property, backends.length));
    }
    if (backends.length > 0 && backends.every(backend => backend.weight === 0)) {
      findings.push(
        findingOf(
          ROUTE_WEIGHTS_ZERO,
          route.path,
          property,
          backends.map(backend => backend.weight),
        ),
      );
    }
    const keys = backends.map(backend => serverKey(backend.server));
    const twice = keys.findIndex((key, i) => keys.indexOf(key) !== i);
    if (twice >= 0) {
      findings.push(
        findingOf(
          ROUTE_BACKEND_TWICE,
          route.path,
          `${property}[${twice}].server`,
          formatServerRef(backends[twice].server),
        ),
      );
    }
  }
  return findings;
}
