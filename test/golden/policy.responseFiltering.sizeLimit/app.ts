import { App, Size } from 'cdk8s';
import { oneRoute, removesHeaders } from '../one-route';
import { GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) =>
  oneRoute(app, {
    gateway: {
      dataPlane,
      responseFiltering: { removeInternalHeaders: removesHeaders(dataPlane), sizeLimit: Size.kibibytes(64) },
    },
  });
