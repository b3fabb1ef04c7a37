import * as fc from 'fast-check';
import { policies } from './rule-arbitrary';
import { envoy } from '../../../src/backends/envoy';
import { Gateway } from '../../../src/model/gateway';
import { BackendGroup, Entry, GatewayPlan } from '../../../src/model/plan';
import { MatchConditions } from '../../../src/model/route';
import { Server } from '../../../src/model/server';
import { TrafficPolicy } from '../../../src/model/traffic-policy';
import { countersAt, planArbitrary } from '../agentgateway/plan-arbitrary';

/* Random plans that Envoy can do all of: those of agentgateway, less what Envoy refuses, and what it alone does. */

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const duration = fc.constantFrom('500ms', '5s', '1m30s');

/** What is done about servers that fail. */
const failures = fc.record({
  circuitBreaker: option(
    fc.record({
      consecutiveFailures: fc.integer({ min: 1, max: 20 }),
      ejection: duration,
      errorRate: option(fc.integer({ min: 1, max: 100 })),
      minimumRequests: option(fc.integer({ min: 1, max: 100 })),
      requestTimeout: option(duration),
    }),
  ),
  healthCheck: option(
    fc.record({
      interval: duration,
      timeout: duration,
      healthyThreshold: fc.integer({ min: 1, max: 5 }),
      unhealthyThreshold: fc.integer({ min: 1, max: 5 }),
    }),
  ),
});

/** Of what pods may use; of those that may use anything nothing is bounded. */
const memory = fc.record({ memoryLimit: option(fc.constantFrom(2 ** 28, 2 ** 30)) });

const proxies = option(fc.constantFrom('proxy.example.com:3128', 'proxy.egress.svc'));

export const envoyPlans: fc.Arbitrary<GatewayPlan> = fc
  .record({ plan: planArbitrary, failures, memory, proxy: proxies, policy: option(policies) })
  .map(({ plan, proxy, policy, ...wanted }) => ({
    gateway: gatewayOf(plan.gateway, { ...wanted.failures, ...wanted.memory }),
    entries: plan.entries.map(entry => entryOf(entry, policy, proxy)),
  }))
  .filter(plan => envoy.check(plan).every(({ severity }) => severity === 'warning'));

function gatewayOf({ traffic, ...gateway }: Gateway, own: Partial<Gateway>): Gateway {
  return {
    ...gateway,
    ...own,
    plane: 'envoy',
    affinity: {},
    ...(traffic === undefined ? {} : { traffic: trafficOf(traffic) }),
  };
}

/** Headers are taken out whatever their values, and bodies are looked at for their size alone. */
function trafficOf({ path, audit, requestFiltering, responseFiltering }: TrafficPolicy): TrafficPolicy {
  const removals = (filters: readonly { readonly name: string }[] = []) =>
    filters.map(({ name }) => ({ name, action: 'Remove' as const }));
  return {
    path,
    demands: [],
    ...(audit === undefined ? {} : { audit: { ...audit, level: 'Request', metadata: false } }),
    ...(requestFiltering === undefined
      ? {}
      : {
          requestFiltering: {
            sizeLimit: requestFiltering.sizeLimit,
            headerFilters: removals(requestFiltering.headerFilters),
            bodyFilters: requestFiltering.bodyFilters.filter(({ type }) => type === 'Size'),
          },
        }),
    ...(responseFiltering === undefined
      ? {}
      : {
          responseFiltering: {
            headerFilters: removals(responseFiltering.headerFilters),
            bodyFilters: [],
            removeInternalHeaders: false,
          },
        }),
  };
}

function entryOf({ traffic, ...entry }: Entry, policy: Entry['policy'], proxy: string | undefined): Entry {
  const groups = entry.groups.map(group => groupOf(group, proxy));
  const shared = groups.some(({ servers }) => servers.flatMap(({ server }) => server.endpoints).length > 1);
  const stateful = groups.some(({ servers }) => servers.some(({ server }) => server.sessions === 'stateful'));
  return {
    ...entry,
    policy,
    counters: countersAt(entry.id, policy),
    groups: groups.map(group => ({
      ...group,
      ...(group.when === undefined ? {} : { when: conditionsOf(group.when, stateful) }),
      ...(group.unless === undefined ? {} : { unless: group.unless.map(other => conditionsOf(other, stateful)) }),
    })),
    ...(shared && stateful ? { retry: undefined } : {}),
    ...(traffic === undefined ? {} : { traffic: trafficOf(traffic) }),
  };
}

/** Tools are known of calls alone, and `user-agent` is not the client's own. */
function conditionsOf({ method, tools, headers }: MatchConditions, stateful: boolean): MatchConditions {
  return {
    method: stateful ? undefined : method,
    tools: !stateful && method === 'tools/call' ? tools : undefined,
    headers: headers.filter(({ name }) => name !== 'user-agent'),
  };
}

/** The servers of a group have much in common, but for their addresses. */
function groupOf(group: BackendGroup, proxy: string | undefined): BackendGroup {
  const [{ server: first }] = group.servers;
  const [{ path }] = first.endpoints;
  const behind = proxy !== undefined && group.servers.every(({ server }) => server.endpoints.every(({ tls }) => tls));
  return {
    ...group,
    servers: group.servers.map(({ server, weight }, i) => ({
      weight,
      server: {
        ...(server as Server),
        protocol: 'streamable-http',
        toolsFilter: undefined,
        sessions: first.sessions,
        credentials: first.credentials,
        workloadNamespace: first.workloadNamespace,
        endpoints: server.endpoints.map((endpoint, j) => ({
          ...endpoint,
          path,
          port: 1000 * (i + 1) + j,
          ...(behind ? { proxy } : {}),
        })),
      },
    })),
  };
}
