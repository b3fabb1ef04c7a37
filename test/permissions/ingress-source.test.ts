import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IngressSource, McpDiagnostics, McpGateway, McpServer, McpServerSource, Reconciliation } from '../../src';
import { NetworkPolicies, Party, podOfWorkload, stranger } from '../support/network-policy';
import { find, messageOf, newChart, objectsOf } from '../support/synth';

const NGINX = { namespace: 'ingress-nginx', labels: { app: 'nginx' } };

const CASES: readonly [string, IngressSource, readonly Party[], readonly Party[]][] = [
  [
    'pods',
    IngressSource.pods({ namespaces: ['ingress-nginx'], labels: { app: 'nginx' } }),
    [NGINX],
    [stranger('ingress-nginx'), { ...NGINX, namespace: 'finance' }],
  ],
  [
    'pods of its own namespace',
    IngressSource.pods({ labels: { app: 'nginx' } }),
    [{ ...NGINX, namespace: 'finance' }],
    [NGINX, stranger('finance')],
  ],
  [
    'pods of namespaces by label',
    IngressSource.pods({ namespaceLabels: { tier: 'edge' } }),
    [{ ...NGINX, namespaceLabels: { tier: 'edge' } }],
    [NGINX],
  ],
  ['pods of every namespace', IngressSource.pods({ allNamespaces: true }), [NGINX, stranger('hr')], ['203.0.113.7']],
  [
    'namespaces',
    IngressSource.namespaces('agents', 'notebooks'),
    [stranger('agents'), stranger('notebooks')],
    [stranger('finance'), '203.0.113.7'],
  ],
  [
    'cidr',
    IngressSource.cidr('203.0.113.0/24', { except: ['203.0.113.128/25'] }),
    ['203.0.113.7'],
    ['203.0.113.200', '10.0.0.1', NGINX],
  ],
  ['anywhere', IngressSource.anywhere(), ['203.0.113.7', NGINX], []],
];

describe.each(CASES)('%s', (_, source, passes, stops) => {
  it.each<[string, (chart: Chart) => void, number]>([
    [
      'a server',
      chart =>
        new McpServer(chart, 'it', { source: McpServerSource.image('acme/it:1', { port: 9999 }) }).allowIngress(source),
      9999,
    ],
    [
      'a server, when it is created',
      chart =>
        new McpServer(chart, 'it', { source: McpServerSource.image('acme/it:1', { port: 9999 }), ingress: [source] }),
      9999,
    ],
    ['a gateway', chart => new McpGateway(chart, 'it', { port: 9443 }).allowIngress(source), 9443],
    ['a gateway, when it is created', chart => new McpGateway(chart, 'it', { port: 9443, ingress: [source] }), 9443],
  ])('to %s', (__, build, port) => {
    const app = new App();
    build(new Chart(app, 'finance', { namespace: 'finance' }));
    const objects = objectsOf(app);
    const cluster = new NetworkPolicies(objects);
    const it = podOfWorkload(find(objects, 'Deployment', 'it'));
    expect(passes.map(party => cluster.mayConnect(party, it, port))).toEqual(passes.map(() => true));
    // Whoever may connect may use the port of MCP alone.
    expect(passes.map(party => cluster.mayConnect(party, it, 15020))).toEqual(passes.map(() => false));
    expect(stops.map(party => cluster.mayConnect(party, it, port))).toEqual(stops.map(() => false));
    expect(McpDiagnostics.of(app).warnings.filter(({ property }) => property === 'ingress')).toEqual([]);
  });
});

describe('a gateway', () => {
  const gatewayOf = (options: ConstructorParameters<typeof McpGateway>[2]) => {
    const app = new App();
    new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', options);
    const objects = objectsOf(app);
    return { app, cluster: new NetworkPolicies(objects), pod: podOfWorkload(find(objects, 'Deployment')) };
  };

  it('to which nobody may connect is a warning', () => {
    const { app, cluster, pod } = gatewayOf({});
    expect(cluster.mayConnect(stranger('mcp-system'), pod, 8080)).toBe(false);
    expect(McpDiagnostics.of(app).warnings.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^\[platform\/gateway\] ingress: got nothing: nobody may connect to the gateway: .*route\.connect\(workload\).*gateway\.allowIngress/,
      ),
    ]);
  });

  it.each([kplus.ServiceType.LOAD_BALANCER, kplus.ServiceType.NODE_PORT])(
    'with a %s is open to everyone, on its port',
    type => {
      const { cluster, pod } = gatewayOf({ service: { type } });
      expect([
        cluster.mayConnect('203.0.113.7', pod, 8080),
        cluster.mayConnect(stranger('hr'), pod, 8080),
        cluster.mayConnect('203.0.113.7', pod, 15021),
      ]).toEqual([true, true, false]);
    },
  );
});

it.each<[string, () => unknown, string]>([
  ['a broken CIDR', () => IngressSource.cidr('10.0.0.0'), '[IngressSource.cidr] cidr: got "10.0.0.0": is not a CIDR'],
  ['an exception outside', () => IngressSource.cidr('10.0.0.0/8', { except: ['11.0.0.0/16'] }), 'except[0]'],
  ['no namespaces', () => IngressSource.namespaces(), '[IngressSource.namespaces] names: got []: names no namespace'],
  ['a name that is none', () => IngressSource.namespaces('a', 'B'), 'names[1]: got "B": is not a namespace name'],
  [
    'empty labels',
    () => IngressSource.pods({ namespaceLabels: {} }),
    'namespaceLabels: got {}: is empty, which would select all. Say allNamespaces: true',
  ],
  [
    'a remote server',
    () =>
      new McpServer(newChart(), 's', { source: McpServerSource.remote('https://mcp.example.com') }).allowIngress(
        IngressSource.anywhere(),
      ),
    'is given for a remote server',
  ],
  [
    'a remote server, when it is created',
    () =>
      new McpServer(newChart(), 's', {
        source: McpServerSource.remote('https://mcp.example.com'),
        ingress: [IngressSource.anywhere()],
      }),
    'is given for a remote server',
  ],
])('refuses %s', (_, action, message) => {
  expect(messageOf(action)).toContain(message);
});

it('has no field in the resources of an operator', () => {
  const chart = new Chart(new App(), 'c', { namespace: 'c' });
  Reconciliation.CONTROLLER.applyTo(chart);
  const server = new McpServer(chart, 's', { source: McpServerSource.image('acme/s:1') });
  const gateway = new McpGateway(chart, 'g');
  expect(messageOf(() => server.allowIngress(IngressSource.anywhere()))).toContain(
    '[c/s] ingress[0]: got "(given)": has no field in the MCPServer resource, so an operator would never see it',
  );
  expect(messageOf(() => gateway.allowIngress(IngressSource.anywhere()))).toContain(
    '[c/g] ingress[0]: got "(given)": has no field in the gateway resource, so an operator would never see it',
  );
});
