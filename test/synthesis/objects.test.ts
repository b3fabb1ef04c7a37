import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpGateway, McpRoute, McpServer, McpServerSource } from '../../src';
import { messageOf, objectsOf } from '../support/synth';

const source = McpServerSource.image('acme/x:1');

/** What is said about a chart with a server `ledger` and something else. */
function collide(create: (chart: Chart) => void): string[] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(chart, 'ledger', { source });
  create(chart);
  return messageOf(() => app.synthYaml())
    .split('\n')
    .slice(1)
    .map(line => line.trim());
}

it.each<[string, (chart: Chart) => void, string[]]>([
  [
    'an object of the user',
    chart => new ApiObject(chart, 'mine', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'ledger' } }),
    [
      '[finance/ledger] name: got "ledger": "finance/mine" emits objects of the same name in the same namespace (Service). Give one of them another name or namespace; where they are for different clusters, an McpCluster around each.',
    ],
  ],
  [
    'another of this library, in all its objects',
    chart => new McpServer(chart, 'again', { name: 'ledger', source }),
    [
      '[finance/again] name: got "ledger": "finance/ledger" emits objects of the same name in the same namespace (Deployment, MCPServer, Service, ServiceAccount). Give one of them another name or namespace; where they are for different clusters, an McpCluster around each.',
    ],
  ],
  [
    'a gateway',
    chart => new McpGateway(chart, 'gateway', { name: 'ledger' }),
    [
      '[finance/gateway] name: got "ledger": "finance/ledger" emits objects of the same name in the same namespace (Deployment, NetworkPolicy, Service, ServiceAccount). Give one of them another name or namespace; where they are for different clusters, an McpCluster around each.',
    ],
  ],
  [
    'the replicas of another server',
    chart =>
      new McpServer(chart, 'led', { name: 'ledger-replicas', source }) &&
      new McpServer(chart, 'more', { name: 'ledger', source, replicas: 2 }),
    [
      '[finance/more] name: got "ledger-replicas": "finance/led" emits objects of the same name in the same namespace (Service). Give one of them another name or namespace; where they are for different clusters, an McpCluster around each.',
      '[finance/more] name: got "ledger": "finance/ledger" emits objects of the same name in the same namespace (MCPServer, Service, ServiceAccount). Give one of them another name or namespace; where they are for different clusters, an McpCluster around each.',
    ],
  ],
  [
    'an object of another chart in the same namespace',
    chart =>
      new kplus.ServiceAccount(new Chart(chart.node.root as App, 'other', { namespace: 'finance' }), 'mine', {
        metadata: { name: 'ledger' },
      }),
    [
      '[finance/ledger] name: got "ledger": "other/mine/Resource" emits objects of the same name in the same namespace (ServiceAccount). Give one of them another name or namespace; where they are for different clusters, an McpCluster around each.',
    ],
  ],
])('with %s is an error', (_, create, messages) => {
  expect(collide(create)).toEqual(messages);
});

it('is none in another namespace, of another kind, or of another API group', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(chart, 'ledger', { source });
  new McpServer(chart, 'other', { name: 'ledger', namespace: 'research', source });
  new McpGateway(chart, 'gateway');
  new McpRoute(chart, 'route', {
    name: 'ledger',
    backends: [{ server: McpServer.fromMcpServerName(chart, 'imported', 'elsewhere') }],
  });
  new ApiObject(chart, 'mine', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'ledger' } });
  new ApiObject(chart, 'group', {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'ledger' },
  });
  expect(objectsOf(app).length).toBeGreaterThan(0);
});

it("between objects of the user alone is none of this library's business", () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  new McpServer(chart, 'ledger', { source });
  for (const id of ['a', 'b']) {
    new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mine' } });
  }
  expect(() => app.synthYaml()).not.toThrow();
});
