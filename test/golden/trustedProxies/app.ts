import { App } from 'cdk8s';
import { oneRoute, TOKEN } from '../one-route';
import { Condition, GatewayDataPlane, Principal, RateLimit, RateLimitUnit, ToolAction } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const { route } = oneRoute(app, {
    gateway: { dataPlane, authentication: [TOKEN], trustedProxies: ['10.1.0.7', '2001:db8:1::/64'] },
  });
  route.allow(Principal.anyAuthenticated(), {
    tools: ['*'],
    actions: [ToolAction.CALL],
    when: [Condition.sourceIp('203.0.113.0/24'), Condition.notSourceIp('203.0.113.66')],
  });
  route.addRateLimit(RateLimit.perIp(60, RateLimitUnit.MINUTE));
};
