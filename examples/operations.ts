/**
 * A platform that is watched and scaled by its own metrics.
 *
 * Alerts and a dashboard are of the gateway; KEDA runs as many replicas of the gateway and of a server as there are calls for.
 * Prometheus and its operator, Grafana with its sidecar, and KEDA are there already.
 */
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import {
  ClusterAddOn,
  ClusterProfile,
  GatewayAlerts,
  GatewayDashboard,
  GatewayDataPlane,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
} from 'cdk8s-mcp';

const PROMETHEUS = 'http://prometheus.monitoring.svc:9090';

/** Lets KEDA say how many replicas there are: more than two when a query yields more than so much for each. */
function scale(chart: Chart, deployment: ApiObject, query: string, threshold: number): void {
  // What nobody says in what is applied, nobody sets back with the next rollout.
  deployment.addJsonPatch(JsonPatch.remove('/spec/replicas'));
  new ApiObject(chart, `${deployment.name}-scaling`, {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: deployment.name },
    spec: {
      scaleTargetRef: { name: deployment.name },
      minReplicaCount: 2,
      maxReplicaCount: 10,
      triggers: [{ type: 'prometheus', metadata: { serverAddress: PROMETHEUS, query, threshold: String(threshold) } }],
    },
  });
}

export function build(app: App): void {
  new ClusterProfile({
    monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
    addOns: [ClusterAddOn.PROMETHEUS_OPERATOR],
    monitorLabels: { release: 'prometheus' },
  }).applyTo(app);

  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  // With two replicas or more, replicas keep apart, and a drained node takes one of them at a time.
  const gateway = new McpGateway(platform, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    replicas: 2,
    ingress: [IngressSource.namespaces('agents')],
  });
  new GatewayAlerts(platform, 'gateway-alerts', {
    gateway,
    alertLabels: { team: 'platform' },
    runbookUrl: 'https://wiki.acme.dev/mcp/{alert}',
  });
  const dashboards = new Chart(app, 'dashboards', { namespace: 'monitoring' });
  new GatewayDashboard(dashboards, 'mcp-gateway', { gateway, folder: 'MCP' });
  scale(
    platform,
    ApiObject.of(gateway.deployment),
    'sum(envoy_http_downstream_rq_active{namespace="mcp-system",pod=~"gateway-[a-z0-9]+-[a-z0-9]{5}",envoy_http_conn_manager_prefix="mcp"})',
    200,
  );

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    // Any replica answers any call: those that keep sessions would end them when there are fewer replicas.
    sessions: McpSessions.STATELESS,
    replicas: 2,
    tools: ['db_query'],
  });
  new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
  // What the gateway knows of a server needs no metrics of the server's own.
  scale(
    team,
    ApiObject.of(ledger.deployment!),
    'sum(envoy_cluster_upstream_rq_active{namespace="mcp-system",envoy_cluster_name=~"finance[.]books/.+"})',
    20,
  );
}
