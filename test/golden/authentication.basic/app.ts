import { App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { financeChart, oneRoute } from '../one-route';
import { Authentication, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const chart = financeChart(app);
  const secret = kplus.Secret.fromSecretName(chart, 'passwords', 'passwords');
  oneRoute(chart, {
    gateway: { dataPlane },
    route: { authentication: [Authentication.basic({ secret, key: 'htpasswd' })] },
  });
};
