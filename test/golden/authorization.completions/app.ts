import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { GatewayDataPlane, Principal, ToolAction } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const { route } = oneRoute(app, { gateway: { dataPlane }, route: { authentication: [TOKEN] } });
  route.allow(Principal.user('alice'), {
    prompts: ['report_*'],
    resources: ['file:///reports/{name}'],
    actions: [ToolAction.CALL],
    completions: true,
  });
};
