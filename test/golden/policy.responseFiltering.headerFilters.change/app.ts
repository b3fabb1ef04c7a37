import { App } from 'cdk8s';
import { oneRoute, removesHeaders } from '../one-route';
import { FilterAction, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: {
      dataPlane,
      responseFiltering: {
        removeInternalHeaders: removesHeaders(dataPlane),
        headerFilters: [{ name: 'x-debug', action: FilterAction.REMOVE }],
      },
    },
    // A route does not bring it back.
    route: { responseHeaders: { set: { 'x-debug': 'all', 'x-team': 'finance' } } },
  });
