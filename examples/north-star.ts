/** The platform team runs a gateway; an application team puts its tools behind one URL. */
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  Condition,
  EgressTarget,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolMatch,
} from 'cdk8s-mcp';

/** What Pod Security `restricted` asks of every container. */
const securityContext: kplus.ContainerSecurityContextProps = {
  user: 1000,
  capabilities: { drop: [kplus.Capability.ALL] },
  seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
};

export function build(app: App): void {
  // The platform team.
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    replicas: 2,
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    rateLimits: [RateLimit.perNamespace(10_000, RateLimitUnit.HOUR)],
  });

  // An application team.
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const database = kplus.Secret.fromSecretName(team, 'database', 'ledger-database');
  const ledger = {
    env: { DATABASE_URI: kplus.EnvValue.fromSecretValue({ secret: database, key: 'uri' }) },
    tools: ['db_query', 'db_insert'],
  };
  const stable = new McpServer(team, 'ledger', {
    ...ledger,
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    replicas: 3,
  });
  const canary = new McpServer(team, 'ledger-canary', {
    ...ledger,
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.5.0'),
  });
  for (const server of [stable, canary]) {
    server.allowEgress(EgressTarget.host('postgres.finance.svc.cluster.local', 5432));
  }
  const time = new McpServer(team, 'time', {
    source: McpServerSource.uvx('mcp-server-time@2026.10.19'),
    tools: ['get_current_time', 'convert_time'],
  });
  const crm = new McpServer(team, 'crm', {
    source: McpServerSource.remote('https://mcp.crm.example.com/mcp'),
    tools: ['crm_find', 'crm_update', 'crm_delete'],
    toolsFilter: ['crm_find', 'crm_update'],
  });

  const route = new McpRoute(team, 'smart', { gateway });
  route.addBackend(stable, { weight: 90 });
  route.addBackend(canary, { weight: 10 });
  route.addMatch({ tools: ToolMatch.glob('*_time'), backends: [{ server: time }] });
  route.addMatch({ tools: ToolMatch.prefix('crm_'), backends: [{ server: crm }] });
  route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
  route.allow(Principal.user('alice'), { tools: ['db_query'], when: [Condition.sourceIp('10.0.0.0/8')] });
  route.allow(Principal.anyAuthenticated(), { tools: ['*_time', 'crm_find'] });
  route.addRateLimit(RateLimit.perUser(100, RateLimitUnit.HOUR));

  // Finds the route in MCP_GATEWAY_URL, and is let in by the gateway.
  const assistant = new kplus.Deployment(team, 'assistant', {
    metadata: { name: 'assistant' },
    containers: [{ image: 'ghcr.io/acme/assistant:3.1.0', portNumber: 8080, securityContext }],
  });
  route.connect(assistant);
}
