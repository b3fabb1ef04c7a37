import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { GatewayDataPlane, Principal, ToolAction } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const { route } = oneRoute(app, { gateway: { dataPlane }, route: { authentication: [TOKEN] } });
  route.allow(Principal.anyAuthenticated(), { resources: ['*'], actions: [ToolAction.LIST] });
  route.allow(Principal.user('alice'), {
    resources: ['file:///reports/*', 'memo://rates'],
    actions: [ToolAction.CALL],
  });
  route.allow(Principal.group('auditors'), { resources: ['*'], actions: [ToolAction.CALL] });
};
