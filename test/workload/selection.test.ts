import { App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { McpGateway, McpRoute, McpServer, McpServerSource } from '../../src';
import { find } from '../support/synth';

const SELECTOR = { 'app.kubernetes.io/component': 'mcp-server', 'app.kubernetes.io/name': 'ledger' };
const source = McpServerSource.image('acme/ledger:1.0.0');

it.each([1, 3])('pods do not start anew when their code is moved (%i replicas)', replicas => {
  const emitted = (scopeOf: (chart: Chart) => Construct): unknown => {
    const chart = new Chart(new App(), 'team', { namespace: 'team' });
    new McpServer(scopeOf(chart), 'ledger', { source, replicas });
    new McpGateway(scopeOf(chart), 'gateway');
    return Testing.synth(chart);
  };
  const moved = emitted(chart => (chart.node.tryFindChild('servers') as Construct) ?? new Construct(chart, 'servers'));
  expect(moved).toEqual(emitted(chart => chart));
  expect(JSON.stringify(moved)).not.toContain(kplus.Pod.ADDRESS_LABEL);
});

it('selects them by what they are wherever cdk8s-plus is asked to', () => {
  const chart = new Chart(new App(), 'team', { namespace: 'team' });
  const server = new McpServer(chart, 'ledger', { source });
  new kplus.Service(chart, 'service', {
    metadata: { name: 'extra' },
    selector: server.deployment!,
    ports: [{ port: 80 }],
  });
  new kplus.NetworkPolicy(chart, 'policy', { metadata: { name: 'extra' }, selector: server.deployment! });
  const other = new kplus.Deployment(chart, 'other', { containers: [{ image: 'a/b:1' }] });
  other.scheduling.separate(server.deployment!);
  const objects = Testing.synth(chart);
  expect(find(objects, 'Service', 'extra').spec.selector).toEqual(SELECTOR);
  expect(find(objects, 'NetworkPolicy', 'extra').spec.podSelector).toEqual({ matchLabels: SELECTOR });
  const [term] = find(objects, 'Deployment', other.name).spec.template.spec.affinity.podAntiAffinity
    .requiredDuringSchedulingIgnoredDuringExecution;
  expect(term.labelSelector).toEqual({ matchLabels: SELECTOR });
});

it('selects them by what they are where a server is the client of a route', () => {
  const chart = new Chart(new App(), 'team', { namespace: 'team' });
  const server = new McpServer(chart, 'ledger', { source });
  const route = new McpRoute(chart, 'books', {
    gateway: new McpGateway(chart, 'gateway'),
    backends: [{ server: new McpServer(chart, 'archive', { source }) }],
  });
  route.connect(server.deployment!);
  const [rule] = find(Testing.synth(chart), 'NetworkPolicy', 'gateway').spec.ingress;
  expect(rule.from).toEqual([expect.objectContaining({ podSelector: { matchLabels: SELECTOR } })]);
});
