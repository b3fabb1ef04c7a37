import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClusterProfile,
  ConnectOptions,
  McpDiagnostics,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
} from '../../src';
import { DNS_POD, NetworkPolicies, podOfWorkload, stranger } from '../support/network-policy';
import { find, namesOf, objectsOf } from '../support/synth';
import { validateObjects } from '../support/validate';

interface Program {
  readonly app: App;
  readonly agents: Chart;
  readonly assistant: kplus.Deployment;
  readonly route: McpRoute;
}

function program(prepare: (app: App) => void = () => undefined): Program {
  const app = new App();
  prepare(app);
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
  const finance = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(finance, 'ledger', { source: McpServerSource.image('acme/ledger:1') });
  const agents = new Chart(app, 'agents', { namespace: 'agents' });
  const assistant = new kplus.Deployment(agents, 'assistant', {
    metadata: { name: 'assistant' },
    podMetadata: { labels: { app: 'assistant' } },
    containers: [{ image: 'acme/assistant:1', portNumber: 80 }],
  });
  return { app, agents, assistant, route: new McpRoute(finance, 'smart', { gateway, backends: [{ server }] }) };
}

/** What the pods of the assistant may connect to. */
function reach(app: App) {
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  const cluster = new NetworkPolicies(objects);
  const [assistant, gateway, ledger] = ['assistant', 'gateway', 'ledger'].map(name =>
    podOfWorkload(find(objects, 'Deployment', name)),
  );
  return {
    gateway: cluster.mayConnect(assistant, gateway, 8080),
    dns: cluster.mayConnect(assistant, DNS_POD, 53, 'UDP'),
    server: cluster.mayConnect(assistant, ledger, 8080),
    elsewhere: cluster.mayConnect(assistant, stranger('hr'), 80),
    others: cluster.mayConnect(stranger('agents'), gateway, 8080),
    policy: namesOf(objects).filter(name => /Policy assistant/.test(name)),
  };
}

const FREE = { gateway: true, dns: true, server: false, elsewhere: true, others: false, policy: [] };
const ISOLATED = { ...FREE, elsewhere: false, policy: ['NetworkPolicy assistant-mcp'] };

it.each<[string, ConnectOptions, object]>([
  ['is let in by the gateway, and else stays as free as it was', {}, FREE],
  ['connects to nothing else where that is asked for', { isolate: true }, ISOLATED],
])('a client %s', (_, options, expected) => {
  const { app, assistant, route } = program();
  route.connect(assistant, options);
  expect(reach(app)).toEqual(expected);
  expect(McpDiagnostics.of(app).warnings).toEqual([]);
});

it('that is not connected is kept out', () => {
  const { app } = program();
  expect(reach(app)).toEqual({ ...FREE, gateway: false });
});

describe('a client that a policy of the app restricts already', () => {
  it.each<[string, (made: Program) => void]>([
    [
      'by its address',
      ({ assistant, agents }) =>
        assistant.connections.allowTo(kplus.Pods.select(agents, 'others', { labels: { app: 'other' } })),
    ],
    [
      'by its labels',
      ({ agents }) =>
        new ApiObject(agents, 'policy', {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'mine' },
          spec: { podSelector: { matchLabels: { app: 'assistant' } }, policyTypes: ['Egress'] },
        }),
    ],
    [
      'with its namespace',
      ({ agents }) =>
        new ApiObject(agents, 'policy', {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'deny-all' },
          spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
        }),
    ],
  ])('%s can connect all the same', (_, restrict) => {
    const made = program();
    restrict(made);
    made.route.connect(made.assistant);
    expect(reach(made.app)).toEqual(ISOLATED);
  });

  it('in other directions, or elsewhere, stays as free as it was', () => {
    const { app, agents, assistant, route } = program();
    const policy = (id: string, spec: object, namespace?: string) =>
      new ApiObject(agents, id, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: id, namespace },
        spec,
      });
    policy('ingress', { podSelector: {}, policyTypes: ['Ingress'] });
    policy('others', { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Egress'] });
    policy('there', { podSelector: {}, policyTypes: ['Egress'] }, 'hr');
    route.connect(assistant);
    expect(reach(app).policy).toEqual([]);
  });
});

it('needs one policy for all of its connections', () => {
  const { app, assistant, route } = program();
  route.connect(assistant, { isolate: true });
  const edge = new Chart(app, 'edge', { namespace: 'edge' });
  const server = new McpServer(edge, 'search', { source: McpServerSource.image('acme/search:1') });
  const second = new McpRoute(edge, 'other', { gateway: new McpGateway(edge, 'second'), backends: [{ server }] });
  second.connect(assistant, { perRoute: true });
  expect(reach(app)).toEqual(ISOLATED);
  const objects = objectsOf(app);
  expect(
    new NetworkPolicies(objects).mayConnect(
      podOfWorkload(find(objects, 'Deployment', 'assistant')),
      podOfWorkload(find(objects, 'Deployment', 'second')),
      8080,
    ),
  ).toBe(true);
});

it('of a cluster with Cilium gets a policy of Cilium', () => {
  const { app, assistant, route } = program(root =>
    new ClusterProfile({ network: NetworkEnforcement.cilium() }).applyTo(root),
  );
  route.connect(assistant, { isolate: true });
  const policy = find(objectsOf(app), 'CiliumNetworkPolicy', 'assistant-mcp');
  expect(policy.metadata.namespace).toBe('agents');
  expect(policy.spec).not.toHaveProperty('ingress');
  expect(
    policy.spec.egress.map(({ toEndpoints: [{ matchLabels }] }: any) => matchLabels['k8s:io.kubernetes.pod.namespace']),
  ).toEqual(['mcp-system', 'kube-system']);
});

it('goes without a trace when it is no longer connected', () => {
  const { app, assistant, route } = program();
  route.connect(assistant, { isolate: true });
  expect(reach(app).policy).toHaveLength(1);
  for (const { id } of route.node.children
    .map(child => child.node)
    .filter(({ id: name }) => name.startsWith('Client-'))) {
    route.node.tryRemoveChild(id);
  }
  expect(namesOf(objectsOf(app)).filter(name => /Policy assistant/.test(name))).toEqual([]);
});
