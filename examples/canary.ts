/**
 * OME's story "canary": a new version gets a tenth of the callers, and each user 100 calls an hour.
 *
 * Both versions keep sessions, so a caller stays with the version it was given. Declared `McpSessions.STATELESS`, they
 * would share single requests.
 */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  RateLimit,
  RateLimitUnit,
} from 'cdk8s-mcp';

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  // Callers are told apart by this header, else by their address.
  const gateway = new McpGateway(platform, 'gateway', {
    sessionAffinityHeader: 'x-user',
    ingress: [IngressSource.namespaces('agents')],
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
  });

  const team = new Chart(app, 'my-app', { namespace: 'my-app' });
  const v1 = new McpServer(team, 'analytics-v1', {
    source: McpServerSource.image('my-registry/analytics:1.0.0'),
    replicas: 3,
  });
  const v2 = new McpServer(team, 'analytics-v2', { source: McpServerSource.image('my-registry/analytics:2.0.0') });

  const route = new McpRoute(team, 'analytics-canary', { gateway });
  route.addBackend(v1, { weight: 90 });
  route.addBackend(v2, { weight: 10 });
  route.addRateLimit(RateLimit.perUser(100, RateLimitUnit.HOUR));
}
