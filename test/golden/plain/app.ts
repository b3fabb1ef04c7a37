import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane } from 'cdk8s-mcp';

/** What the other apps are but for what they say: a gateway with one route to one server. */
export default (app: App, dataPlane: GatewayDataPlane) => oneRoute(app, { gateway: { dataPlane } });
