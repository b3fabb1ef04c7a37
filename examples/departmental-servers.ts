/** Departments with servers, namespaces and routes of their own, behind the gateway of the platform team. */
import { App, Chart } from 'cdk8s';
import { IngressSource, McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

/** What each department runs, by server name. */
const DEPARTMENTS: Record<string, Record<string, string>> = {
  engineering: { issues: 'ghcr.io/acme/issues-mcp:3.2.0', builds: 'ghcr.io/acme/builds-mcp:1.1.4' },
  hr: { directory: 'ghcr.io/acme/directory-mcp:0.8.0' },
  sales: { leads: 'ghcr.io/acme/leads-mcp:2.0.1' },
};

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', { replicas: 2, ingress: [IngressSource.namespaces('agents')] });

  for (const [department, servers] of Object.entries(DEPARTMENTS)) {
    const chart = new Chart(app, department, { namespace: department });
    for (const [name, image] of Object.entries(servers)) {
      const server = new McpServer(chart, name, {
        source: McpServerSource.image(image),
        labels: { 'acme.dev/department': department },
      });
      // A route may have its server's name: http://gateway.mcp-system/routes/engineering/issues
      new McpRoute(chart, `${name}-route`, { name, gateway, backends: [{ server }] });
    }
  }
}
