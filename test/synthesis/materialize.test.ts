import { ApiObject, App, Chart, JsonPatch, Lazy } from 'cdk8s';
import { EgressTarget, McpDiagnostics, McpGateway, McpRoute, McpServer, McpServerSource } from '../../src';
import { clusterScoped, detachedScope, transformJson } from '../../src/synthesis/materialize';
import { find, namesOf, objectsOf } from '../support/synth';

const chartIn = (namespace?: string): Chart => new Chart(new App(), 'chart', { namespace, labels: { team: 'money' } });

it('gives functions the last word on what an object renders to, in their order', () => {
  const object = new ApiObject(chartIn(), 'a', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    data: Lazy.any({ produce: () => ({ a: '1' }) }),
  });
  transformJson(object, json => ({ ...json, data: { ...json.data, b: '2' } }));
  transformJson(object, json => ({ ...json, data: { ...json.data, c: Object.keys(json.data).join() } }));
  expect(object.toJson().data).toEqual({ a: '1', b: '2', c: 'a,b' });
});

it.each([undefined, 'finance'])(
  'takes the namespace off an object of the cluster in a chart of namespace %p',
  namespace => {
    const object = clusterScoped(new ApiObject(chartIn(namespace), 'a', { apiVersion: 'v1', kind: 'Namespace' }));
    expect(object.toJson().metadata).not.toHaveProperty('namespace');
  },
);

it('lends a scope outside the tree, with the namespace and labels of the chart', () => {
  const inside = chartIn('finance');
  const outside = detachedScope(inside);
  expect([Chart.of(outside).namespace, Chart.of(outside).labels]).toEqual(['finance', { team: 'money' }]);
  expect(outside.node.root).not.toBe(inside.node.root);
});

const source = McpServerSource.image('acme/ledger:1');

function policies(app: App): string[] {
  return namesOf(objectsOf(app)).filter(name => name.startsWith('NetworkPolicy'));
}

it('stand below their constructs, in their charts, and can be patched there', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'ledger', { source, labels: { team: 'money' } });
  expect(policies(app)).toEqual(['NetworkPolicy ledger']);
  expect(find(objectsOf(app), 'NetworkPolicy').metadata.labels).toMatchObject({
    team: 'money',
    'app.kubernetes.io/managed-by': 'cdk8s-mcp',
  });
  const policy = server.node.findChild('Network').node.findChild('NetworkPolicy-ledger') as ApiObject;
  policy.addJsonPatch(JsonPatch.add('/metadata/annotations', { owner: 'alice' }));
  expect(find(objectsOf(app), 'NetworkPolicy').metadata.annotations).toEqual({ owner: 'alice' });
});

it('follow what is said between two syntheses', () => {
  const app = new App();
  const server = new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'ledger', { source });
  const rules = () => find(objectsOf(app), 'NetworkPolicy').spec.egress.length;
  expect(rules()).toBe(1);
  server.allowEgress(EgressTarget.cidr('10.0.0.0/8'));
  expect(rules()).toBe(2);
});

it('go with their constructs', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(chart, 'ledger', { source });
  new McpServer(chart, 'other', { source });
  expect(policies(app)).toEqual(['NetworkPolicy ledger', 'NetworkPolicy other']);
  chart.node.tryRemoveChild('other');
  expect(policies(app)).toEqual(['NetworkPolicy ledger']);
});

it("collide with those of the user's", () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(chart, 'ledger', { source });
  new ApiObject(chart, 'mine', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'ledger' },
  });
  expect(() => app.synthYaml()).toThrow(
    '[finance/ledger] name: got "ledger": "finance/mine" emits objects of the same name in the same namespace (NetworkPolicy)',
  );
});

it('are worked out from Services wherever these are, and only where a name asks for them', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'ledger', { source });
  const service = new ApiObject(new Chart(app, 'hr', { namespace: 'hr' }), 'service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'people' },
    spec: { selector: { app: 'people' }, ports: [{ port: 80, targetPort: 'http' }] },
  });
  const rendered = jest.spyOn(service, 'toJson');
  McpDiagnostics.of(app);
  expect(rendered).not.toHaveBeenCalled();
  server.allowEgress(EgressTarget.host('people.hr', 80));
  expect(McpDiagnostics.of(app).warnings.map(({ text }) => text)).toEqual([
    expect.stringContaining(
      'Service hr/people names a port of its pods without a number, so that all their ports are opened',
    ),
  ]);
  expect(rendered).toHaveBeenCalled();
  expect(find(objectsOf(app), 'NetworkPolicy').spec.egress).toContainEqual({
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'hr' } },
        podSelector: { matchLabels: { app: 'people' } },
      },
    ],
  });
});

it('let in who was not made by this app by its namespace, with a warning', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'ledger', { source });
  const other = McpServer.fromMcpServerName(chart, 'other', 'other');
  const gateway = McpGateway.fromMcpGatewayName(chart, 'gateway', 'edge', {
    namespace: 'edge-system',
    compiledBy: 'the platform',
  });
  new McpRoute(chart, 'in', { gateway, backends: [{ server }] });
  new McpRoute(chart, 'out', { gateway: new McpGateway(chart, 'own'), backends: [{ server: other }] });
  const objects = objectsOf(app);
  expect(find(objects, 'NetworkPolicy', 'ledger').spec.ingress).toEqual([
    {
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge-system' } } }],
      ports: [{ protocol: 'TCP', port: 8080 }],
    },
  ]);
  expect(find(objects, 'NetworkPolicy', 'own').spec.egress).toContainEqual({
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'finance' } } }],
    ports: [{ protocol: 'TCP', port: 8080 }],
  });
  expect(McpDiagnostics.of(app).warnings.map(({ text }) => text)).toEqual([
    expect.stringContaining(
      '[finance/gateway] gateway: got "gateway edge-system/edge": its pods are not made by this app, so that their labels are not known: ' +
        'every pod of the namespace "edge-system" may connect to MCPServer finance/ledger',
    ),
    expect.stringContaining('[finance/own] ingress: got nothing'),
    expect.stringContaining(
      '[finance/own] network: got "MCPServer finance/other": the pods of MCPServer finance/other are not made by this app',
    ),
  ]);
});
