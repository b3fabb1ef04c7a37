/** One server for several namespaces: a ClusterMcpServer runs once, and consents to the namespaces that may use it. */
import { App, Chart } from 'cdk8s';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  ToolMatch,
} from 'cdk8s-mcp';

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', { ingress: [IngressSource.namespaces('agents')] });
  const search = new ClusterMcpServer(platform, 'search', {
    source: McpServerSource.image('ghcr.io/acme/search-mcp:2.1.0'),
    sessions: McpSessions.STATELESS,
    autoscaling: { minReplicas: 2, maxReplicas: 10 },
    tools: ['search_web', 'search_wiki'],
    allowedNamespaces: AllowedNamespaces.names('finance', 'research'),
  });

  // Finance adds it to its own tools.
  const finance = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(finance, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query'],
  });
  const analyst = new McpRoute(finance, 'analyst', { gateway, backends: [{ server: ledger }] });
  analyst.addMatch({ tools: ToolMatch.prefix('search_'), backends: [{ server: search }] });

  // Research uses it as it is.
  const research = new Chart(app, 'research', { namespace: 'research' });
  new McpRoute(research, 'search-only', { gateway, backends: [{ server: search }] });
}
