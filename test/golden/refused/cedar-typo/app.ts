import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../../one-route';
import { AuthzConfig } from 'cdk8s-mcp';

/** A policy that does not fit the schema. */
export default (app: App) =>
  oneRoute(app, {
    gateway: {},
    route: {
      authentication: [TOKEN],
      authzConfig: AuthzConfig.inline({ policies: ['permit(principal, action == Action::"CallTool", resource);'] }),
    },
  });
