import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { Authentication, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const authentication = [
    Authentication.oidc({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://auth.acme.dev/jwks.json',
    }),
  ];
  oneRoute(app, {
    gateway: { dataPlane, allowedOrigins: ['https://chat.acme.dev', 'http://localhost:6274'] },
    route: { authentication, allowedOrigins: ['https://chat.acme.dev'] },
  });
};
