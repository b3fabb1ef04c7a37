import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, RateLimit, RateLimitUnit } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, { gateway: { dataPlane }, route: { rateLimits: [RateLimit.perIp(5, RateLimitUnit.HOUR)] } });
