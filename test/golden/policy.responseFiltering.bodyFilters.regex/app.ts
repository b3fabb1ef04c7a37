import { App } from 'cdk8s';
import { oneRoute, removesHeaders } from '../one-route';
import { BodyFilterType, FilterAction, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: {
      dataPlane,
      responseFiltering: {
        removeInternalHeaders: removesHeaders(dataPlane),
        bodyFilters: [{ type: BodyFilterType.REGEX, action: FilterAction.DENY, pattern: 'secret' }],
      },
    },
  });
