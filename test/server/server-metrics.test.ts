import {
  ClusterAddOn,
  ClusterProfile,
  ClusterProfileProps,
  IngressSource,
  McpDiagnostics,
  McpServer,
  McpServerProps,
  McpServerSource,
  NetworkEnforcement,
  OidcConfig,
  Reconciliation,
} from '../../src';
import { containerOf, find, messageOf, newChart, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', { port: 8000 });
const monitoring = { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } };

function serverWith(props: Partial<McpServerProps>, profile: ClusterProfileProps = { monitoring }) {
  const chart = newChart();
  new ClusterProfile(profile).applyTo(chart);
  return { chart, server: new McpServer(chart, 'ledger', { source, ...props }) };
}

const warningsOf = (server: McpServer) => McpDiagnostics.of(server).warnings.map(({ id }) => id);

/** Ports that a server lets its peers connect to, by namespace of the peers. */
const admitted = (objects: readonly Manifest[]) =>
  (find(objects, 'NetworkPolicy').spec.ingress ?? []).map(({ from, ports }: Manifest) => [
    from[0].namespaceSelector?.matchLabels['kubernetes.io/metadata.name'],
    ports.map(({ port }: Manifest) => port),
  ]);

const annotationsOf = (objects: readonly Manifest[]) => find(objects, 'Deployment').spec.template.metadata.annotations;

describe('metrics of a server', () => {
  it('are found by annotations, and read by those who monitor, who cannot call the tools', () => {
    const { chart, server } = serverWith({ metrics: { port: 9090 } });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(admitted(objects)).toEqual([['monitoring', [9090]]]);
    expect(containerOf(find(objects, 'Deployment')).ports).toEqual([
      { name: 'http', containerPort: 8000, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
    ]);
    expect(annotationsOf(objects)).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9090',
      'prometheus.io/path': '/metrics',
    });
    expect(warningsOf(server)).toEqual([]);
  });

  it("are found by a monitor where Prometheus' operator is, by the name that a template has for their port", () => {
    const ports = [{ name: 'prom', containerPort: 9090 }];
    const { chart } = serverWith(
      {
        metrics: { port: 9090, path: '/stats' },
        podTemplate: { spec: { containers: [{ name: 'mcp-server', ports }] } },
      },
      { monitoring, monitorLabels: { release: 'prom' }, addOns: [ClusterAddOn.PROMETHEUS_OPERATOR] },
    );
    const objects = synth(chart);
    const monitor = find(objects, 'PodMonitor');
    expect(monitor.spec.podMetricsEndpoints).toEqual([{ port: 'prom', path: '/stats' }]);
    expect(monitor.metadata.labels).toMatchObject({ release: 'prom' });
    expect(annotationsOf(objects)).toBeUndefined();
  });

  it('are warned of where nobody may read them, or who may could call the tools', () => {
    expect(warningsOf(serverWith({ metrics: { port: 9090 } }, {}).server)).toEqual(['server-metrics-closed']);
    expect(
      warningsOf(
        serverWith(
          { metrics: { port: 9090 } },
          { network: NetworkEnforcement.none({ acknowledgement: 'a laptop of one developer' }) },
        ).server,
      ),
    ).not.toContain('server-metrics-closed');
    expect(warningsOf(serverWith({ metrics: { port: 8000 } }).server)).toEqual(['metrics-beside-tools']);
  });

  it.each([
    [{ port: 0 }, 'metrics.port: got 0'],
    [{ port: 9090, path: 'metrics' }, 'metrics.path: got "metrics"'],
  ])('are refused: %j', (metrics, message) => {
    expect(messageOf(() => serverWith({ metrics }))).toContain(message);
  });

  it('have no field in the resource of an operator, and are none of a remote server', () => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    expect(messageOf(() => new McpServer(chart, 'ledger', { source, metrics: { port: 9090 } }))).toContain(
      'metrics: got',
    );
    const remote = McpServerSource.remote('https://mcp.example.com/mcp');
    expect(messageOf(() => serverWith({ source: remote, metrics: { port: 9090 } }))).toContain('metrics: got');
  });
});

describe('leave to connect on other ports', () => {
  const agents = IngressSource.namespaces('agents');

  it('is about these alone', () => {
    const { chart, server } = serverWith({});
    server.allowIngress(agents, { ports: [9091, 9092] });
    expect(admitted(synth(chart))).toEqual([['agents', [9091, 9092]]]);
  });

  it('is refused with a port that is none, or none at all', () => {
    const { server } = serverWith({});
    expect(messageOf(() => server.allowIngress(agents, { ports: [70000] }))).toContain(
      'ingress[0].ports[0]: got 70000',
    );
    expect(messageOf(() => server.allowIngress(agents, { ports: [] }))).toContain('ingress[0].ports: got []');
  });

  it.each<[string, (server: McpServer) => void, Partial<McpServerProps>]>([
    ['by call', server => server.allowIngress(agents, { ports: [8000] }), {}],
    ['for metrics', () => undefined, { metrics: { port: 8000 } }],
  ])('does not lead past the guard of a server: %s', (_, allow, props) => {
    const oidcConfig = OidcConfig.inline({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://auth.acme.dev/jwks.json',
    });
    const { chart, server } = serverWith({ ...props, oidcConfig, egress: [] });
    allow(server);
    expect(messageOf(() => synth(chart))).toContain('behind the guard of the server');
  });
});
