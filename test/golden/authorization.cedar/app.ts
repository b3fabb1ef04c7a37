import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { AuthzConfig, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const policies = ['permit(principal == User::"alice", action == Action::"call_tool", resource == Tool::"db_query");'];
  oneRoute(app, {
    gateway: { dataPlane },
    route: { authentication: [TOKEN], authzConfig: AuthzConfig.inline({ policies }) },
  });
};
