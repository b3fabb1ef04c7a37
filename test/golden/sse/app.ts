import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, McpServerSource, McpTransport } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: { dataPlane },
    server: { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', { transport: McpTransport.SSE }) },
  });
