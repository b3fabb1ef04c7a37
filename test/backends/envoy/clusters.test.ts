import { emitted, envoyPlanOf } from './plans';
import { clusterOf as targetOf, groupClusters } from '../../../src/backends/envoy/clusters';
import { EnvoyPlan } from '../../../src/backends/envoy/config/plan';
import { DEFAULT_PROFILE } from '../../../src/model/cluster';
import { BackendGroup, Entry } from '../../../src/model/plan';
import { Server } from '../../../src/model/server';
import { groupOf, replicasOf, serverOf } from '../../support/literals';

const clustersIn = (plan: EnvoyPlan) => emitted(groupClusters(plan, plan.entries[0], plan.entries[0].groups[0]));
const targetIn = (plan: EnvoyPlan, kind: 'request' | 'stream' = 'request') =>
  emitted(targetOf({ plan, entry: plan.entries[0], group: plan.entries[0].groups[0], kind }));
const clustersOf = (group: BackendGroup, entry: Partial<Entry> = {}) => clustersIn(envoyPlanOf([group], entry));
const clusterOf = (...servers: Parameters<typeof groupOf>[1]) => clustersOf(groupOf('default', servers))[0];
const actionOf = (group: BackendGroup, kind: 'request' | 'stream' = 'request', entry: Partial<Entry> = {}) =>
  targetIn(envoyPlanOf([group], entry), kind);
const remote = (name: string) =>
  serverOf(name, {
    workloadNamespace: undefined,
    endpoints: [{ host: `${name}.example.com`, port: 443, path: '/mcp', tls: { insecureSkipVerify: false } }],
  });

describe('the servers of a group', () => {
  it('have a locality with their weight each, whatever the order they were added in', () => {
    const {
      load_assignment: { endpoints },
      common_lb_config,
    } = clusterOf([serverOf('stable'), 90], [serverOf('canary'), 10]);
    expect(endpoints).toEqual([
      {
        locality: { zone: 'MCPServer/finance/canary' },
        load_balancing_weight: 10,
        lb_endpoints: [addressOf('canary.finance.svc')],
      },
      {
        locality: { zone: 'MCPServer/finance/stable' },
        load_balancing_weight: 90,
        lb_endpoints: [addressOf('stable.finance.svc')],
      },
    ]);
    expect(common_lb_config).toMatchObject({ locality_weighted_lb_config: {} });
    expect(clusterOf([serverOf('canary'), 10], [serverOf('stable'), 90]).load_assignment.endpoints).toEqual(endpoints);
  });

  it('share what is their own among their replicas, and keep it while one of these answers', () => {
    const {
      load_assignment: { endpoints, policy },
    } = clusterOf([serverOf('stable', { endpoints: replicasOf('stable', 3) }), 90], [serverOf('canary'), 10]);
    // One name for all of them.
    expect(endpoints.map(({ lb_endpoints }: any) => lb_endpoints)).toEqual([
      [addressOf('canary.finance.svc')],
      [addressOf('stable-replicas.finance.svc')],
    ]);
    expect(policy).toEqual({ overprovisioning_factor: 300 });
  });

  it('are found by the names of their pods; a name outside the cluster stands for whatever it resolves to', () => {
    const standsForAll = ({ cluster_type }: any): unknown => cluster_type.typed_config.all_addresses_in_single_endpoint;
    expect(standsForAll(clusterOf(serverOf('ledger')))).toBeUndefined();
    expect(standsForAll(clusterOf(remote('crm')))).toBe(true);
    expect(standsForAll(clusterOf(remote('crm'), remote('erp')))).toBeUndefined();
  });

  it('are looked up as often as DNS says outside the cluster, every few seconds where replicas move, and seldom where addresses stay', () => {
    const endpoint = { host: 'ledger-0.ledger-replicas.finance.svc', port: 8080, path: '/mcp' };
    const replica = { ...endpoint, replicasHost: 'ledger-replicas.finance.svc' };
    const lookUps = ({ cluster_type }: any): unknown => {
      const { dns_refresh_rate: every, respect_dns_ttl: byDns } = cluster_type.typed_config;
      return { every, byDns };
    };
    expect(lookUps(clusterOf(serverOf('ledger')))).toEqual({ every: '30s' });
    expect(lookUps(clusterOf(remote('crm')))).toEqual({ byDns: true });
    expect(lookUps(clusterOf([remote('crm'), 1], [serverOf('ledger'), 1]))).toEqual({ byDns: true });
    // Envoy's own 5 seconds.
    expect(lookUps(clusterOf(serverOf('ledger', { endpoints: [replica, replica] })))).toEqual({});
  });

  it('are found by whole names, in the domain of their cluster', () => {
    const found = (host: string, clusterDomain: string) => {
      const profile = { ...DEFAULT_PROFILE, clusterDomain };
      const group = groupOf('default', [serverOf('ledger', { endpoints: [{ host, port: 80, path: '/mcp' }] })]);
      const [{ load_assignment }] = clustersIn(envoyPlanOf([group], {}, { profile }));
      return load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address;
    };
    expect(found('ledger.finance.svc', 'acme.internal')).toBe('ledger.finance.svc.acme.internal.');
    expect(found('ledger.finance.svc.acme.internal', 'acme.internal')).toBe('ledger.finance.svc.acme.internal.');
    expect(found('ledger.finance', 'acme.internal')).toBe('ledger.finance');
    expect(found('crm.example.com', 'cluster.local')).toBe('crm.example.com');
  });

  it('are connected to anew from time to time, where that costs nothing', () => {
    const common = (server: Server) =>
      clusterOf(server).typed_extension_protocol_options['envoy.extensions.upstreams.http.v3.HttpProtocolOptions']
        .common_http_protocol_options;
    expect(common(serverOf('ledger'))).toMatchObject({ max_connection_duration: '4s' });
    expect(common(remote('crm'))).not.toHaveProperty('max_connection_duration');
  });

  it('share requests among the connections of replicas that are as good as each other', () => {
    const requests = (server: Server) =>
      clusterOf(server).typed_extension_protocol_options['envoy.extensions.upstreams.http.v3.HttpProtocolOptions']
        .common_http_protocol_options.max_requests_per_connection;
    expect(requests(serverOf('ledger', { sessions: 'stateless' }))).toBe(8);
    expect(requests(serverOf('ledger', { sessions: 'stateful' }))).toBeUndefined();
    expect(requests(remote('crm'))).toBeUndefined();
  });

  it("are asked for by their host, with a port that is not the scheme's own", () => {
    const hostname = (server: Server) =>
      clusterOf(server).load_assignment.endpoints[0].lb_endpoints[0].endpoint.hostname;
    expect(hostname(remote('crm'))).toBe('crm.example.com');
    expect(hostname(serverOf('ledger'))).toBe('ledger.finance.svc:8080');
    expect(hostname(serverOf('ledger', { endpoints: [{ host: 'ledger.finance.svc', port: 80, path: '/mcp' }] }))).toBe(
      'ledger.finance.svc',
    );
  });
});

