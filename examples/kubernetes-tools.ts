/**
 * OME's story "Kubernetes tools": a server that may read pods and services, and nothing else.
 *
 * Tools that would change something are hidden and calls of them refused. If one got through, the API server would refuse it.
 */
import { App, Chart } from 'cdk8s';
import { ApiResource } from 'cdk8s-plus-28';
import { ClusterProfile, IngressSource, McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

export function build(app: App): void {
  // Where the API server is: else the server may connect to any address on its ports.
  new ClusterProfile({ apiServerCidrs: ['10.0.0.10/32'] }).applyTo(app);
  new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    ingress: [IngressSource.namespaces('agents')],
  });

  const team = new Chart(app, 'my-team', { namespace: 'my-team' });
  const tools = new McpServer(team, 'k8s-tools', {
    source: McpServerSource.image('my-registry/k8s-mcp:1.0.0'),
    tools: ['pods_list', 'pods_get', 'pods_log', 'pods_delete', 'services_list', 'services_get'],
    toolsFilter: ['*_list', '*_get', '*_log'],
    fileSystem: { write: ['/tmp'] },
  });
  // A Role in its own namespace, bound to its own account; only with it do its pods get a token.
  tools.allowKubernetes({ resources: [ApiResource.PODS, ApiResource.SERVICES], verbs: ['get', 'list'] });
  // Logs of another namespace, and nothing else there.
  tools.allowKubernetes({
    resources: [ApiResource.custom({ apiGroup: '', resourceType: 'pods/log' })],
    verbs: ['get'],
    namespaces: ['my-team-staging'],
  });

  new McpRoute(team, 'my-llm-route', { backends: [{ server: tools }] });
}
