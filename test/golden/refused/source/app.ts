import { App } from 'cdk8s';
import { financeChart } from '../../one-route';
import { McpServer, McpServerSource } from 'cdk8s-mcp';

/** A package without an exact version. */
export default (app: App) =>
  new McpServer(financeChart(app), 'time', { source: McpServerSource.uvx('mcp-server-time@latest') });
