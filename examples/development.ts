/**
 * A development setup: one namespace, published packages instead of images, and every server at one URL.
 *
 *   kubectl -n dev port-forward service/gateway 8080:80     and point the client to http://localhost:8080/mcp
 */
import { App, Chart } from 'cdk8s';
import { IngressSource, McpGateway, McpServer, McpServerSource } from 'cdk8s-mcp';

export function build(app: App): void {
  const dev = new Chart(app, 'dev', { namespace: 'dev' });
  const labels = { 'acme.dev/served': 'true' };

  // Programs that speak over stdio. The library puts an HTTP adapter in front of each.
  new McpServer(dev, 'time', {
    labels,
    source: McpServerSource.uvx('mcp-server-time@2026.10.19'),
    tools: ['get_current_time', 'convert_time'],
  });
  new McpServer(dev, 'fetch', { labels, source: McpServerSource.uvx('mcp-server-fetch@2026.10.24'), tools: ['fetch'] });
  new McpServer(dev, 'thinking', {
    labels,
    source: McpServerSource.npx('@modelcontextprotocol/server-sequential-thinking@2026.8.31'),
    tools: ['sequentialthinking'],
  });

  new McpGateway(dev, 'gateway', { discovery: { labels }, ingress: [IngressSource.namespaces('dev')] });
}
