import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, McpServer, McpServerSource } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const source = McpServerSource.image('ghcr.io/acme/memory-mcp:1.0.0', { port: 8000 });
  const { chart, route } = oneRoute(app, {
    gateway: { dataPlane },
    server: { source, hostHeader: 'localhost:8000' },
  });
  // Replicas that keep sessions are told apart by their addresses, and asked for the same.
  route.addBackend(new McpServer(chart, 'audit', { source, hostHeader: 'localhost:8000', replicas: 2 }));
};
