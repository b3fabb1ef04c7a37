import { App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { financeChart, oneRoute } from '../one-route';
import { ApiKey, Authentication, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const chart = financeChart(app);
  const keys = kplus.Secret.fromSecretName(chart, 'keys', 'keys');
  const method = Authentication.apiKey({
    keys: [
      ApiKey.sha256('2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', {
        user: 'nightly',
        groups: ['robots'],
      }),
      ApiKey.fromSecret({ secret: keys, key: 'ci' }),
    ],
  });
  oneRoute(chart, { gateway: { dataPlane }, route: { authentication: [method] } });
};
