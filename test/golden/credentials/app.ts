import { App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { financeChart, oneRoute } from '../one-route';
import { BackendCredential, GatewayDataPlane, McpServerSource } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const chart = financeChart(app);
  const secret = kplus.Secret.fromSecretName(chart, 'crm', 'crm-credentials');
  const source = McpServerSource.remote('https://mcp.crm.example.com/mcp', {
    credentials: [
      BackendCredential.header('x-api-key', { secret, key: 'api-key' }),
      BackendCredential.basic({ username: { secret, key: 'user' }, password: { secret, key: 'password' } }),
      BackendCredential.clientCertificate(secret),
    ],
  });
  oneRoute(chart, { gateway: { dataPlane }, server: { source } });
};
