import { App } from 'cdk8s';
import { oneRoute } from '../../one-route';
import { Principal } from 'cdk8s-mcp';

/** A rule about a user, where nobody has to say who they are. */
export default (app: App) => {
  const { route } = oneRoute(app, { gateway: {} });
  route.allow(Principal.user('alice'), { tools: ['db_*'] });
};
