import { App } from 'cdk8s';
import { CLIENTS, financeChart, IMAGE } from '../one-route';
import { GatewayDataPlane, McpGateway, McpServer } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const chart = financeChart(app);
  const ledger = new McpServer(chart, 'ledger', { source: IMAGE });
  new McpGateway(chart, 'gateway', { dataPlane, ingress: CLIENTS, discovery: { servers: [ledger] } });
};
