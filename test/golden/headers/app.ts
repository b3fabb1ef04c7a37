import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: { dataPlane },
    route: {
      requestHeaders: { set: { 'x-team': 'finance' }, add: { 'x-via': 'gateway' }, remove: ['x-debug'] },
      responseHeaders: { set: { 'cache-control': 'no-store' }, remove: ['server'] },
    },
  });
