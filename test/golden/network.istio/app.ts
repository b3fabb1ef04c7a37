import { App } from 'cdk8s';
import { everyPeer } from '../every-peer';
import { oneRoute } from '../one-route';
import { ClusterProfile, EgressTarget, NetworkEnforcement } from 'cdk8s-mcp';

export default (app: App) => {
  new ClusterProfile({ network: NetworkEnforcement.istio() }).applyTo(app);
  const { server } = oneRoute(app, { gateway: {} });
  everyPeer(server);
  server.allowEgress(EgressTarget.host('api.example.com', 443));
  server.allowEgress(EgressTarget.host('*.example.org', 443, 80));
};
