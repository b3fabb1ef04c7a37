import { endpointsOf, sharesSessions, membersOf } from './members';
import { limit } from './refusal';
import { credentialTerms } from './server-credentials';
import { Diagnostic } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { formatServerRef, Server, serverKey } from '../../model/server';
import { credentialSecrets, serversOf } from '../../passes/backend-credentials';
import { distinct } from '../../values/lists';

/** What Envoy cannot do of the way to servers. */
export function checkBackends(plan: GatewayPlan): Diagnostic[] {
  return [
    ...checkBreaker(plan.gateway),
    ...checkSecrets(plan),
    ...plan.entries.flatMap(entry => checkEntry(plan.gateway, entry)),
  ];
}

function checkBreaker({ path, circuitBreaker }: Gateway): Diagnostic[] {
  const { errorRate, trialRequests, trialSuccesses } = circuitBreaker ?? {};
  return [
    ...(errorRate === undefined || (Number.isInteger(errorRate) && errorRate > 0)
      ? []
      : [limit(path, 'circuitBreaker.errorRate', 'circuitBreaker.errorRateThreshold', errorRate)]),
    ...(trialRequests === undefined
      ? []
      : [limit(path, 'circuitBreaker.trial', 'circuitBreaker.maxRequestsHalfOpen', trialRequests)]),
    ...(trialSuccesses === undefined
      ? []
      : [limit(path, 'circuitBreaker.trial', 'circuitBreaker.successThreshold', trialSuccesses)]),
  ];
}

/** Secrets of credentials that the pods of the gateway cannot mount. */
function checkSecrets({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const servers = new Map(entries.flatMap(serversOf).map(server => [serverKey(server), server]));
  return [...servers.values()].flatMap(({ path, credentials = [] }) =>
    credentials.flatMap((credential, i) =>
      credentialSecrets(credential)
        .filter(({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== gateway.workloadNamespace)
        .map(({ secretNamespace, secretName }) =>
          limit(path, 'credentials.namespace', `credentials[${i}]`, `${secretNamespace}/${secretName}`),
        ),
    ),
  );
}

function checkEntry(gateway: Gateway, entry: Entry): Diagnostic[] {
  const property = entry.origin === gateway.path ? 'discovery' : 'backends';
  return [
    ...serversOf(entry)
      .filter(({ endpoints }) => endpoints.some(({ proxy, tls }) => proxy !== undefined && tls === undefined))
      .map(server => limit(entry.origin, 'egressProxy.http', property, formatServerRef(server))),
    ...entry.groups.flatMap(group => checkGroup(entry, group, property)),
  ];
}

/** Servers that share requests are one thing to Envoy, which treats each request before it chooses among them. */
function checkGroup(entry: Entry, group: BackendGroup, property: string): Diagnostic[] {
  const servers = membersOf(group).map(({ server }) => server);
  const endpoints = endpointsOf(group);
  const addresses = endpoints.map(({ host, port }) => `${host}:${port}`);
  return [
    ...(distinct(endpoints.map(({ path }) => path)).length > 1
      ? [limit(entry.origin, 'weights.path', property, [...new Set(endpoints.map(({ path }) => path))])]
      : []),
    ...(distinct(endpoints.map(({ proxy }) => proxy ?? null)).length > 1
      ? [limit(entry.origin, 'weights.proxy', property, names(servers))]
      : []),
    ...(distinct(servers.map(server => credentialTerms(entry, server))).length > 1
      ? [limit(entry.origin, 'weights.credentials', property, names(servers))]
      : []),
    ...(distinct(servers.map(({ sessions }) => sessions)).length > 1
      ? [
          limit(
            entry.origin,
            'weights.sessions',
            property,
            servers.map(server => `${formatServerRef(server)}: ${server.sessions}`),
          ),
        ]
      : []),
    ...(distinct(addresses).length < addresses.length
      ? [limit(entry.origin, 'weights.address', property, names(servers))]
      : []),
    ...(entry.retry !== undefined && sharesSessions(group)
      ? [limit(entry.origin, 'retry.sessions', 'retry', names(servers))]
      : []),
  ];
}

function names(servers: readonly Server[]): string[] {
  return servers.map(formatServerRef);
}
