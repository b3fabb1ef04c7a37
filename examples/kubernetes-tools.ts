/** OME's story "Kubernetes tools", with the tools that change nothing: others are hidden, and calls of them refused. */
import { App, Chart } from 'cdk8s';
import { McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

export function build(app: App): void {
  new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');

  const team = new Chart(app, 'my-team', { namespace: 'my-team' });
  const tools = new McpServer(team, 'k8s-tools', {
    source: McpServerSource.image('my-registry/k8s-mcp:1.0.0'),
    tools: ['pods_list', 'pods_get', 'pods_delete', 'services_list', 'services_get'],
    toolsFilter: ['*_list', '*_get'],
  });

  new McpRoute(team, 'my-llm-route', { backends: [{ server: tools }] });
}
