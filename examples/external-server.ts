/** A server that runs elsewhere, as a tool of this cluster: only the gateway talks to it, and only some tools pass. */
import { App, Chart, Duration } from 'cdk8s';
import { McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', { replicas: 2 });

  const sales = new Chart(app, 'sales', { namespace: 'sales' });
  const crm = new McpServer(sales, 'crm', {
    source: McpServerSource.remote('https://mcp.crm.example.com/mcp'),
    tools: ['crm_find', 'crm_update', 'crm_delete'],
    toolsFilter: ['crm_find', 'crm_update'],
  });

  const route = new McpRoute(sales, 'crm-route', { name: 'crm', gateway, timeouts: { request: Duration.seconds(30) } });
  route.addBackend(crm);
  route.modifyRequestHeaders({ set: { 'x-acme-tenant': 'emea' }, remove: ['cookie'] });
}