it('keeps the limit of an attempt from event streams by a cluster of their own', () => {
  const group = groupOf('default', [serverOf('ledger')]);
  const options = { timeouts: { backendRequest: '5s' } };
  const exchange = (cluster: any) =>
    cluster.typed_extension_protocol_options['envoy.extensions.upstreams.http.v3.HttpProtocolOptions']
      .common_http_protocol_options.max_stream_duration;
  expect(clustersOf(group, options).map((cluster: any) => [cluster.name, exchange(cluster)])).toEqual([
    ['finance.smart/default', '5.05s'],
    ['finance.smart/default/stream', undefined],
  ]);
  expect([actionOf(group, 'request', options).cluster, actionOf(group, 'stream', options).cluster]).toEqual([
    'finance.smart/default',
    'finance.smart/default/stream',
  ]);
  expect(clustersOf(group)).toHaveLength(1);
  expect(actionOf(group, 'stream').cluster).toBe('finance.smart/default');
});

function addressOf(host: string): object {
  const address = `${host}.cluster.local.`;
  return { endpoint: { hostname: `${host}:8080`, address: { socket_address: { address, port_value: 8080 } } } };
}

describe('open sessions', () => {
  const canary = (weight: number) =>
    groupOf('default', [
      [serverOf('stable'), 100 - weight],
      [serverOf('canary'), weight],
    ]);
  const named = (group: BackendGroup, entry: Partial<Entry> = {}): Record<string, unknown> =>
    Object.fromEntries(clustersOf(group, entry).map((cluster: any) => [cluster.name, cluster]));

  it('have a cluster that no weight changes', () => {
    const [before, after] = [named(canary(10)), named(canary(50))];
    expect(Object.keys(before)).toEqual(['finance.smart/default', 'finance.smart/default/sessions']);
    expect(after['finance.smart/default']).not.toEqual(before['finance.smart/default']);
    expect(after['finance.smart/default/sessions']).toEqual(before['finance.smart/default/sessions']);
  });

  it('go there by their header, and everything else by weight', () => {
    const {
      cluster,
      inline_cluster_specifier_plugin: {
        extension: {
          typed_config: { cluster_matcher: matcher },
        },
      },
    } = actionOf(canary(10));
    expect(cluster).toBeUndefined();
    const [
      {
        predicate: {
          single_predicate: { input },
        },
        on_match: match,
      },
    ] = matcher.matcher_list.matchers;
    expect(input.typed_config.header_name).toBe('mcp-session-id');
    expect([match, matcher.on_no_match].map(({ action }) => action.typed_config.cluster)).toEqual([
      'finance.smart/default/sessions',
      'finance.smart/default',
    ]);
  });

  it('have one for streams, too, where requests have less time', () => {
    expect(Object.keys(named(canary(10), { timeouts: { backendRequest: '5s' } }))).toEqual([
      'finance.smart/default',
      'finance.smart/default/sessions',
      'finance.smart/default/stream',
      'finance.smart/default/stream/sessions',
    ]);
  });

  it('share that of new ones where there is no weight, no session, or a circuit breaker that has to see both', () => {
    expect(
      Object.keys(named(groupOf('default', [serverOf('stable', { endpoints: replicasOf('stable', 3) })]))),
    ).toEqual(['finance.smart/default']);
    expect(
      Object.keys(
        named(groupOf('default', [serverOf('a', { sessions: 'stateless' }), serverOf('b', { sessions: 'stateless' })])),
      ),
    ).toEqual(['finance.smart/default']);
    const broken = envoyPlanOf([canary(10)], {}, { circuitBreaker: { consecutiveFailures: 3, ejection: '30s' } });
    expect(clustersIn(broken).map(({ name }: any) => name)).toEqual(['finance.smart/default']);
    expect(targetIn(broken).cluster).toBe('finance.smart/default');
  });
});
