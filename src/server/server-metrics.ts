import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { SERVER_CONTAINER } from './source-config';
import { MonitoredPods, podMonitor } from '../backends/kubernetes/add-ons';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, errorKind, findingIf, InputCheck, warningKind } from '../model/findings';
import { IngressRule } from '../model/permissions';
import { isPort, PORT_INVALID } from '../model/validation';
import { Json } from '../values/json';

/** Metrics that a server has by itself. */
export interface McpServerMetrics {
  /** Port that they are on. */
  readonly port: number;

  /**
   * Path that they are at.
   *
   * @default '/metrics'
   */
  readonly path?: string;
}

const METRICS_PATH_INVALID = errorKind('metrics-path-invalid', 'is not an absolute path', 'Start it with "/"');
const SERVER_METRICS_CLOSED = warningKind(
  'server-metrics-closed',
  'is closed to everyone, since it is not known who scrapes',
  "Say it: new ClusterProfile({ monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } } }).applyTo(app)",
);
const METRICS_BESIDE_TOOLS = warningKind(
  'metrics-beside-tools',
  'is the port that answers MCP: whoever may scrape may call the tools, past what gateways ask of callers',
  'Let the server have its metrics on another port, if it can',
);

/** Name of the port where no template of the user's has another for it. */
const PORT_NAME = 'metrics';
const USUAL_PATH = '/metrics';

/** Checks what is said of metrics. */
export function checkMetrics(input: InputCheck, metrics: McpServerMetrics | undefined): void {
  if (metrics !== undefined) {
    input.report(
      PORT_INVALID,
      'metrics.port',
      metrics.port,
      isPort(metrics.port) ? undefined : { port: 'the port that the metrics are on' },
    );
    input.reportGiven(METRICS_PATH_INVALID, 'metrics.path', metrics.path, path => !/^\/\S*$/.test(path));
  }
}

/** What is worth knowing about metrics of a server that answers MCP on a port. */
export function metricsWarnings(
  path: string,
  metrics: McpServerMetrics | undefined,
  serverPort: number,
  { monitoring, network }: ClusterProfile,
): Diagnostic[] {
  return metrics === undefined
    ? []
    : [
        ...findingIf(
          SERVER_METRICS_CLOSED,
          path,
          'metrics.port',
          metrics.port,
          monitoring === undefined && network !== 'none',
        ),
        ...findingIf(METRICS_BESIDE_TOOLS, path, 'metrics.port', metrics.port, metrics.port === serverPort),
      ];
}

/** Leave for those who scrape, if it is known who they are. */
export function scrapeRule(
  path: string,
  { port }: McpServerMetrics,
  { monitoring }: ClusterProfile,
): IngressRule | undefined {
  return (
    monitoring && {
      source: {
        kind: 'pods',
        namespaces: { kind: 'names', names: [monitoring.namespace] },
        pods: { matchLabels: monitoring.labels, matchExpressions: [] },
      },
      ports: [{ protocol: 'TCP', port }],
      origin: { path, property: 'metrics' },
    }
  );
}

/** Whether Prometheus' operator is told by an object of its own where metrics are. */
const isOperated = ({ addOns, monitoring, network }: ClusterProfile): boolean =>
  addOns.includes('prometheus-operator') && (monitoring !== undefined || network === 'none');

/** What pods with metrics have, as a template to merge: their port, and annotations where no operator looks for them. */
export function metricsTemplate(
  { port, path = USUAL_PATH }: McpServerMetrics,
  serverPort: number,
  profile: ClusterProfile,
): Json {
  return {
    ...(isOperated(profile)
      ? {}
      : {
          metadata: {
            annotations: {
              'prometheus.io/scrape': 'true',
              'prometheus.io/port': String(port),
              'prometheus.io/path': path,
            },
          },
        }),
    ...(port === serverPort
      ? {}
      : {
          spec: {
            containers: [
              { name: SERVER_CONTAINER, ports: [{ name: PORT_NAME, containerPort: port, protocol: 'TCP' }] },
            ],
          },
        }),
  };
}

/** Tells Prometheus' operator where the metrics are, if it is there. A template of the user's own may have another name for their port. */
export function addServerMonitor(
  scope: Construct,
  pods: Pick<MonitoredPods, 'name' | 'namespace' | 'labels' | 'selector'>,
  { port, path = USUAL_PATH }: McpServerMetrics,
  profile: ClusterProfile,
  template: () => Json,
): void {
  if (isOperated(profile)) {
    const container = (): Json => template().spec.containers.find(({ name }: Json) => name === SERVER_CONTAINER);
    const portName = (): string => container().ports.find((known: Json) => known.containerPort === port).name;
    const object = podMonitor({
      ...pods,
      labels: { ...pods.labels, ...profile.monitorLabels },
      port: Lazy.any({ produce: portName }) as string,
      path,
    });
    new ApiObject(scope, 'PodMonitor', object as ApiObjectProps);
  }
}
