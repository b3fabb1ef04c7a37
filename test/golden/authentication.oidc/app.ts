import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { Authentication, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const authentication = [
    Authentication.oidc({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://auth.acme.dev/jwks.json',
      scopes: ['mcp'],
    }),
  ];
  oneRoute(app, { gateway: { dataPlane }, route: { authentication } });
};
