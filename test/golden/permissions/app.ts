import { App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { financeChart, oneRoute } from '../one-route';

export default (app: App) => {
  const chart = financeChart(app);
  const secret = kplus.Secret.fromSecretName(chart, 'database', 'database');
  const env = { DATABASE_URI: kplus.EnvValue.fromSecretValue({ secret, key: 'uri' }) };
  const { server } = oneRoute(chart, { gateway: {}, server: { env, fileSystem: { write: ['/var/cache/ledger'] } } });
  server.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get', 'list'] });
  server.allowKubernetes({ resources: [kplus.ApiResource.SECRETS], verbs: ['*'], clusterWide: true });
};
