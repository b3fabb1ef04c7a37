import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { Authentication, GatewayDataPlane } from 'cdk8s-mcp';

export default (app: App, dataPlane: GatewayDataPlane) => {
  const keycloak = Authentication.jwt({
    issuer: 'https://sso.acme.internal/realms/mcp',
    audiences: ['mcp'],
    jwksUri: 'https://keycloak.auth.svc:8443/realms/mcp/protocol/openid-connect/certs',
    caBundle: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  });
  oneRoute(app, { gateway: { dataPlane }, route: { authentication: [keycloak] } });
};
