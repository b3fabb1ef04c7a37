import { App, Chart } from 'cdk8s';
import {
  ClusterAddOn,
  ClusterMcpGateway,
  ClusterProfile,
  ClusterProfileProps,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
} from '../../src';
import { find, objectsOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const MONITORING = { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } };
const OPERATED: ClusterProfileProps = { monitoring: MONITORING, addOns: [ClusterAddOn.PROMETHEUS_OPERATOR] };
const LIMITED: McpGatewayOptions = { rateLimits: [RateLimit.perIp(5, RateLimitUnit.SECOND)] };

function emit(
  profile: ClusterProfileProps,
  options: McpGatewayOptions = LIMITED,
): { readonly objects: Manifest[]; readonly monitors: Manifest[]; readonly warned: string[] } {
  const app = new App();
  new ClusterProfile(profile).applyTo(app);
  const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(chart, 'gateway', options);
  new McpRoute(chart, 'route', {
    gateway,
    backends: [{ server: new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1') }) }],
  });
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  return {
    objects,
    monitors: objects.filter(({ kind }) => kind === 'PodMonitor'),
    warned: McpDiagnostics.of(app)
      .warnings.map(({ text }) => text)
      .filter(text => text.includes('prometheusScrape')),
  };
}

/** Ports of pods, as `port path`, that a monitor finds among workloads. */
function found({ metadata, spec }: Manifest, objects: readonly Manifest[]): string[] {
  const pods = objects
    .filter(({ kind, metadata: { namespace } }) => kind === 'Deployment' && namespace === metadata.namespace)
    .map(workload => workload.spec.template)
    .filter(template =>
      Object.entries(spec.selector.matchLabels).every(([key, value]) => template.metadata.labels[key] === value),
    );
  return pods.flatMap(pod =>
    spec.podMetricsEndpoints.flatMap(({ port, path }: Manifest) =>
      pod.spec.containers
        .flatMap(({ ports = [] }: Manifest) => ports)
        .filter(({ name }: Manifest) => name === port)
        .map(({ containerPort }: Manifest) => `${containerPort} ${path}`),
    ),
  );
}

const annotations = (objects: readonly Manifest[]): unknown =>
  find(objects, 'Deployment', 'gateway').spec.template.metadata.annotations;

describe("Prometheus' operator", () => {
  it('finds the metrics of a gateway and of its rate-limit service by monitors, and there are no annotations beside', () => {
    const { objects, monitors, warned } = emit(OPERATED);
    expect(monitors.map(monitor => [monitor.metadata.name, found(monitor, objects)]).sort()).toEqual([
      ['gateway', ['15020 /metrics']],
      ['gateway-rate-limit', ['9090 /metrics']],
    ]);
    expect([annotations(objects), warned]).toEqual([undefined, []]);
  });

  it('finds those of a gateway alone that limits nothing, and of one for the cluster', () => {
    expect(emit(OPERATED, {}).monitors.map(({ metadata }) => metadata.name)).toEqual(['gateway']);
    const app = new App();
    new ClusterProfile(OPERATED).applyTo(app);
    new ClusterMcpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'edge');
    const objects = objectsOf(app);
    expect(found(find(objects, 'PodMonitor', 'edge'), objects)).toEqual(['15020 /metrics']);
  });

  it('selects monitors by the labels of the profile, whatever else a gateway is labelled with', () => {
    const { monitors } = emit(
      { ...OPERATED, monitorLabels: { release: 'prometheus' } },
      { ...LIMITED, labels: { release: 'canary', 'acme.dev/team': 'tools' } },
    );
    expect(monitors).toHaveLength(2);
    for (const { metadata } of monitors) {
      expect(metadata.labels).toMatchObject({
        release: 'prometheus',
        'app.kubernetes.io/managed-by': 'cdk8s-mcp',
        'app.kubernetes.io/name': metadata.name,
      });
    }
  });

  it('is told of nothing that shall not be scraped, or that another operator runs', () => {
    expect(emit(OPERATED, { ...LIMITED, observability: { prometheusScrape: false } }).monitors).toEqual([]);
    const app = new App();
    new ClusterProfile(OPERATED).applyTo(app);
    const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
    Reconciliation.CONTROLLER.applyTo(chart);
    new McpGateway(chart, 'gateway');
    expect(objectsOf(app).map(({ kind }) => kind)).toEqual(['MCPGateway']);
  });

  it('cannot read what is closed to it, which is a warning', () => {
    const silent = emit({ addOns: [ClusterAddOn.PROMETHEUS_OPERATOR] });
    expect([silent.monitors, silent.warned]).toEqual([
      [],
      [expect.stringMatching(/it is not known which pods scrape\. Say it: .*monitoring.*, or give false/)],
    ]);
    const asked = emit(
      { addOns: [ClusterAddOn.PROMETHEUS_OPERATOR] },
      { ...LIMITED, observability: { prometheusScrape: true } },
    );
    expect([asked.monitors.length, asked.warned]).toEqual([
      2,
      [expect.stringContaining('the port of the metrics is closed to everyone')],
    ]);
    expect(
      emit({ addOns: [ClusterAddOn.PROMETHEUS_OPERATOR] }, { observability: { prometheusScrape: false } }).warned,
    ).toEqual([]);
  });

  it('may read everything where nothing is enforced', () => {
    const { monitors, warned } = emit({
      addOns: [ClusterAddOn.PROMETHEUS_OPERATOR],
      network: NetworkEnforcement.none({ acknowledgement: 'a test' }),
    });
    expect([monitors.length, warned]).toEqual([2, []]);
  });
});

it('without it annotations say where metrics are, and no monitor', () => {
  const { objects, monitors } = emit({ monitoring: MONITORING });
  expect(monitors).toEqual([]);
  expect(annotations(objects)).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '15020',
    'prometheus.io/path': '/metrics',
  });
});
