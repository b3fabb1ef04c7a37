import { authenticationPerRoute, metadataRoutes } from './authentication';
import { authorizationPerRoute, routeConditions } from './authorization';
import { backendHeaders, routeAction, sessionPerRoute } from './backends';
import { typed } from './config';
import { headerChanges } from './headers';
import { ADMITTED, entryName, MCP_METADATA, ROUTES } from './names';
import { openApiPerRoute } from './open-api';
import { rateLimitActions, rateLimitPerRoute } from './rate-limits';
import { removedHeaders } from './traffic';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { Json } from '../kubernetes/pod-template';

/** The routes of a gateway. Domains are not told apart: a gateway is reached by several names. */
export function routeConfiguration(plan: GatewayPlan): Json {
  return {
    name: ROUTES,
    virtual_hosts: [{ name: ROUTES, domains: ['*'], routes: plan.entries.flatMap((entry) => entryRoutes(plan, entry)) }],
  };
}

/**
 * The routes of one entry, the first of which that a request meets serves it. Until the filter for MCP has read a request,
 * none is selected by what it asks for: so all of one entry ask for the same credentials, the last one included.
 */
function entryRoutes(plan: GatewayPlan, entry: Entry): Json[] {
  return [
    ...metadataRoutes(plan, entry),
    ...entry.groups.flatMap((group) => groupRoutes(plan, entry, group)),
    notServed(plan, entry),
  ];
}

const IS_STREAM = { name: ':method', string_match: { exact: 'GET' } };
const IS_CALL = {
  filter: MCP_METADATA,
  path: [{ key: 'method' }],
  value: { string_match: { exact: 'tools/call' } },
};

interface Kind {
  readonly suffix: string;
  readonly match: { readonly headers?: readonly Json[]; readonly dynamic_metadata?: readonly Json[] };
  readonly stream: boolean;
  /** Whether limits count what the route serves. */
  readonly counted: boolean;
}

/** The stream of events, which never ends by itself; calls, where limits count them; and the rest. */
function kindsOf(counted: boolean): Kind[] {
  return [
    { suffix: '/stream', match: { headers: [IS_STREAM] }, stream: true, counted: false },
    ...(counted ? [{ suffix: '/call', match: { dynamic_metadata: [IS_CALL] }, stream: false, counted: true }] : []),
    { suffix: '', match: {}, stream: false, counted: false },
  ];
}

function groupRoutes(plan: GatewayPlan, entry: Entry, group: BackendGroup): Json[] {
  const limits = rateLimitActions(plan, entry, group);
  const conditions = routeConditions(group);
  return kindsOf(limits.length > 0).map(({ suffix, match, stream, counted }) => ({
    name: `${entryName(entry)}/${group.id}${suffix}`,
    match: matchOf(entry, [...conditions.headers ?? [], ...match.headers ?? []], [...conditions.dynamic_metadata ?? [], ...match.dynamic_metadata ?? []]),
    route: { ...routeAction(plan, entry, group, stream ? 'stream' : 'request'), ...(counted ? { rate_limits: limits } : {}) },
    ...mergedHeaders(backendHeaders(entry, group), headerChanges(entry), removedHeaders(plan)),
    typed_per_filter_config: { ...perRoute(plan, entry), ...sessionPerRoute(entry, group), ...openApiPerRoute(entry, group) },
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
function notServed(plan: GatewayPlan, entry: Entry): Json {
  return {
    name: `${entryName(entry)}/not-served`,
    match: { path: entry.path },
    direct_response: { status: 404, body: { inline_string: 'no server of this route serves the request\n' } },
    typed_per_filter_config: perRoute(plan, entry),
  };
}

function perRoute(plan: GatewayPlan, entry: Entry): Json {
  return {
    ...authenticationPerRoute(plan, entry),
    ...authorizationPerRoute(plan, entry),
    ...rateLimitPerRoute(plan, entry),
    [ADMITTED]: typed('envoy.extensions.filters.http.rbac.v3.RBACPerRoute'),
  };
}

/** Lists of changes of several origins, one after the other. */
function mergedHeaders(...changes: readonly Json[]): Json {
  const merged: Record<string, unknown[]> = {};
  for (const change of changes) {
    for (const [field, items] of Object.entries(change)) {
      merged[field] = [...merged[field] ?? [], ...items as unknown[]];
    }
  }
  return merged;
}
