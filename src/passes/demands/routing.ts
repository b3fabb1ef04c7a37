import { Demand, RoutingFeature } from './features';
import { Gateway } from '../../model/gateway';
import { BackendGroup, Entry, serversOf } from '../../model/plan';
import { MatchConditions } from '../../model/route';
import { formatServerRef, Server } from '../../model/server';
import { formatToolPattern } from '../../model/tool-pattern';

/** What a gateway asks by itself, whatever it serves. */
export function gatewayDemands({ affinity, circuitBreaker, healthCheck, path, tls }: Gateway): Demand[] {
  const asked = (feature: RoutingFeature, property: string, value: unknown): Demand[] =>
    value === undefined ? [] : [{ feature, path, property, value }];
  return [
    ...asked('affinity.header', 'sessionAffinityHeader', affinity.header),
    ...asked('circuitBreaker', 'circuitBreaker', circuitBreaker),
    ...asked('healthCheck', 'healthCheck', healthCheck),
    ...asked('tls', 'tls', tls?.certificate.secretName),
  ];
}

/** What an entry asks of the way from clients to its servers. */
export function routingDemands(gateway: Gateway, entry: Entry): Demand[] {
  const { groups, origin, retry, skipUnavailable, timeouts } = entry;
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
