import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import {
  CertManagerIssuer,
  ClusterAddOn,
  ClusterProfile,
  GatewayDataPlane,
  GatewayExposure,
  IngressSource,
} from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app);
  const exposure = GatewayExposure.ingress({
    hosts: ['mcp.acme.dev', '*.mcp.acme.dev'],
    paths: ['/routes/finance'],
    className: 'nginx',
    issuer: CertManagerIssuer.clusterIssuer('public'),
    annotations: { 'acme.dev/team': 'platform' },
    from: [IngressSource.namespaces('ingress-nginx')],
  });
  oneRoute(app, { gateway: { dataPlane, exposures: [exposure] } });
};
