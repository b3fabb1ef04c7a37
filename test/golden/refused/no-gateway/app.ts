import { App } from 'cdk8s';
import { financeChart, IMAGE } from '../../one-route';
import { McpRoute, McpServer } from 'cdk8s-mcp';

export default (app: App) => {
  const chart = financeChart(app);
  const server = new McpServer(chart, 'ledger', { source: IMAGE });
  new McpRoute(chart, 'books', { backends: [{ server }] });
};
