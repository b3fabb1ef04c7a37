import { App } from 'cdk8s';
import { TOKEN, oneRoute } from '../../one-route';
import { Authentication } from 'cdk8s-mcp';

/** A limit of a data plane's own. */
export default (app: App) => {
  const other = Authentication.jwt({
    issuer: 'https://other.dev',
    audiences: ['mcp'],
    jwksUri: 'https://other.dev/jwks',
  });
  oneRoute(app, { gateway: { authentication: [TOKEN] }, route: { authentication: [other] } });
};
