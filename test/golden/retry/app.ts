import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, McpSessions } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: { dataPlane },
    server: { sessions: McpSessions.STATELESS },
    route: { retry: { attempts: 3, codes: [503] } },
  });
