import { App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { financeChart, oneRoute } from '../one-route';
import { GatewayDataPlane, GatewayTls } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const chart = financeChart(app);
  const tls = GatewayTls.fromSecret(kplus.Secret.fromSecretName(chart, 'tls', 'gateway-tls'));
  oneRoute(chart, { gateway: { dataPlane, tls } });
};
