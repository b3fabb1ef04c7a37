import { clusterOf } from './clusters';
import { Route, RouteAction, RouteConfiguration, VirtualHost, XdsMatcher } from './config/api';
import { DISABLED, extension } from './config/config';
import { ROUTES } from './config/names';
import { EnvoyEntry, EnvoyPlan } from './config/plan';
import { RouteConditions } from './dialect/conditions';
import { exactly, methodMatcher } from './dialect/matchers';
import { rbacPerRoute } from './dialect/rbac';
import { FilterChain } from './listener';
import { mergedParts, PARTS } from './parts';
import { Filters, HeaderChanges, RoutePart, ServerRoute } from './parts/part';
import { BackendGroup } from '../../model/plan';
import { LISTEN } from '../../model/protocol';
import { canonicalText } from '../../values/json';

/** The routes of a gateway. Domains are not told apart: a gateway is reached by several names. */
export function routeConfiguration(plan: EnvoyPlan, { admitted }: FilterChain): RouteConfiguration {
  const host = mergedParts(part => part.host?.(plan));
  const admits = { [admitted]: rbacPerRoute() };
  const routes = plan.entries.flatMap(entry => entryRoutes(plan, entry, host, admits));
  return {
    name: ROUTES,
    virtual_hosts: [
      {
        ...virtualHost(host, routes, admitted),
        // A body is held until it is parsed.
        request_body_buffer_limit: plan.bodyLimit,
      },
    ],
  };
}

/** Says of all routes at once what every one of them says of a filter, but for the one that admits: each route says itself that it serves. */
function virtualHost(filters: Filters, routes: readonly Route[], admitted: string): VirtualHost {
  const [first, ...others] = routes.map(({ typed_per_filter_config: own = {} }) => own);
  const shared = Object.entries(first ?? {}).filter(
    ([name, config]) =>
      name !== admitted &&
      others.every(other => other[name] !== undefined && canonicalText(other[name]) === canonicalText(config)),
  );
  const names = new Set(shared.map(([name]) => name));
  const own = routes.map(route => ({
    ...route,
    typed_per_filter_config: Object.fromEntries(
      Object.entries(route.typed_per_filter_config ?? {}).filter(([name]) => !names.has(name)),
    ),
  }));
  return {
    name: ROUTES,
    domains: ['*'],
    typed_per_filter_config: { ...filters, ...Object.fromEntries(shared) },
    ...(own.length <= LISTED ? { routes: own } : { matcher: byPath(own) }),
  };
}

/** Routes up to which a request is compared with one after the other, as people read them. Of a thousand that costs more than all policies. */
const LISTED = 64;

/**
 * Routes that are found by their paths, however many there are. Each says itself which path it serves: the tree holds what a path with a
 * query begins with, and goes on to shorter ones where none of the routes there is met.
 */
function byPath(routes: readonly Route[]): XdsMatcher {
  const paths = new Map<string, Route[]>();
  for (const route of routes) {
    const path = route.match!.path!;
    paths.set(path, [...(paths.get(path) ?? []), route]);
  }
  return {
    matcher_tree: {
      input: extension('path', 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: ':path' }),
      prefix_match_map: {
        map: Object.fromEntries(
          [...paths].map(([path, served]) => [
            path,
            { action: extension('routes', 'envoy.config.route.v3.RouteList', { routes: served }) },
          ]),
        ),
      },
    },
  };
}

/**
 * The routes of one entry, the first of which that a request meets serves it. Until the filter for MCP has read a request,
 * none is selected by what it asks for: so all of one entry ask for the same credentials, the last one included.
 */
function entryRoutes(plan: EnvoyPlan, entry: EnvoyEntry, host: Filters, admits: Filters): Route[] {
  const parts = PARTS.map(part => part.entry?.(entry) ?? {});
  const filters = { ...Object.assign({}, ...parts.map(part => part.filters)), ...admits };
  return [
    ...parts.flatMap(({ routes = [] }) => routes).map(route => openToAll(route, host, admits)),
    ...entry.groups.flatMap(group => groupRoutes(plan, entry, group, filters)),
    // A group that asks for nothing serves the rest.
    ...(entry.groups.some(({ when }) => when === undefined) ? [] : [notServed(entry, filters)]),
  ];
}

