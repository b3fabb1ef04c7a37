import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: { dataPlane, compliance: { encryption: { encryptionAtRest: true, encryptionInTransit: false } } },
  });
