import { authenticationPerRoute, metadataRoutes } from './authentication';
import { authorizationPerHost, authorizationPerRoute, routeConditions } from './authorization';
import { backendHeaders, routeAction, sessionPerRoute } from './backends';
import { DISABLED, typed } from './config';
import { headerChanges } from './headers';
import { admittedName } from './listener';
import { ADMITTED, entryName, ROUTES } from './names';
import { openApiPerRoute } from './open-api';
import { rateLimitActions, rateLimitPerRoute } from './rate-limits';
import { removedHeaders } from './traffic';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { canonicalText, Json } from '../../values/json';

/** The routes of a gateway. Domains are not told apart: a gateway is reached by several names. */
export function routeConfiguration(plan: GatewayPlan): Json {
  const admitted = { [admittedName(plan)]: typed('envoy.extensions.filters.http.rbac.v3.RBACPerRoute') };
  return {
    name: ROUTES,
    virtual_hosts: [
      virtualHost(
        authorizationPerHost(plan),
        plan.entries.flatMap(entry => entryRoutes(plan, entry, admitted)),
      ),
    ],
  };
}

/** Says of all routes at once what every one of them says of a filter, but for the one that admits: each route says itself that it serves. */
function virtualHost(filters: Json, routes: readonly Json[]): Json {
  const [first, ...others] = routes.map(({ typed_per_filter_config: own = {} }) => own as Record<string, Json>);
  const shared = Object.entries(first ?? {}).filter(
    ([name, config]) =>
      !name.startsWith(ADMITTED) &&
      others.every(other => other[name] !== undefined && canonicalText(other[name]) === canonicalText(config)),
  );
  const names = new Set(shared.map(([name]) => name));
  return {
    name: ROUTES,
    domains: ['*'],
    typed_per_filter_config: { ...filters, ...Object.fromEntries(shared) },
    routes: routes.map(route => ({
      ...route,
      typed_per_filter_config: Object.fromEntries(
        Object.entries((route.typed_per_filter_config as Json) ?? {}).filter(([name]) => !names.has(name)),
      ),
    })),
  };
}

/**
 * The routes of one entry, the first of which that a request meets serves it. Until the filter for MCP has read a request,
 * none is selected by what it asks for: so all of one entry ask for the same credentials, the last one included.
 */
function entryRoutes(plan: GatewayPlan, entry: Entry, admitted: Json): Json[] {
  const filters = { ...perRoute(plan, entry), ...admitted };
  return [
    ...metadataRoutes(plan, entry).map(route => openToAll(plan, route, admitted)),
    ...entry.groups.flatMap(group => groupRoutes(plan, entry, group, filters)),
    // A group that asks for nothing serves the rest.
    ...(entry.groups.some(({ when }) => when === undefined) ? [] : [notServed(entry, filters)]),
  ];
}

/** A route that asks nothing of callers, rules of the whole gateway included. */
function openToAll(plan: GatewayPlan, route: Json, admitted: Json): Json {
  const rules = Object.fromEntries(Object.keys(authorizationPerHost(plan)).map(name => [name, DISABLED]));
  return { ...route, typed_per_filter_config: { ...(route.typed_per_filter_config as Json), ...rules, ...admitted } };
}

const IS_STREAM = { name: ':method', string_match: { exact: 'GET' } };

interface Kind {
  readonly suffix: string;
  readonly headers: readonly Json[];
  /** What is done with the request, and the filters that are the route's own. */
  readonly action: Json;
  readonly filters: Json;
}

/**
 * The stream of events, which never ends by itself, and the rest. Where both are served alike they share a route: each
 * repeats who may use it, and a ConfigMap holds so much and no more.
 */
function kindsOf(plan: GatewayPlan, entry: Entry, group: BackendGroup): Kind[] {
  const [request, stream] = (['request', 'stream'] as const).map(kind => ({
    action: routeAction(plan, entry, group, kind),
    filters: openApiPerRoute(entry, group, kind),
  }));
  return [
    ...(canonicalText(stream) === canonicalText(request)
      ? []
      : [{ suffix: '/stream', headers: [IS_STREAM], ...stream }]),
    { suffix: '', headers: [], ...request },
  ];
}

function groupRoutes(plan: GatewayPlan, entry: Entry, group: BackendGroup, shared: Json): Json[] {
  const conditions = routeConditions(group);
  const limits = rateLimitActions(plan, entry, group);
  return kindsOf(plan, entry, group).map(({ suffix, headers, action, filters }) => ({
    name: `${entryName(entry)}/${group.id}${suffix}`,
    match: matchOf(entry, [...(conditions.headers ?? []), ...headers], conditions.dynamic_metadata ?? []),
    route: { ...action, ...(limits.length === 0 ? {} : { rate_limits: limits }) },
    ...mergedHeaders(backendHeaders(entry, group), headerChanges(entry), removedHeaders(plan)),
    typed_per_filter_config: { ...shared, ...sessionPerRoute(entry, group), ...filters },
  }));
}

function matchOf(entry: Entry, headers: readonly Json[], metadata: readonly Json[]): Json {
  return {
    path: entry.path,
    ...(headers.length === 0 ? {} : { headers }),
    ...(metadata.length === 0 ? {} : { dynamic_metadata: metadata }),
  };
}

/** What no group of an entry serves. */
function notServed(entry: Entry, filters: Json): Json {
  return {
    name: `${entryName(entry)}/not-served`,
    match: { path: entry.path },
    direct_response: { status: 404, body: { inline_string: 'no server of this route serves the request\n' } },
    typed_per_filter_config: filters,
  };
}

function perRoute(plan: GatewayPlan, entry: Entry): Json {
  return {
    ...authenticationPerRoute(plan, entry),
    ...authorizationPerRoute(plan, entry),
    ...rateLimitPerRoute(plan, entry),
  };
}

/** Lists of changes of several origins, one after the other. */
function mergedHeaders(...changes: readonly Json[]): Json {
  const merged: Record<string, unknown[]> = {};
  for (const change of changes) {
    for (const [field, items] of Object.entries(change)) {
      merged[field] = [...(merged[field] ?? []), ...(items as unknown[])];
    }
  }
  return merged;
}