/** A route that asks nothing of callers, rules of the whole gateway included. */
function openToAll(route: Route, host: Filters, admits: Filters): Route {
  const rules = Object.fromEntries(Object.keys(host).map(name => [name, DISABLED]));
  return { ...route, typed_per_filter_config: { ...route.typed_per_filter_config, ...rules, ...admits } };
}

/** Streams of events: that of a session, which goes by HTTP, and that of revisions without sessions, which is the answer to a request. */
const STREAMS: Readonly<Record<string, RouteConditions>> = {
  stream: { headers: [{ name: ':method', string_match: exactly('GET') }], dynamic_metadata: [] },
  listen: { headers: [], dynamic_metadata: [methodMatcher([exactly(LISTEN)])] },
};

/**
 * The streams of events, which never end by themselves, and the rest. Where both are served alike they share a route: each
 * repeats who may use it, and a ConfigMap holds so much and no more.
 */
function groupRoutes(plan: EnvoyPlan, entry: EnvoyEntry, group: BackendGroup, filters: Filters): Route[] {
  const [request, stream] = (['request', 'stream'] as const).map(kind => routePart({ plan, entry, group, kind }));
  const name = `${entry.name}/${group.id}`;
  return [
    ...(canonicalText(stream) === canonicalText(request)
      ? []
      : Object.entries(STREAMS).map(([suffix, match]) =>
          serverRoute(`${name}/${suffix}`, entry, { ...stream, match: both(stream.match, match) }, filters),
        )),
    serverRoute(name, entry, request, filters),
  ];
}

/** What all parts have on a route, together. */
type WholeRoute = Required<RoutePart> & { readonly action: RouteAction };

function routePart(route: ServerRoute): WholeRoute {
  const parts = PARTS.map(part => part.route?.(route) ?? {});
  return {
    match: {
      headers: parts.flatMap(({ match }) => match?.headers ?? []),
      dynamic_metadata: parts.flatMap(({ match }) => match?.dynamic_metadata ?? []),
    },
    action: Object.assign({}, clusterOf(route), ...parts.map(({ action }) => action)),
    headers: mergedHeaders(parts.map(({ headers = {} }) => headers)),
    filters: Object.assign({}, ...parts.map(({ filters }) => filters)),
  };
}

function both(one: RouteConditions, other: RouteConditions): RouteConditions {
  return {
    headers: [...one.headers, ...other.headers],
    dynamic_metadata: [...one.dynamic_metadata, ...other.dynamic_metadata],
  };
}

function serverRoute(
  name: string,
  { path }: EnvoyEntry,
  { match, action, headers, filters }: WholeRoute,
  shared: Filters,
): Route {
  return {
    name,
    match: {
      path,
      ...(match.headers.length === 0 ? {} : { headers: match.headers }),
      ...(match.dynamic_metadata.length === 0 ? {} : { dynamic_metadata: match.dynamic_metadata }),
    },
    route: action,
    ...headers,
    typed_per_filter_config: { ...shared, ...filters },
  };
}

/** What no group of an entry serves. */
function notServed({ name, path }: EnvoyEntry, filters: Filters): Route {
  return {
    name: `${name}/not-served`,
    match: { path },
    direct_response: { status: 404, body: { inline_string: 'no server of this route serves the request\n' } },
    typed_per_filter_config: filters,
  };
}

/** Lists of changes of several origins, one after the other. */
function mergedHeaders(changes: readonly HeaderChanges[]): HeaderChanges {
  const merged: Record<string, unknown[]> = {};
  for (const change of changes) {
    for (const [field, items] of Object.entries(change)) {
      merged[field] = [...(merged[field] ?? []), ...(items as unknown[])];
    }
  }
  return merged;
}
