import { ApiObject, ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { checkWatched } from './watched-gateway';
import { PODS, podsOf } from '../backends/interface/monitoring';
import { objectLabels } from '../backends/kubernetes/labels';
import { ALERT_IN_URL, prometheusRule } from '../backends/kubernetes/prometheus-rule';
import { ClusterProfile } from '../cluster/cluster-profile';
import { ClusterAddOn } from '../cluster/cluster-profile-options';
import { McpGatewayBase } from '../gateway/mcp-gateway-base';
import { errorKind, InputCheck } from '../model/findings';
import { compiler } from '../synthesis/compiler';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';
import { checkLabels } from '../workload/metadata';

const ALERTS_WITHOUT_OPERATOR = errorKind(
  'alerts-without-operator',
  "are a PrometheusRule, which is a kind of Prometheus' operator, and the cluster is not said to have it",
  'Say it: new ClusterProfile({ addOns: [ClusterAddOn.PROMETHEUS_OPERATOR] })',
);
const ALERT_LABEL_INVALID = errorKind(
  'alert-label-invalid',
  'is not the name of a label of alerts',
  'Use letters, digits and "_", starting with a letter; severity is the own label of each alert',
);
const ERROR_SHARE_INVALID = errorKind(
  'error-share-invalid',
  'is not a share between 0 and 1',
  'Give 0.05 for one request in twenty',
);
const RUNBOOK_URL_INVALID = errorKind(
  'runbook-url-invalid',
  'is not an http or https URL',
  'Write it as https://wiki.acme.dev/mcp/{alert}, in which {alert} becomes the name of the alert',
);
const ALERTS_NONE = errorKind('alerts-none', 'leaves no alert', 'Leave some, or drop the construct');

/** Alerts of a gateway. Which of them there are depends on its data plane. */
export enum GatewayAlert {
  /** No pod of the gateway answers. */
  DOWN = 'McpGatewayDown',
  /** One pod of the gateway does not answer. */
  POD_DOWN = 'McpGatewayPodDown',
  /** A pod refused a changed configuration, and goes on with the one of before. */
  CONFIGURATION_REFUSED = 'McpGatewayConfigurationRefused',
  /** Too large a share of all requests fails. */
  ERRORS = 'McpGatewayErrors',
  /** Too large a share of what a route answers are errors. */
  ROUTE_ERRORS = 'McpRouteErrors',
  /** A route has no server that is known and healthy (Envoy). */
  SERVER_UNREACHABLE = 'McpServerUnreachable',
  /** Connections to servers fail (Envoy). */
  SERVER_CONNECTIONS = 'McpServerConnections',
  /** The rate-limit service does not answer. */
  LIMITS_FAILING = 'McpGatewayLimitsFailing',
  /** A pod has too little memory (Envoy). */
  OVERLOADED = 'McpGatewayOverloaded',
  /** A certificate ends within seven days (Envoy). */
  CERTIFICATE_EXPIRES = 'McpGatewayCertificateExpires',
}

/** Properties of {@link GatewayAlerts}. */
export interface GatewayAlertsProps {
  /** The gateway, one that this app renders. */
  readonly gateway: McpGatewayBase;

  /**
   * Name of the PrometheusRule.
   *
   * @default - the construct's id as it is
   */
  readonly name?: string;

  /**
   * Namespace of the PrometheusRule.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;

  /**
   * Labels of the PrometheusRule, besides those by which Prometheus selects it (`ClusterProfile.monitorLabels`).
   *
   * @default - none besides these and the library's own
   */
  readonly labels?: { [key: string]: string };

  /**
   * Labels of each alert, by which Alertmanager says whom to tell. Each has `severity` anyway: `critical` where calls fail, or `warning`.
   *
   * @default - none
   */
  readonly alertLabels?: { [key: string]: string };

  /**
   * Share of requests that may fail, of the gateway and of each route, between 0 and 1.
   *
   * @default 0.05
   */
  readonly maxErrorShare?: number;

  /**
   * URL of what there is to read about an alert (`runbook_url`). `{alert}` in it becomes the name of the alert.
   *
   * @default - none
   */
  readonly runbookUrl?: string;

  /**
   * Alerts that are left out.
   *
   * @default - none
   */
  readonly without?: GatewayAlert[];
}

/**
 * Alerts of a gateway, by the metrics that its data plane has: a PrometheusRule for Prometheus' operator.
 *
 * docs/monitoring.md says what each of them means, and what to look at.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClusterAddOn, ClusterProfile, GatewayAlerts, McpGateway } from 'cdk8s-mcp';
 *
 * const app = new App();
 * new ClusterProfile({
 *   monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
 *   addOns: [ClusterAddOn.PROMETHEUS_OPERATOR],
 *   monitorLabels: { release: 'prometheus' },
 * }).applyTo(app);
 * const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
 * const gateway = new McpGateway(platform, 'gateway');
 * new GatewayAlerts(platform, 'gateway-alerts', { gateway, alertLabels: { team: 'platform' } });
 */
export class GatewayAlerts extends Construct {
  /** Name of the PrometheusRule. */
  public readonly name: string;

  /** Namespace of the PrometheusRule. */
  public readonly namespace: string;

  /** The PrometheusRule. */
  public readonly resource: ApiObject;

  /**
   * Defines the alerts.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the name of the PrometheusRule unless `name` is given
   * @param props of which gateway, and what is said of all alerts
   * @throws when Prometheus' operator is not among the add-ons of the cluster, nobody reads the metrics of the gateway, an operator runs it, or
   * an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: GatewayAlertsProps) {
    super(scope, id);
    const input = new InputCheck(this.node.path);
    this.name = resolveName(this, props.name, input);
    this.namespace = resolveNamespace(this, props.namespace, input);
    const { gateway, alertLabels = {}, maxErrorShare = 0.05, runbookUrl, without = [] } = props;
    const profile = ClusterProfile.of(this)._model;
    const { name, namespace, plane } = gateway._watched;
    const own = objectLabels('mcp-gateway', name);
    const operated = profile.addOns.includes(ClusterAddOn.PROMETHEUS_OPERATOR);
    input.report(ALERTS_WITHOUT_OPERATOR, 'ClusterProfile.addOns', profile.addOns, !operated);
    checkWatched(input, this, gateway);
    checkLabels(input, 'labels', props.labels, { ...profile.monitorLabels, ...own });
    for (const key of Object.keys(alertLabels)) {
      input.report(ALERT_LABEL_INVALID, `alertLabels[${key}]`, key, !isAlertLabel(key));
    }
    input.report(ERROR_SHARE_INVALID, 'maxErrorShare', maxErrorShare, !(maxErrorShare > 0 && maxErrorShare < 1));
    input.reportGiven(RUNBOOK_URL_INVALID, 'runbookUrl', runbookUrl, url =>
      isPage(url.replace(ALERT_IN_URL, 'alert')) ? undefined : { alert: ALERT_IN_URL },
    );
    const alerts = [PODS, compiler().dataPlane(plane).monitoring]
      .flatMap(monitoring => monitoring.alerts({ pods: podsOf(namespace, name), maxErrorShare }))
      .filter(alert => !without.some(left => left === alert.name));
    input.report(ALERTS_NONE, 'without', without, alerts.length === 0);
    input.throwIfAny();

    const labels = { ...props.labels, ...profile.monitorLabels, ...own };
    const metadata = { name: this.name, namespace: this.namespace, labels };
    const rule = prometheusRule(metadata, `${namespace}.${name}`, alerts, { labels: alertLabels, runbookUrl });
    this.resource = new ApiObject(this, 'Resource', rule as ApiObjectProps);
    this.node.defaultChild = this.resource;
    Synthesis.of(this).add(this, {});
  }
}

/** Whether something is a label that an alert may have besides its own. */
function isAlertLabel(key: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(key) && key !== 'severity' && key !== 'alertname';
}

function isPage(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
