import { describeMethod, describeRate, describeRule } from './policy/words';
import { Gateway } from '../model/gateway';
import { DONE_WITH, granted, ITEM_KINDS, ItemAction, ItemKind, LISTS, patternsOf } from '../model/items';
import { BackendGroup, Entry, GatewayPlan, serversOf } from '../model/plan';
import { alternatives, AuthenticationMethod, AuthorizationRule, LevelPolicy, RateLimit } from '../model/policy';
import { MatchConditions } from '../model/route';
import { formatServerRef, Server } from '../model/server';
import { formatToolPattern, selectsAll, ToolPattern } from '../model/tool-pattern';
import { PolicyFeatureName } from '../model/traffic-policy';
import { distinct } from '../values/json';

/*
 * Features of the model that a data plane has or has not: each plane says of every one of them how it stands to it, so that a
 * refusal by one can name the others. What else a plane cannot do are limits of its own.
 */

/** Features of routes, servers and gateways. Those of the policy of a gateway are named after its fields, in the tables of the API. */
export const ROUTING_FEATURES = [
  'affinity.header',
  'affinity.none',
  'allowedOrigins',
  'authentication.anyOf',
  'authentication.apiKey',
  'authentication.basic',
  'authentication.clientCertificate',
  'authentication.jwt',
  'authentication.oidc',
  'authorization',
  'authorization.cedar',
  'authorization.completions',
  'authorization.listing',
  'authorization.prompts',
  'authorization.resources',
  'authorization.tasks',
  'circuitBreaker',
  'healthCheck',
  'match.headers',
  'match.method',
  'match.tools',
  'match.tools.listing',
  'notifications',
  'openApi',
  'rateLimits',
  'resources',
  'retry',
  'serverRequests',
  'skipUnavailable',
  'sse',
  'timeouts',
  'tls',
  'toolsFilter',
  'trustedProxies',
  'virtualServers',
  'weights',
] as const;

/** Names of features that are not of the policy of a gateway. */
export type RoutingFeature = (typeof ROUTING_FEATURES)[number];

/** A feature that is asked of a data plane, and where. */
export interface Demand {
  readonly feature: RoutingFeature | PolicyFeatureName;
  /** Construct path of who asks. */
  readonly path: string;
  /** Property as the user writes it. */
  readonly property: string;
  readonly value: unknown;
}

/** What a gateway asks by itself, whatever it serves. */
function gatewayDemands({ affinity, circuitBreaker, healthCheck, path, tls, trustedProxies }: Gateway): Demand[] {
  const asked = (feature: RoutingFeature, property: string, value: unknown): Demand[] =>
    value === undefined ? [] : [{ feature, path, property, value }];
  return [
    ...asked('affinity.header', 'sessionAffinityHeader', affinity.header),
    ...asked('circuitBreaker', 'circuitBreaker', circuitBreaker),
    ...asked('healthCheck', 'healthCheck', healthCheck),
    ...asked('tls', 'tls', tls?.certificate.secretName),
    ...asked('trustedProxies', 'trustedProxies', trustedProxies),
  ];
}

/** What an entry asks of the way from clients to its servers. */
function routingDemands(gateway: Gateway, entry: Entry): Demand[] {
  const { allowedOrigins, groups, origin, retry, skipUnavailable, timeouts } = entry;
  const servers = serversOf(entry);
  const isDiscovery = origin === gateway.path;
  const backends = isDiscovery ? 'discovery' : 'backends';
  const ask = (feature: RoutingFeature, property: string, value: unknown): Demand => ({
    feature,
    path: origin,
    property,
    value,
  });
  return [
    ...groups.flatMap(group => groupDemands(entry, group)),
    ...(isDiscovery && servers.length > 1 ? [ask('virtualServers', backends, servers.map(formatServerRef))] : []),
    ...servers
      .filter(({ protocol }) => protocol === 'sse')
      .map(server => ask('sse', backends, formatServerRef(server))),
    ...servers.flatMap(serverDemands),
    ...(allowedOrigins === undefined ? [] : [ask('allowedOrigins', 'allowedOrigins', allowedOrigins)]),
    ...(timeouts === undefined ? [] : [ask('timeouts', 'timeouts', timeouts)]),
    ...(retry === undefined ? [] : [ask('retry', 'retry', retry)]),
    ...(skipUnavailable ? [ask('skipUnavailable', 'discovery.skipUnavailable', true)] : []),
  ];
}

function groupDemands({ origin: path }: Entry, group: BackendGroup): Demand[] {
  const property = groupProperty(group);
  return [
    ...(group.servers.length < 2
      ? []
      : [
          {
            feature: 'weights' as const,
            path,
            property,
            value: group.servers.map(({ server, weight }) => `${formatServerRef(server)}: ${weight}`),
          },
        ]),
    ...(group.affinity === 'none' && group.servers.length > 1
      ? [{ feature: 'affinity.none' as const, path, property: 'affinity', value: 'none' }]
      : []),
    ...(group.when === undefined ? [] : matchDemands(path, property, group.when)),
  ];
}

/** Of a match that asks for tools and no method, lists show what it sends to its servers. */
function matchDemands(path: string, property: string, { headers, method, tools }: MatchConditions): Demand[] {
  const selected = tools?.map(formatToolPattern);
  return [
    ...(selected === undefined
      ? []
      : [{ feature: 'match.tools' as const, path, property: `${property}.tools`, value: selected }]),
    ...(selected === undefined || method === 'tools/call'
      ? []
      : [{ feature: 'match.tools.listing' as const, path, property: `${property}.tools`, value: selected }]),
    ...(method === undefined
      ? []
      : [{ feature: 'match.method' as const, path, property: `${property}.method`, value: method }]),
    ...(headers.length === 0
      ? []
      : [
          {
            feature: 'match.headers' as const,
            path,
            property: `${property}.headers`,
            value: headers.map(({ name }) => name),
          },
        ]),
  ];
}

