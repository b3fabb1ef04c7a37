/** One URL, several servers: each call goes to the server that has the tool. To a client they are one server. */
import { App, Chart } from 'cdk8s';
import { HeaderMatch, IngressSource, McpGateway, McpRoute, McpServer, McpServerSource, ToolMatch } from 'cdk8s-mcp';

export function build(app: App): void {
  new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    ingress: [IngressSource.namespaces('agents')],
  });

  const team = new Chart(app, 'support', { namespace: 'support' });
  const server = (name: string, tools: string[]) =>
    new McpServer(team, name, { source: McpServerSource.image(`ghcr.io/acme/${name}-mcp:1.0.0`), tools });
  const knowledge = server('knowledge', ['kb_search', 'kb_read']);
  const tickets = server('tickets', ['ticket_open', 'ticket_close', 'ticket_delete']);
  const orders = server('orders', ['find_order', 'find_refund']);
  const refunds = server('refunds', ['refund']);

  const route = new McpRoute(team, 'assistant');
  // What meets no rule.
  route.addBackend(knowledge);
  route.addMatch({ tools: ToolMatch.prefix('ticket_'), backends: [{ server: tickets }] });
  route.addMatch({ tools: ToolMatch.regex('find_(order|refund)'), backends: [{ server: orders }] });
  // All conditions of a rule must hold: only the back office sees this tool.
  route.addMatch({
    tools: ToolMatch.exact('refund'),
    headers: [HeaderMatch.exact('x-client', 'back-office')],
    backends: [{ server: refunds }],
  });
}
