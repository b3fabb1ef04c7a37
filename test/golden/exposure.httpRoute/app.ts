import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { ClusterAddOn, ClusterProfile, GatewayDataPlane, GatewayExposure, IngressSource } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  new ClusterProfile({ addOns: [ClusterAddOn.GATEWAY_API] }).applyTo(app);
  const exposure = GatewayExposure.httpRoute({
    hosts: ['mcp.acme.dev'],
    parents: [{ name: 'public', namespace: 'infra', sectionName: 'https', port: 443 }],
    from: [IngressSource.namespaces('infra')],
  });
  oneRoute(app, { gateway: { dataPlane, exposures: [exposure] } });
};
