import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AllowedNamespaces,
  BackendCredential,
  ClusterMcpServer,
  McpDiagnostics,
  McpServer,
  McpServerProps,
  McpServerSource,
  McpSessions,
  McpTransport,
  Reconciliation,
} from '../../src';
import { find, messageOf, namesOf, newChart, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

function controlled(): Chart {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  return chart;
}

function resourceOf(chart: Chart): Manifest {
  const objects = synth(chart);
  expect(objects).toHaveLength(1);
  expect(validateObjects(objects)).toEqual([]);
  return objects[0];
}

const source = McpServerSource.image('acme/ledger:1');

it('emits the resource alone', () => {
  const chart = controlled();
  const server = new McpServer(chart, 'ledger', { source, replicas: 3 });
  expect(namesOf(synth(chart))).toEqual(['MCPServer ledger']);
  expect(resourceOf(chart).spec).toMatchObject({
    transport: 'streamable-http',
    hosted: { replicas: 3, podSpec: { spec: { containers: [{ name: 'mcp-server', image: 'acme/ledger:1' }] } } },
  });
  expect(server.url).toBe('http://ledger.finance.svc:8080/mcp');
});

it('emits no field that upstream does not have', () => {
  const chart = controlled();
  new McpServer(chart, 'ledger', {
    source,
    tools: ['db_query'],
    toolsFilter: ['db_*'],
    capabilities: { tools: true },
    version: '1',
  });
  expect(Object.keys(resourceOf(chart).spec).sort()).toEqual([
    'capabilities',
    'hosted',
    'toolsFilter',
    'transport',
    'version',
  ]);
});

it('warns of tools, which feed the checks of the app and are in no resource', () => {
  const chart = controlled();
  new McpServer(chart, 'ledger', { source, tools: ['db_query'], toolDescriptions: { db_query: 'Reads.' } });
  expect(McpDiagnostics.of(chart).warnings.map(({ property, problem }) => [property, problem])).toEqual(
    ['toolDescriptions', 'tools'].map(property => [
      property,
      'has no field in the MCPServer resource: the checks of this app use it, and an operator never sees it',
    ]),
  );
  expect(resourceOf(chart).spec).not.toHaveProperty('tools');
});

it('leaves the adapter of a stdio program to the controller', () => {
  const chart = controlled();
  new McpServer(chart, 'tools', { source: McpServerSource.command('acme/tools:2', ['tools', '--stdio']) });
  const { transport, hosted } = resourceOf(chart).spec;
  expect(transport).toBe('stdio');
  expect(hosted.podSpec.spec.containers[0].command).toEqual(['tools', '--stdio']);
  expect(hosted.podSpec.spec).not.toHaveProperty('initContainers');
});

it('carries what the user does to the pods of the Deployment, now and later', () => {
  const chart = controlled();
  const server = new McpServer(chart, 'ledger', { source });
  server.deployment!.addContainer({ name: 'sidecar', image: 'acme/sidecar:1' });
  expect(resourceOf(chart).spec.hosted.podSpec.spec.containers.map(({ name }: Manifest) => name)).toEqual([
    'mcp-server',
    'sidecar',
  ]);
  server.deployment!.podMetadata.addLabel('later', 'yes');
  expect(resourceOf(chart).spec.hosted.podSpec.metadata.labels).toMatchObject({ later: 'yes' });
});

it('emits remote and shared servers', () => {
  const chart = controlled();
  new McpServer(chart, 'crm', {
    source: McpServerSource.remote('https://mcp.crm.example.com/mcp', { transport: McpTransport.SSE }),
  });
  new ClusterMcpServer(chart, 'search', { source, allowedNamespaces: AllowedNamespaces.all() });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(namesOf(objects)).toEqual(['ClusterMCPServer search', 'MCPServer crm']);
  expect(find(objects, 'MCPServer').spec).toEqual({
    transport: 'sse',
    remote: { url: 'https://mcp.crm.example.com/mcp' },
  });
});

it.each<[string, (server: McpServer) => void]>([
  ['deployment', ({ deployment }) => deployment!.metadata.addLabel('acme.dev/team', 'money')],
  ['service', ({ service }) => service!.metadata.addAnnotation('acme.dev/team', 'money')],
  ['serviceAccount', ({ serviceAccount }) => serviceAccount!.metadata.addLabel('acme.dev/team', 'money')],
])('refuses what is done to its %s, which would reach nothing', (member, change) => {
  const chart = controlled();
  change(new McpServer(chart, 'ledger', { source }));
  expect(messageOf(() => synth(chart))).toContain(
    `${member}: got "${member[0].toUpperCase()}${member.slice(1)} ledger": was changed, but an operator makes its own: the change would reach nothing.`,
  );
});

it.each<[string, Partial<McpServerProps>]>([
  ['autoscaling', { sessions: McpSessions.STATELESS, autoscaling: { maxReplicas: 3 } }],
  ['disruptionBudget', { disruptionBudget: { maxUnavailable: kplus.PercentOrAbsolute.absolute(1) } }],
  ['sessions', { sessions: McpSessions.STATELESS }],
  ['source.tls', { source: McpServerSource.remote('https://mcp.crm.example.com/mcp', { tls: { serverName: 'crm' } }) }],
  [
    'source.credentials',
    { source: McpServerSource.image('acme/ledger:1', { credentials: [BackendCredential.callerToken()] }) },
  ],
  ['source.path', { source: McpServerSource.image('acme/ledger:1', { path: '/api' }) }],
  ['source.port', { source: McpServerSource.image('acme/ledger:1', { port: 3000 }) }],
])('refuses %s, for which upstream has no field', (property, rest) => {
  const message = messageOf(() => new McpServer(controlled(), 'ledger', { source, ...rest }));
  expect(message).toContain(`[finance/ledger] ${property}: got `);
  expect(message).toContain('has no field in the MCPServer resource, so an operator would never see it.');
  expect(message).toContain('use Reconciliation.RENDERED');
});

it('refuses what upstream has no field for on a shared server too', () => {
  const message = messageOf(
    () =>
      new ClusterMcpServer(controlled(), 'search', {
        source,
        allowedNamespaces: AllowedNamespaces.all(),
        sessions: McpSessions.STATELESS,
      }),
  );
  expect(message).toContain('sessions: got "stateless"');
});
