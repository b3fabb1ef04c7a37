import { App } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { financeChart, oneRoute } from '../one-route';
import { Authentication, CertificateAuthority, GatewayDataPlane, GatewayTls } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const chart = financeChart(app);
  const secret = kplus.Secret.fromSecretName(chart, 'callers', 'callers');
  const tls = GatewayTls.fromSecret(kplus.Secret.fromSecretName(chart, 'tls', 'gateway-tls'));
  const authentication = [Authentication.clientCertificate(CertificateAuthority.fromSecret({ secret, key: 'ca.crt' }))];
  oneRoute(chart, { gateway: { dataPlane, tls, authentication } });
};
