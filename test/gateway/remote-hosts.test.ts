import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  BackendCredential,
  ClusterMcpGateway,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerDiscovery,
  McpServerSource,
} from '../../src';
import { find, messageOf, newChart, objectsOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

type Kind = 'McpGateway' | 'ClusterMcpGateway';

function run(kind: Kind, allowedRemoteHosts: string[] | undefined, serve: 'route' | 'discovery' = 'route'): Manifest[] {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const sales = new Chart(app, 'sales', { namespace: 'sales' });
  const crm = new McpServer(sales, 'crm', { source: McpServerSource.remote('https://MCP.crm.example.com/mcp') });
  const options: McpGatewayOptions = {
    allowedRemoteHosts,
    discovery: serve === 'discovery' ? { servers: [crm] } : undefined,
  };
  const gateway =
    kind === 'McpGateway'
      ? new McpGateway(platform, 'gateway', options)
      : new ClusterMcpGateway(platform, 'gateway', options);
  if (serve === 'route') {
    new McpRoute(sales, 'crm-route', { gateway, backends: [{ server: crm }] });
  }
  return objectsOf(app);
}

describe.each<Kind>(['McpGateway', 'ClusterMcpGateway'])('%s', kind => {
  const resource = kind === 'McpGateway' ? 'MCPGateway' : 'ClusterMCPGateway';

  it('serves remote servers at hosts that it allows, and says which', () => {
    const objects = run(kind, ['*.Example.com', '10.0.0.1']);
    expect(validateObjects(objects)).toEqual([]);
    expect(find(objects, resource).spec.allowedRemoteHosts).toEqual(['*.example.com', '10.0.0.1']);
    expect(find(run(kind, undefined), resource).spec).not.toHaveProperty('allowedRemoteHosts');
  });

  it('serves no others, by routes or at /mcp', () => {
    expect(messageOf(() => run(kind, ['crm.example.com']))).toContain(
      '[sales/crm-route] backends: got "mcp.crm.example.com": MCPServer sales/crm is at a host that the gateway "platform/gateway" does not allow ' +
        '(allowedRemoteHosts: crm.example.com). Add the host to allowedRemoteHosts of the gateway, or serve the server by another gateway.',
    );
    expect(messageOf(() => run(kind, [], 'discovery'))).toContain(
      '[platform/gateway] discovery: got "mcp.crm.example.com": MCPServer sales/crm is at a host that',
    );
  });
});

describe('credentials of a discovered server', () => {
  function discovering(credentials: McpServerDiscovery['credentials'], chart = newChart('mcp-system')): Manifest[] {
    const servers = [...new Set((credentials ?? []).map(({ server }) => server))];
    new McpGateway(chart, 'gateway', { discovery: { servers, credentials } });
    const objects = objectsOf(App.of(chart) as App);
    expect(validateObjects(objects)).toEqual([]);
    return objects;
  }
  const secretOf = (chart: Chart, key = 'token') => ({
    secret: kplus.Secret.fromSecretName(chart, `secret-${key}`, 'crm'),
    key,
  });
  const remote = (chart: Chart) =>
    new McpServer(chart, 'crm', {
      source: McpServerSource.remote('https://crm.example.com/mcp', {
        credentials: [BackendCredential.bearer(secretOf(chart, 'declared'))],
      }),
    });

  it('replace what it declares, at /mcp alone', () => {
    const chart = newChart('mcp-system');
    const server = remote(chart);
    new McpRoute(chart, 'crm-route', { backends: [{ server }] });
    const objects = discovering(
      [{ server, credentials: [BackendCredential.header('x-api-key', secretOf(chart))] }],
      chart,
    );
    const files = find(objects, 'ConfigMap').data['config.yaml'].match(/secrets\/crm\/\w+/g);
    expect(files).toEqual(['secrets/crm/token', 'secrets/crm/declared']);
    expect(find(objects, 'MCPGateway').spec.mcpServers.static).toEqual([
      {
        name: 'crm',
        namespace: 'mcp-system',
        credentials: [{ header: { name: 'x-api-key', secretRef: { name: 'crm', key: 'token' } } }],
      },
    ]);
  });

  it('may be none', () => {
    const chart = newChart('mcp-system');
    const objects = discovering([{ server: remote(chart), credentials: [] }], chart);
    expect(find(objects, 'ConfigMap').data['config.yaml']).not.toContain('backendAuth');
    expect(find(objects, 'MCPGateway').spec.mcpServers.static[0].credentials).toEqual([]);
  });

  it('are refused where they could not be proved', () => {
    const chart = newChart('mcp-system');
    const finance = new Chart(chart.node.root as App, 'other', { namespace: 'finance' });
    const server = remote(chart);
    const bearer = BackendCredential.bearer(secretOf(chart));
    const gateway = (discovery: McpServerDiscovery) =>
      messageOf(() => new McpGateway(chart, `g${chart.node.children.length}`, { discovery }));
    expect(gateway({ labels: { a: 'b' }, credentials: [{ server, credentials: [bearer] }] })).toContain(
      'discovery.credentials[0].server: got "crm": is not among `servers`.',
    );
    expect(
      gateway({
        servers: [server],
        credentials: [
          { server, credentials: [bearer] },
          { server, credentials: [] },
        ],
      }),
    ).toContain('discovery.credentials[1].server: got "crm": has credentials already.');
    expect(
      gateway({
        servers: [server],
        credentials: [{ server, credentials: [BackendCredential.bearer(secretOf(finance))] }],
      }),
    ).toContain('discovery.credentials[0].credentials[0]: got "finance/crm": is in another namespace');
  });

  it('go together, and with how the server is reached', () => {
    const chart = newChart('mcp-system');
    const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1') });
    const certificate = BackendCredential.clientCertificate(kplus.Secret.fromSecretName(chart, 'tls', 'tls'));
    expect(messageOf(() => discovering([{ server, credentials: [certificate] }], chart))).toContain(
      '[mcp-system/gateway] discovery.credentials[0].credentials[0]: got "clientCertificate": is for TLS',
    );
  });
});
