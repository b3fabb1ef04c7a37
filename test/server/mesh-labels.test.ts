import { App, Chart } from 'cdk8s';
import {
  ClusterProfile,
  ClusterProfileProps,
  EgressTarget,
  McpDiagnostics,
  McpGateway,
  McpServer,
  McpServerProps,
  McpServerSource,
  NetworkEnforcement,
  ServiceMesh,
} from '../../src';
import { find, messageOf, synth } from '../support/synth';

const INJECT = 'sidecar.istio.io/inject';
const image = McpServerSource.image('x/y:1');

function istioChart(): Chart {
  const app = new App();
  new ClusterProfile({ network: NetworkEnforcement.istio() }).applyTo(app);
  return new Chart(app, 'team', { namespace: 'team' });
}

function labelOf(props: Partial<McpServerProps>): string {
  const chart = istioChart();
  new McpServer(chart, 'a', { source: image, ...props });
  return find(synth(chart), 'Deployment').spec.template.metadata.labels[INJECT];
}

it.each<[string, Partial<McpServerProps>]>([
  ['podLabels', { podLabels: { [INJECT]: 'true' } }],
  ['podTemplate', { podTemplate: { metadata: { labels: { [INJECT]: 'true' } } } }],
])('what the user says about a sidecar holds (%s)', (_option, props) => {
  expect(labelOf({})).toBe('false');
  expect(labelOf(props)).toBe('true');
});

it.each<[string, Partial<McpServerProps>]>([
  ['podLabels', { podLabels: { [INJECT]: 'false' } }],
  ['podTemplate', { podTemplate: { metadata: { labels: { [INJECT]: 'false' } } } }],
])('a sidecar that enforces something cannot be taken away (%s)', (_option, props) => {
  const egress = [EgressTarget.host('api.example.com', 443)];
  expect(labelOf({ egress })).toBe('true');
  expect(labelOf({ egress, podLabels: { [INJECT]: 'true' } })).toBe('true');
  expect(messageOf(() => labelOf({ egress, ...props }))).toMatch(
    /\[team\/a\] podLabels\[sidecar\.istio\.io\/inject\]: got "false": takes away the sidecar.* Drop the label/,
  );
});

it('no sidecar beside agentgateway, in pods of servers and of gateways', () => {
  const podLabels = { [INJECT]: 'true' };
  const npx = McpServerSource.command('acme/x:1', ['/x']);
  expect(messageOf(() => labelOf({ source: npx, podLabels }))).toMatch(
    /asks for a sidecar of Istio in pods with agentgateway/,
  );
  expect(messageOf(() => new McpGateway(istioChart(), 'gateway', { podLabels }))).toMatch(
    /asks for a sidecar of Istio, behind which every caller would have its address/,
  );
});

it('elsewhere the label is a label', () => {
  const chart = new Chart(new App(), 'team', { namespace: 'team' });
  new McpServer(chart, 'a', { source: image, podLabels: { [INJECT]: 'true' } });
  expect(find(synth(chart), 'Deployment').spec.template.metadata.labels[INJECT]).toBe('true');
});

it('keeps sidecars of a namespace from what they cannot stand beside', () => {
  const app = new App();
  new ClusterProfile({ mesh: ServiceMesh.istioSidecars() }).applyTo(app);
  const chart = new Chart(app, 'team', { namespace: 'team' });
  new McpGateway(chart, 'gateway');
  new McpServer(chart, 'plain', { source: image });
  new McpServer(chart, 'stdio', { source: McpServerSource.npx('@acme/ledger@1.0.0') });
  const objects = synth(chart);
  const injected = (name: string) => find(objects, 'Deployment', name).spec.template.metadata.labels[INJECT];
  expect(['gateway', 'plain', 'stdio'].map(injected)).toEqual(['false', undefined, 'false']);
});

it('refuses a sidecar where there can be none', () => {
  const app = new App();
  new ClusterProfile({ mesh: ServiceMesh.istioSidecars() }).applyTo(app);
  const chart = new Chart(app, 'team', { namespace: 'team' });
  new McpServer(chart, 'stdio', {
    source: McpServerSource.npx('@acme/ledger@1.0.0'),
    podLabels: { [INJECT]: 'true' },
  });
  expect(messageOf(() => app.synth())).toContain('asks for a sidecar of Istio in pods with agentgateway');
  expect(messageOf(() => new McpGateway(chart, 'gateway', { podLabels: { [INJECT]: 'true' } }))).toContain(
    'behind which every caller would have its address',
  );
});

it('a mesh whose port is closed is a warning, for servers and gateways', () => {
  const warned = (profile: ClusterProfileProps = {}) => {
    const app = new App();
    new ClusterProfile(profile).applyTo(app);
    const chart = new Chart(app, 'team', { namespace: 'team' });
    new McpServer(chart, 'a', { source: image, podLabels: { 'istio.io/dataplane-mode': 'ambient' } });
    new McpGateway(chart, 'gateway', { podAnnotations: { 'linkerd.io/inject': 'enabled' } });
    return McpDiagnostics.of(app)
      .warnings.filter(({ id }) => id === 'mesh-ports-closed')
      .map(({ path, problem }) => `${path} ${/\((\d+)\)/.exec(problem)?.[1]}`);
  };
  expect(warned()).toEqual(['team/a 15008', 'team/gateway 4143']);
  expect(warned({ network: NetworkEnforcement.none({ acknowledgement: 'the mesh enforces it' }) })).toEqual([]);
  expect(warned({ mesh: ServiceMesh.istioAmbient() })).toEqual(['team/gateway 4143']);
  expect(warned({ mesh: ServiceMesh.linkerd() })).toEqual(['team/a 15008']);
});
