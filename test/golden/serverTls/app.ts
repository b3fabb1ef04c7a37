import { App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { financeChart, oneRoute } from '../one-route';
import { BackendCredential, GatewayDataPlane, McpServer, McpServerSource } from 'cdk8s-mcp';

const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const chart = financeChart(app);
  const authority = kplus.Secret.fromSecretName(chart, 'authority', 'ledger-tls');
  const { route } = oneRoute(chart, {
    gateway: { dataPlane },
    server: {
      source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', {
        port: 8443,
        tls: { caSecret: { secret: authority, key: 'ca.crt' } },
        credentials: [BackendCredential.clientCertificate(authority)],
      }),
    },
  });
  const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.5.0', {
    port: 8443,
    tls: { caBundle: CA, serverName: 'audit.acme.internal' },
    credentials: [BackendCredential.clientCertificate(authority)],
  });
  route.addBackend(new McpServer(chart, 'audit', { source, replicas: 2 }));
};
