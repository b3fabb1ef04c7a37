import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, McpAffinity, McpServer, McpServerSource, McpSessions } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const sessions = McpSessions.STATELESS;
  const { chart, server, route } = oneRoute(app, {
    gateway: { dataPlane },
    server: { sessions },
    route: { backends: [], affinity: McpAffinity.NONE },
  });
  route.addBackend(server, { weight: 90 });
  route.addBackend(
    new McpServer(chart, 'canary', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.5.0'), sessions }),
    { weight: 10 },
  );
};
