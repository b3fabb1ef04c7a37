import { App } from 'cdk8s';
import { oneRoute } from '../../one-route';
import { EgressTarget } from 'cdk8s-mcp';

/** NetworkPolicies know no names of hosts. */
export default (app: App) => {
  const { server } = oneRoute(app, { gateway: {} });
  server.allowEgress(EgressTarget.host('api.example.com', 443));
};
