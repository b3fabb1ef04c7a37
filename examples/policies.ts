/**
 * Who may call which tool, and how often: the gateway says it for everyone, a route only tightens it.
 *
 * `AccessMatrix.of(app)` answers the same questions in a test, by the very expressions that are emitted.
 */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  Condition,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
} from 'cdk8s-mcp';

export function build(app: App): void {
  // The platform team: a token, and a share of the platform for each team.
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    replicas: 2,
    ingress: [IngressSource.namespaces('agents')],
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    rateLimits: [RateLimit.perNamespace(10_000, RateLimitUnit.HOUR)],
  });

  // An application team: two rules, and a share for each of its users.
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query', 'db_insert', 'report'],
  });

  const route = new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
  route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
  route.allow(Principal.user('alice'), { tools: ['db_query'], when: [Condition.sourceIp('10.0.0.0/8')] });
  route.addRateLimit(RateLimit.perUser(100, RateLimitUnit.HOUR));
}
