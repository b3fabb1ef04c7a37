import { App, Chart, Duration, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { stringify } from 'yaml';
import { Json, withoutPaths } from './support';
import {
  AllowedNamespaces, ClusterMcpGateway, ClusterMcpServer, GatewayLogLevel, HeaderMatch, McpGateway, McpManifest, McpRoute, McpServer, McpServerSource, McpSessions, McpTransport, OtlpProtocol, ToolMatch,
} from '../../src';

/*
 * What an app rendered, read again: the resources of the API say all that the workloads and the gateway's configuration
 * are made of.
 *
 * They do not say what their schema has no field for: autoscaling and disruption budgets, a gateway's session key and
 * affinity header, its access log. An app that uses those comes back without them.
 */

const API_KINDS = ['MCPServer', 'ClusterMCPServer', 'MCPRoute', 'MCPGateway', 'ClusterMCPGateway'];

function byName(objects: readonly Json[]): Record<string, Json> {
  return Object.fromEntries(objects.map(object => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]));
}

/** What a program emits, and what is emitted from the API resources among it. */
function roundTrip(program: (app: App) => void): { readonly written: Record<string, Json>; readonly read: Record<string, Json> } {
  const app = new App();
  program(app);
  const written = app.charts.flatMap(chart => Testing.synth(chart));
  const text = written.filter(({ kind }) => API_KINDS.includes(kind)).map(object => stringify(object, { version: '1.1' })).join('---\n');
  const chart = new Chart(new App(), 'again');
  McpManifest.fromYaml(chart, 'manifest', text);
  const read = Testing.synth(chart);
  expectServicesToFindPods(read);
  return { written: withoutPaths(byName(written)), read: withoutPaths(byName(read)) };
}

/** The path that cdk8s-plus puts on pods, and into the selectors of some Services, is that of the new tree on both. */
function expectServicesToFindPods(objects: readonly Json[]): void {
  const pods: Json[] = objects.filter(({ spec }) => spec?.template !== undefined).map(({ spec }) => spec.template.metadata.labels);
  for (const { metadata, spec } of objects.filter(({ kind }) => kind === 'Service')) {
    const found = pods.filter(labels => Object.entries(spec.selector).every(([key, value]) => labels[key] === value));
    expect([metadata.name, found.length]).toEqual([metadata.name, 1]);
  }
}

test('servers that listen on HTTP', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpServer(chart, 'ledger', {
      source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', { port: 9000, path: '/tools', args: ['--verbose'] }),
      replicas: 3,
      env: { DATABASE_URI: kplus.EnvValue.fromSecretValue({ secret: kplus.Secret.fromSecretName(chart, 'db', 'db'), key: 'uri' }), MODE: kplus.EnvValue.fromValue('yes') },
      labels: { team: 'money' },
      annotations: { owner: 'alice' },
      nodeSelector: { disk: 'ssd' },
      tolerations: [kplus.NodeTaintQuery.is('dedicated', 'tools')],
      podTemplate: { spec: { priorityClassName: 'high' } },
      tools: ['db_query'],
      toolDescriptions: { db_insert: 'Writes.' },
      toolsFilter: ['db_*'],
      capabilities: { tools: true },
      version: '1.4.0',
      terminationGracePeriod: Duration.minutes(2),
    });
    new McpServer(chart, 'stateless', { source: McpServerSource.image('x:1', { transport: McpTransport.SSE }), replicas: 2, sessions: McpSessions.STATELESS });
    new McpServer(chart, 'crm', { source: McpServerSource.remote('https://mcp.crm.example.com/mcp', { tls: { serverName: 'crm' } }) });
    new ClusterMcpServer(chart, 'search', { source: McpServerSource.image('x:1'), workloadNamespace: 'shared', allowedNamespaces: AllowedNamespaces.names('finance') });
    new ClusterMcpServer(chart, 'docs', { source: McpServerSource.image('x:1'), allowedNamespaces: AllowedNamespaces.labels({ a: 'b' }) });
  });
  expect(read).toEqual(written);
});

test('a route and its gateway, down to the configuration', () => {
  const { written, read } = roundTrip(app => {
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const gateway = new McpGateway(platform, 'gateway', {
      replicas: 2,
      port: 9000,
      service: { type: kplus.ServiceType.LOAD_BALANCER, port: 8000, annotations: { lb: 'internal' } },
      nodeSelector: { disk: 'ssd' },
      observability: { logLevel: GatewayLogLevel.WARN, tracing: { endpoint: 'http://otel:4318', protocol: OtlpProtocol.HTTP, sampling: 1 } },
      discovery: { labels: { team: 'money' }, namespaceExpressions: [kplus.LabelExpression.in('kubernetes.io/metadata.name', ['finance'])] },
    });
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const ledger = new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1'), replicas: 2, labels: { team: 'money' } });
    const canary = new McpServer(chart, 'canary', { source: McpServerSource.image('x:2') });
    const shared = new ClusterMcpServer(platform, 'search', { source: McpServerSource.image('x:1'), allowedNamespaces: AllowedNamespaces.all() });
    const route = new McpRoute(chart, 'tools', {
      gateway,
      timeouts: { request: Duration.seconds(90), backendRequest: Duration.millis(1500) },
      retry: { attempts: 3, backoff: Duration.millis(250) },
      requestHeaders: { set: { 'X-A': 'a' }, remove: ['x-b'] },
      responseHeaders: { add: { 'x-c': 'yes' } },
      labels: { team: 'money' },
    });
    route.addBackend(ledger, { weight: 90 });
    route.addBackend(canary, { weight: 10 });
    route.addMatch({ tools: ToolMatch.glob('db_*', '*_query'), headers: [HeaderMatch.regex('x-tenant', 'a|b')], backends: [canary] });
    route.addMatch({ tools: ToolMatch.prefix('search_'), weightedBackends: [{ server: shared, weight: 2 }] });
    new McpRoute(chart, 'search', { gateway, backends: [{ server: shared }] });
  });
  expect(read).toEqual(written);
  expect(Object.keys(read)).toContain('ConfigMap mcp-system/gateway-gateway-config');
});

test('a gateway of the cluster with listed servers', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const own = new McpServer(chart, 'own', { source: McpServerSource.image('x:1') });
    const shared = new ClusterMcpServer(chart, 'shared', { source: McpServerSource.image('x:1'), allowedNamespaces: AllowedNamespaces.all() });
    new ClusterMcpGateway(chart, 'edge', { discovery: { servers: [own, shared] } });
  });
  expect(read).toEqual(written);
});

/*
 * A stdio server does not come back whole. Its resource describes what runs, which is the adapter: the program that the
 * adapter starts stands in the adapter's ConfigMap and nowhere in the resource, so the ConfigMap cannot be made again.
 * The resource says that it needs it (its pod template mounts it), and everything else comes back.
 */
test('a stdio server, but for the configuration of its adapter', () => {
  const { written, read } = roundTrip(app => {
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    new McpServer(chart, 'k8s', { source: McpServerSource.npx('kubernetes-mcp-server@0.0.50') });
  });
  const { 'ConfigMap finance/k8s-stdio-adapter': adapter, ...rest } = written;
  expect(adapter).toBeDefined();
  expect(read).toEqual(rest);
  expect(JSON.stringify(read['Deployment finance/k8s'])).toContain('k8s-stdio-adapter');
});
