import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: { dataPlane, protocolVersion: { minVersion: '2025-06-18', allowVersionNegotiation: false } },
  });
