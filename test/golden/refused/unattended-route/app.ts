import { App } from 'cdk8s';
import { financeChart, IMAGE } from '../../one-route';
import { McpGateway, McpRoute, McpServer } from 'cdk8s-mcp';

export default (app: App) => {
  const chart = financeChart(app);
  const gateway = McpGateway.fromMcpGatewayName(chart, 'gateway', 'gateway', { namespace: 'mcp-system' });
  const server = new McpServer(chart, 'ledger', { source: IMAGE });
  new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
};
