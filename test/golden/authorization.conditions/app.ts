import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../one-route';
import { Condition, GatewayDataPlane, HeaderOperator, Principal, ToolAction } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const { route } = oneRoute(app, { gateway: { dataPlane }, route: { authentication: [TOKEN] } });
  route.allow(Principal.anyAuthenticated(), { tools: ['*'], actions: [ToolAction.LIST] });
  route.allow(Principal.group('analysts'), {
    tools: ['db_query'],
    actions: [ToolAction.CALL],
    when: [
      Condition.sourceIp('10.0.0.0/8'),
      Condition.timeOfDay('08:00', '18:00', 'Europe/Berlin'),
      Condition.header('x-client', HeaderOperator.IN, 'desktop', 'mobile'),
    ],
  });
};
