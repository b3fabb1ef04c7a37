/**
 * Policies in Cedar: groups within groups, servers, claims and the arguments of a call.
 *
 * Cedar validates them at synth; then they are compiled, and no Cedar runs in the cluster. docs/cedar.md has the schema.
 */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  AuthzConfig,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  ToolMatch,
} from 'cdk8s-mcp';

const POLICIES = [
  // Everyone in finance may look things up.
  '@id("lookups") permit(principal in Group::"finance", action, resource) when { resource.name like "*_query" };',

  // Administrators may do everything that the ledger offers, and nothing of the archive.
  '@id("administration") permit(principal in Group::"finance-admins", action, resource in Server::"finance/ledger");',

  // Whoever is cleared for it may read the archive.
  `@id("archive") permit(principal, action, resource in Server::"finance/archive")
   when { principal.claims has clearance && principal.claims.clearance >= 3 };`,

  // Nobody may ask for more than 1000 rows, and inserts are those of the caller.
  `@id("no bulk") forbid(principal, action == Action::"call_tool", resource)
   when { context.arguments has limit && context.arguments.limit > 1000 };`,
  `@id("own entries") forbid(principal, action == Action::"call_tool", resource == Tool::"db_insert")
   unless { context.arguments has owner && context.arguments.owner == principal.name };`,
];

/** Finance's administrators are in finance. */
const ENTITIES = [{ uid: { type: 'Group', id: 'finance-admins' }, parents: [{ type: 'Group', id: 'finance' }] }];

export function build(app: App): void {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    ingress: [IngressSource.namespaces('agents')],
  });

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query', 'db_insert'],
  });
  const archive = new McpServer(team, 'archive', {
    source: McpServerSource.image('ghcr.io/acme/archive-mcp:2.0.1'),
    tools: ['archive_read', 'archive_query'],
  });

  const route = new McpRoute(team, 'books', {
    gateway,
    backends: [{ server: ledger }],
    authzConfig: AuthzConfig.inline({ policies: POLICIES, entitiesJson: JSON.stringify(ENTITIES) }),
  });
  route.addMatch({ tools: ToolMatch.glob('archive_*'), backends: [{ server: archive }] });
}
