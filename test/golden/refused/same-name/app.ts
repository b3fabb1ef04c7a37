import { App } from 'cdk8s';
import { IMAGE, financeChart } from '../../one-route';
import { McpServer } from 'cdk8s-mcp';

/** Two servers would write the same objects. */
export default (app: App) => {
  const chart = financeChart(app);
  new McpServer(chart, 'a', { source: IMAGE, name: 'ledger' });
  new McpServer(chart, 'b', { source: IMAGE, name: 'ledger' });
};
