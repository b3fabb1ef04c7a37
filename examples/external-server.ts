/** A server that runs elsewhere, as a tool of this cluster: only the gateway talks to it, with a token of its own, and only some tools pass. */
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { BackendCredential, IngressSource, McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    replicas: 2,
    allowedRemoteHosts: ['*.crm.example.com'],
    ingress: [IngressSource.namespaces('agents')],
  });
  // Referred to in the gateway's chart: its pods are who read it.
  const token = kplus.Secret.fromSecretName(platform, 'crm-token', 'crm-token');

  const sales = new Chart(app, 'sales', { namespace: 'sales' });
  const crm = new McpServer(sales, 'crm', {
    source: McpServerSource.remote('https://mcp.crm.example.com/mcp', {
      credentials: [BackendCredential.bearer({ secret: token, key: 'token' })],
    }),
    tools: ['crm_find', 'crm_update', 'crm_delete'],
    toolsFilter: ['crm_find', 'crm_update'],
  });

  const route = new McpRoute(sales, 'crm-route', { name: 'crm', gateway, timeouts: { request: Duration.seconds(30) } });
  route.addBackend(crm);
  route.modifyRequestHeaders({ set: { 'x-acme-tenant': 'emea' } });
}
