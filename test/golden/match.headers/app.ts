import { App } from 'cdk8s';
import { IMAGE, oneRoute } from '../one-route';
import { GatewayDataPlane, HeaderMatch, McpServer, McpSessions } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const { chart, route } = oneRoute(app, { gateway: { dataPlane }, server: { sessions: McpSessions.STATELESS } });
  const reports = new McpServer(chart, 'reports', { source: IMAGE, sessions: McpSessions.STATELESS });
  route.addMatch({ headers: [HeaderMatch.exact('x-team', 'finance')], backends: [{ server: reports }] });
};
