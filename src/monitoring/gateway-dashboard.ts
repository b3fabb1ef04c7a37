import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { checkWatched } from './watched-gateway';
import { PODS, podsOf } from '../backends/interface/monitoring';
import { grafanaDashboard } from '../backends/kubernetes/grafana-dashboard';
import { objectLabels } from '../backends/kubernetes/labels';
import { McpGatewayBase } from '../gateway/mcp-gateway-base';
import { errorKind, InputCheck } from '../model/findings';
import { compiler } from '../synthesis/compiler';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';
import { checkLabels } from '../workload/metadata';

const DASHBOARD_WITHOUT_LABELS = errorKind(
  'dashboard-without-labels',
  'are labels of which there is none, and Grafana would not find the dashboard',
  'Name those that its sidecar looks for, or leave it out for grafana_dashboard: "1"',
);
const DASHBOARD_TEXT_EMPTY = errorKind('dashboard-text-empty', 'is empty', 'Give a text, or leave it out');

/** Properties of {@link GatewayDashboard}. */
export interface GatewayDashboardProps {
  /** The gateway, one that this app renders. */
  readonly gateway: McpGatewayBase;

  /**
   * Name of the ConfigMap.
   *
   * @default - the construct's id as it is
   */
  readonly name?: string;

  /**
   * Namespace of the ConfigMap. The sidecar of Grafana may look into its own namespace alone.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;

  /**
   * Labels by which the sidecar of Grafana finds the ConfigMap.
   *
   * @default { grafana_dashboard: '1' }
   */
  readonly sidecarLabels?: { [key: string]: string };

  /**
   * Folder of Grafana that the dashboard is in, where its sidecar reads the annotation `grafana_folder`.
   *
   * @default - the one that the sidecar is set to
   */
  readonly folder?: string;

  /**
   * Title of the dashboard.
   *
   * @default - `MCP gateway {namespace}/{name}`
   */
  readonly title?: string;
}

/**
 * A dashboard of a gateway for Grafana, of the metrics that its data plane has: a ConfigMap that the sidecar of Grafana's charts finds by
 * its label. Whoever looks chooses the data source.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClusterProfile, GatewayDashboard, McpGateway } from 'cdk8s-mcp';
 *
 * const app = new App();
 * new ClusterProfile({
 *   monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
 * }).applyTo(app);
 * const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
 * const monitoring = new Chart(app, 'dashboards', { namespace: 'monitoring' });
 * new GatewayDashboard(monitoring, 'mcp-gateway-dashboard', { gateway, folder: 'MCP' });
 */
export class GatewayDashboard extends Construct {
  /** Name of the ConfigMap. */
  public readonly name: string;

  /** Namespace of the ConfigMap. */
  public readonly namespace: string;

  /** The ConfigMap. */
  public readonly resource: ApiObject;

  /**
   * Defines the dashboard.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the name of the ConfigMap unless `name` is given
   * @param props of which gateway, and how Grafana finds it
   * @throws when nobody reads the metrics of the gateway, an operator runs it, or an option is invalid in itself; the error names every such
   * option
   */
  constructor(scope: Construct, id: string, props: GatewayDashboardProps) {
    super(scope, id);
    const input = new InputCheck(this.node.path);
    this.name = resolveName(this, props.name, input);
    this.namespace = resolveNamespace(this, props.namespace, input);
    const { gateway, folder, sidecarLabels = { grafana_dashboard: '1' } } = props;
    const { name, namespace, plane } = gateway._watched;
    const own = objectLabels('mcp-gateway', name);
    const title = props.title ?? `MCP gateway ${namespace}/${name}`;
    checkWatched(input, this, gateway);
    checkLabels(input, 'sidecarLabels', sidecarLabels, own);
    input.report(DASHBOARD_WITHOUT_LABELS, 'sidecarLabels', sidecarLabels, Object.keys(sidecarLabels).length === 0);
    input.report(DASHBOARD_TEXT_EMPTY, 'title', title, title.trim() === '');
    input.reportGiven(DASHBOARD_TEXT_EMPTY, 'folder', folder, text => text.trim() === '');
    input.throwIfAny();

    const panels = [PODS, compiler().dataPlane(plane).monitoring].flatMap(monitoring =>
      monitoring.panels({ pods: podsOf(namespace, name) }),
    );
    this.resource = new ApiObject(this, 'Resource', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: this.name,
        namespace: this.namespace,
        labels: { ...sidecarLabels, ...own },
        annotations: folder === undefined ? undefined : { grafana_folder: folder },
      },
      // One folder has the dashboards of all gateways.
      data: {
        [`${namespace}.${name}.json`]: JSON.stringify(
          grafanaDashboard(title, `${namespace}/${name}`, panels),
          undefined,
          2,
        ),
      },
    });
    this.node.defaultChild = this.resource;
    Synthesis.of(this).add(this, {});
  }
}
