import { App, Chart } from 'cdk8s';
import {
  ClusterProfile,
  EgressTarget,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerOptions,
  McpServerSource,
  NetworkEnforcement,
} from '../../src';
import { NetworkPolicies, podOfWorkload } from '../support/network-policy';
import { find, messageOf, objectsOf } from '../support/synth';

/* Hosts outside the cluster, for servers and for gateways, in each kind of cluster. */

const ENFORCEMENTS = {
  networkPolicy: NetworkEnforcement.networkPolicy(),
  cilium: NetworkEnforcement.cilium(),
  istio: NetworkEnforcement.istio(),
  none: NetworkEnforcement.none({ acknowledgement: 'a test' }),
};

function chartOf(network: NetworkEnforcement): Chart {
  const app = new App();
  new ClusterProfile({ network }).applyTo(app);
  return new Chart(app, 'sales', { namespace: 'sales' });
}

describe('a server', () => {
  const emitted = (network: NetworkEnforcement, options: Partial<McpServerOptions> = {}) => {
    const chart = chartOf(network);
    new McpServer(chart, 'crm', {
      source: McpServerSource.image('acme/crm:1'),
      egress: [EgressTarget.host('api.example.com')],
      ...options,
    });
    return objectsOf(chart.node.root as App);
  };

  it('cannot name them where NetworkPolicies alone are enforced', () => {
    expect(messageOf(() => emitted(ENFORCEMENTS.networkPolicy))).toContain(
      'is a name outside the cluster, and NetworkPolicies know addresses only',
    );
  });

  it('names them for Cilium, and to the sidecar of Istio', () => {
    expect(find(emitted(ENFORCEMENTS.cilium), 'CiliumNetworkPolicy').spec.egress[0].toFQDNs).toEqual([
      { matchName: 'api.example.com' },
    ]);
    const objects = emitted(ENFORCEMENTS.istio);
    expect(find(objects, 'ServiceEntry').spec.hosts).toEqual(['api.example.com']);
    expect(find(objects, 'Sidecar').spec.outboundTrafficPolicy).toEqual({ mode: 'REGISTRY_ONLY' });
    expect(find(objects, 'Deployment').spec.template.metadata.labels).toMatchObject({
      'sidecar.istio.io/inject': 'true',
    });
  });

  it('has no sidecar beside the adapter of a stdio server, and without hosts to name', () => {
    expect(
      messageOf(() => emitted(ENFORCEMENTS.istio, { source: McpServerSource.command('acme/crm:1', ['crm']) })),
    ).toContain('Istio knows names by a sidecar, which cannot be in a pod with agentgateway');
    expect(find(emitted(ENFORCEMENTS.istio, { egress: [] }), 'Deployment').spec.template.metadata.labels).toMatchObject(
      { 'sidecar.istio.io/inject': 'false' },
    );
  });

  it('reaches all of them where nothing is enforced', () => {
    expect(emitted(ENFORCEMENTS.none).map(({ kind }) => kind)).not.toContain('NetworkPolicy');
  });
});

describe('a gateway', () => {
  const emitted = (network: NetworkEnforcement, options: McpGatewayOptions = {}) => {
    const chart = chartOf(network);
    const gateway = new McpGateway(chart, 'gateway', options);
    const crm = new McpServer(chart, 'crm', { source: McpServerSource.remote('https://mcp.crm.example.com:8443/mcp') });
    new McpRoute(chart, 'crm-route', { gateway, backends: [{ server: crm }] });
    const objects = objectsOf(chart.node.root as App);
    return {
      objects,
      warnings: McpDiagnostics.of(chart)
        .warnings.filter(({ property }) => property === 'network')
        .map(({ text }) => text),
    };
  };

  it.each(['networkPolicy', 'istio'] as const)(
    'may connect to every public address on their ports with %s, and to no other',
    name => {
      const { objects, warnings } = emitted(ENFORCEMENTS[name]);
      const cluster = new NetworkPolicies(objects);
      const gateway = podOfWorkload(find(objects, 'Deployment'));
      const passes = (address: string, port: number) => cluster.mayConnect(gateway, address, port);
      expect([
        passes('203.0.113.7', 8443),
        passes('203.0.113.7', 443),
        passes('10.0.0.1', 8443),
        passes('fd00::1', 8443),
      ]).toEqual([true, false, false, false]);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^\[sales\/gateway\] network: got \["mcp\.crm\.example\.com:8443"\]: are outside the cluster, and .*every public address on these ports/,
        ),
      ]);
    },
  );

  it('stays out of the mesh', () => {
    expect(find(emitted(ENFORCEMENTS.istio).objects, 'Deployment').spec.template.metadata.labels).toMatchObject({
      'sidecar.istio.io/inject': 'false',
    });
  });

  it('names them for Cilium, what it fetches and sends itself included', () => {
    const { objects, warnings } = emitted(ENFORCEMENTS.cilium, {
      observability: { tracing: { endpoint: 'https://traces.example.com:4318' } },
    });
    const hosts = find(objects, 'CiliumNetworkPolicy')
      .spec.egress.flatMap(({ toFQDNs = [] }) => toFQDNs.map(({ matchName }: { matchName: string }) => matchName))
      .sort();
    expect([hosts, warnings]).toEqual([['mcp.crm.example.com', 'traces.example.com'], []]);
  });

  it('may connect to the collector of its traces by its Service', () => {
    const { objects } = emitted(ENFORCEMENTS.networkPolicy, {
      observability: { tracing: { endpoint: 'http://otel.observability.svc' } },
    });
    const cluster = new NetworkPolicies(objects);
    const gateway = podOfWorkload(find(objects, 'Deployment'));
    expect(
      [4317, 80].map(port => cluster.mayConnect(gateway, { namespace: 'observability', labels: {} }, port)),
    ).toEqual([true, false]);
  });
});

describe('a rate-limit service', () => {
  it('connects to its store, and to nothing else', () => {
    const chart = chartOf(ENFORCEMENTS.cilium);
    new McpGateway(chart, 'gateway', { rateLimitService: { store: { host: 'redis.example.com' } } });
    expect(objectsOf(chart.node.root as App).filter(({ kind }) => kind === 'CiliumNetworkPolicy')).toHaveLength(1);
  });
});