/** What a group was made from, as the user writes it: a match, or the servers of the route itself. */
export function groupProperty({ id }: BackendGroup): string {
  return id === 'default' ? 'backends' : id.replace(/^match-(\d+)$/, 'matches[$1]');
}

/** The filter of a REST service says which of its operations are tools at all, which is part of serving it. */
function serverDemands(server: Server): Demand[] {
  const { path, rest, toolsFilter } = server;
  if (rest !== undefined) {
    return [{ feature: 'openApi', path, property: 'source', value: formatServerRef(server) }];
  }
  return toolsFilter === undefined
    ? []
    : [{ feature: 'toolsFilter', path, property: 'toolsFilter', value: toolsFilter.map(formatToolPattern) }];
}

/** The methods by which callers prove to a level who they are. */
function authenticationDemands({ authentication }: LevelPolicy): Demand[] {
  return authentication.flatMap(({ method, origin }) =>
    featuresOf(method).map(feature => ({ feature, ...origin, value: describeMethod(method) })),
  );
}

function featuresOf(method: AuthenticationMethod): RoutingFeature[] {
  return [
    ...(method.kind === 'anyOf' ? ['authentication.anyOf' as const] : []),
    ...alternatives(method).flatMap((single): RoutingFeature[] => [
      `authentication.${single.kind}`,
      // A token of a protected resource is a token.
      ...(single.kind === 'jwt' && single.resource !== undefined ? ['authentication.oidc' as const] : []),
    ]),
  ];
}

/** What a level asks about who may do what. */
function authorizationDemands({ authzConfig, rules }: LevelPolicy): Demand[] {
  return [
    ...(authzConfig === undefined
      ? []
      : [{ feature: 'authorization.cedar' as const, ...authzConfig.origin, value: 'Cedar policies' }]),
    ...rules.map((rule): Demand => ({ feature: 'authorization', ...rule.origin, value: describeRule(rule) })),
    ...rules.flatMap(itemDemands),
    ...rules.flatMap(listingDemands),
  ];
}

/** What a rule grants besides tools. */
function itemDemands({ origin, permissions }: AuthorizationRule): Demand[] {
  const asked = (feature: RoutingFeature, patterns: readonly ToolPattern[]): Demand[] =>
    patterns.length === 0 ? [] : [{ feature, ...origin, value: patterns.map(formatToolPattern) }];
  const named = (kind: ItemKind): readonly ToolPattern[] =>
    permissions.flatMap(permission => patternsOf(permission, kind));
  const done = (action: ItemAction): readonly ToolPattern[] =>
    DONE_WITH[action].flatMap(kind => granted(permissions, kind, action));
  return [
    ...asked('authorization.prompts', named('prompt')),
    ...asked('authorization.resources', named('resource')),
    ...asked('authorization.completions', done('completion/complete')),
    ...asked('authorization.tasks', done('tasks/get')),
  ];
}

/** Lists of which a rule grants something, and not all: they are to leave the rest out. */
function listingDemands({ origin, permissions }: AuthorizationRule): Demand[] {
  return ITEM_KINDS.flatMap(kind => {
    const listed = granted(permissions, kind, LISTS[kind]);
    return listed.length === 0 || listed.some(selectsAll)
      ? []
      : [{ feature: 'authorization.listing' as const, ...origin, value: listed.map(formatToolPattern) }];
  });
}

/** The limits of a level. A gateway's stand in its policy, where the API has fields of their own for them. */
function rateLimitDemands({ level, rateLimits }: LevelPolicy): Demand[] {
  return rateLimits.flatMap(limit => limitDemands(limit, level === 'gateway'));
}

function limitDemands(limit: RateLimit, ofGateway: boolean): Demand[] {
  const { burst, origin } = limit;
  const value = describeRate(limit);
  return [
    { feature: 'rateLimits', ...origin, value },
    ...(ofGateway ? [{ feature: 'policy.rateLimit' as const, ...origin, value }] : []),
    ...(burst === undefined ? [] : [{ feature: 'policy.rateLimit.burst' as const, ...origin, value }]),
  ];
}

/**
 * Everything that a plan asks of its data plane, whichever that is. A finer feature is asked for beside the one that it is a
 * case of, so that a plane that has neither says both.
 */
export function demandsOf(plan: GatewayPlan): Demand[] {
  const demands = [
    ...gatewayDemands(plan.gateway),
    ...plan.entries.flatMap(entry => routingDemands(plan.gateway, entry)),
    ...levelsOf(plan).flatMap(level => [
      ...authenticationDemands(level),
      ...authorizationDemands(level),
      ...rateLimitDemands(level),
    ]),
    ...trafficDemands(plan.gateway),
  ];
  return distinct(demands);
}

/** What the traffic policy of a gateway demands has been read from the fields that say it. */
function trafficDemands({ traffic }: Gateway): Demand[] {
  return (traffic?.demands ?? []).map(demand => ({ ...demand, path: traffic!.path }));
}

/** The levels of policies, each once: a gateway's is that of all its entries, and asks while there are none, too. */
function levelsOf({ gateway, entries }: GatewayPlan): LevelPolicy[] {
  const levels = entries.flatMap(({ policy }) => policy?.levels ?? []);
  return [...new Set(gateway.policy === undefined ? levels : [gateway.policy, ...levels])];
}
