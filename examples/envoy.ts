/**
 * A gateway of plain Envoy: sessions stay where they are whatever the weights, and new ones avoid a server that is gone.
 *
 * Envoy sees calls, not lists: it lets a caller see all tools of a route or none, so rules say apart who may list and who
 * may call.
 */
import { App, Chart, Duration } from 'cdk8s';
import {
  ApiKey,
  Authentication,
  Condition,
  GatewayDataPlane,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
  ToolMatch,
} from 'cdk8s-mcp';

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    replicas: 2,
    ingress: [IngressSource.namespaces('agents')],
    authentication: [
      Authentication.anyOf(
        Authentication.jwt({
          issuer: 'https://auth.acme.dev',
          audiences: ['mcp'],
          jwksUri: 'https://auth.acme.dev/jwks.json',
        }),
        Authentication.apiKey({
          keys: [
            ApiKey.sha256('2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', {
              user: 'nightly',
              groups: ['robots'],
            }),
          ],
        }),
      ),
    ],
    circuitBreaker: { consecutiveFailures: 3, ejection: Duration.seconds(20) },
    healthCheck: { interval: Duration.seconds(10) },
  });

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const stable = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    replicas: 3,
    tools: ['db_query', 'db_insert'],
  });
  const canary = new McpServer(team, 'ledger-canary', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.5.0'),
    tools: ['db_query', 'db_insert'],
  });

  const ledger = new McpRoute(team, 'ledger-route', { gateway });
  ledger.addBackend(stable, { weight: 90 });
  ledger.addBackend(canary, { weight: 10 });
  ledger.allow(Principal.anyAuthenticated(), { tools: ['*'], actions: [ToolAction.LIST] });
  ledger.allow(Principal.group('analysts'), { tools: ['db_query'], actions: [ToolAction.CALL] });
  ledger.allow(Principal.group('finance-admins'), {
    tools: ['db_*'],
    actions: [ToolAction.CALL],
    when: [Condition.sourceIp('10.0.0.0/8')],
  });
  ledger.addRateLimit(RateLimit.perUser(100, RateLimitUnit.HOUR));

  // Calls of some tools go to a server of their own. Neither keeps sessions, so that no session is split between them.
  const reports = new McpServer(team, 'reports', {
    source: McpServerSource.image('ghcr.io/acme/reports-mcp:2.0.0'),
    sessions: McpSessions.STATELESS,
    replicas: 2,
  });
  const heavy = new McpServer(team, 'reports-heavy', {
    source: McpServerSource.image('ghcr.io/acme/reports-mcp:2.0.0'),
    sessions: McpSessions.STATELESS,
  });
  const route = new McpRoute(team, 'reports-route', { gateway });
  route.addBackend(reports);
  route.addMatch({ tools: ToolMatch.prefix('yearly_'), method: 'tools/call', backends: [{ server: heavy }] });
}
