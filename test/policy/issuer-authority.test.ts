import { App, Chart } from 'cdk8s';
import {
  Authentication,
  GatewayDataPlane,
  JwtAuthenticationOptions,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';

const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
const KEYS = 'https://keycloak.auth.svc:8443/realms/mcp/certs';

const jwt = (options: Partial<JwtAuthenticationOptions>) =>
  Authentication.jwt({ issuer: 'https://sso.acme.internal/realms/mcp', audiences: ['mcp'], ...options });

function clustersOf(dataPlane: GatewayDataPlane, ...authentication: Authentication[]): string {
  const app = new App();
  const chart = new Chart(app, 'team', { namespace: 'team' });
  const gateway = new McpGateway(chart, 'gateway', { dataPlane });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger:1.0.0') });
  new McpRoute(chart, 'books', { gateway, backends: [{ server }], authentication });
  return find(objectsOf(app), 'ConfigMap', 'gateway-gateway-config').data['clusters.yaml'];
}

describe('an authority of your own for the keys of an issuer', () => {
  it('is asked of their server alone, on Envoy', () => {
    const clusters = clustersOf(GatewayDataPlane.envoy(), jwt({ jwksUri: KEYS, caBundle: CA }));
    expect(clusters).toContain('trusted_ca":{"inline_string":"-----BEGIN CERTIFICATE-----');
    expect(clusters).toContain('"exact":"keycloak.auth.svc"');
    expect(clustersOf(GatewayDataPlane.envoy(), jwt({ jwksUri: KEYS }))).toContain('ca-certificates.crt');
  });

  it('is refused on agentgateway, which would ask the roots of the system', () => {
    const refused = messageOf(() => clustersOf(GatewayDataPlane.agentgateway(), jwt({ jwksUri: KEYS, caBundle: CA })));
    expect(refused).toContain(
      "agentgateway cannot check the server of an issuer's keys against an authority of your own",
    );
    expect(refused).toContain('envoy can');
  });

  it.each<[string, Partial<JwtAuthenticationOptions>, string]>([
    ['keys that are given', { jwks: '{"keys":[]}', caBundle: CA }, 'is given for keys that are not fetched by TLS'],
    ['keys by plain HTTP', { jwksUri: 'http://keycloak.auth.svc/certs', caBundle: CA }, 'not fetched by TLS'],
    ['what is no certificate', { jwksUri: KEYS, caBundle: 'MIIB' }, 'caBundle: got "MIIB": holds no PEM certificate'],
    ['a private key', { jwksUri: KEYS, caBundle: '-----BEGIN PRIVATE KEY-----' }, 'caBundle: got "(not shown)"'],
  ])('does not go with %s', (_, options, expected) => {
    expect(messageOf(() => jwt(options))).toContain(expected);
  });
});
