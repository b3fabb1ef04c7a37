import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { AuditLevel, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, { gateway: { dataPlane, audit: { includeMetadata: false, level: AuditLevel.FULL } } });
