import { App } from 'cdk8s';
import { IMAGE, financeChart } from '../../one-route';
import { McpServer } from 'cdk8s-mcp';

/** What one call alone can know is refused there. */
export default (app: App) =>
  new McpServer(financeChart(app), 'ledger', { source: IMAGE, name: 'Ledger', replicas: -1 });
