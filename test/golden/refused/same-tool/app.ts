import { App } from 'cdk8s';
import { IMAGE, financeChart } from '../../one-route';
import { McpGateway, McpServer } from 'cdk8s-mcp';

/** Two servers of one list have a tool of the same name. */
export default (app: App) => {
  const chart = financeChart(app);
  const servers = ['ledger', 'reports'].map(name => new McpServer(chart, name, { source: IMAGE, tools: ['db_query'] }));
  new McpGateway(chart, 'gateway', { discovery: { servers } });
};
