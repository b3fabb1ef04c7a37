import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { BodyFilterType, FilterAction, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: {
      dataPlane,
      requestFiltering: {
        bodyFilters: [
          { type: BodyFilterType.JSON_PATH, action: FilterAction.REMOVE, pattern: '$.params.arguments.pin' },
        ],
      },
    },
  });
