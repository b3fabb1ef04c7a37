import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane, PiiAction, PiiType } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: { dataPlane, compliance: { piiDetection: { action: PiiAction.LOG, patterns: [{ type: PiiType.SSN }] } } },
  });
