import { App } from 'cdk8s';
import { IMAGE, financeChart } from '../one-route';
import { McpInferenceService, McpRoute, McpServer, Reconciliation, ToolMatch } from 'cdk8s-mcp';

export default (app: App) => {
  Reconciliation.CONTROLLER.applyTo(app);
  const chart = financeChart(app);
  const server = new McpServer(chart, 'ledger', { source: IMAGE });
  const model = { name: 'llama-3-70b' };
  const matches = [{ tools: ToolMatch.prefix('db_') }];
  new McpInferenceService(chart, 'simple', { model, servers: [{ server, weight: 100 }], matches });
  new McpInferenceService(chart, 'explicit', { model, route: McpRoute.fromMcpRouteName(chart, 'shared', 'shared') });
};
