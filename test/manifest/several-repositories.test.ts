import { App, Chart, Yaml } from 'cdk8s';
import {
  AccessMatrix,
  Authentication,
  McpGateway,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';

/* docs/several-repositories.md: teams say what they want, and the platform compiles it. */

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
const JWT = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});

/** A team's app, at a gateway of the platform's. */
function team(compiledBy?: string): App {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = McpGateway.fromMcpGatewayName(chart, 'gateway', 'gateway', { namespace: 'mcp-system', compiledBy });
  const server = new McpServer(chart, 'ledger', { source, tools: ['db_query'] });
  new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
  return app;
}

it('refuses a route that nobody turns into the configuration of its gateway', () => {
  expect(messageOf(() => objectsOf(team()))).toContain(
    '[finance/books] gateway: got "MCPGateway mcp-system/gateway": exists outside this app, and nobody is known to turn the route into its configuration: ' +
      'it would not be served, and nothing that it asks of callers would be enforced. Serve it by a gateway of this app,',
  );
  expect(messageOf(() => team(' '))).toContain('[finance/gateway] compiledBy: got " ": is empty.');
});

it('takes the word of who says that somebody does', () => {
  expect(find(objectsOf(team('acme/platform')), 'MCPRoute').spec.gatewayRef).toEqual({
    kind: 'MCPGateway',
    name: 'gateway',
    namespace: 'mcp-system',
  });
});

it("compiles a team's resources in the app of the platform", () => {
  const teams = new App();
  const finance = new Chart(teams, 'finance', { namespace: 'finance' });
  Reconciliation.CONTROLLER.applyTo(finance);
  const server = new McpServer(finance, 'ledger', { source });
  const books = new McpRoute(finance, 'books', { backends: [{ server }], authentication: [JWT] });
  books.allow(Principal.group('admins'), { tools: ['db_*'] });
  books.addRateLimit(RateLimit.perUser(10, RateLimitUnit.MINUTE));
  const emitted = finance.toJson();
  expect(emitted.map(({ kind }) => kind)).toEqual(['MCPServer', 'MCPRoute']);

  const platform = new App();
  const gateway = new McpGateway(new Chart(platform, 'platform', { namespace: 'mcp-system' }), 'gateway');
  const chart = new Chart(platform, 'finance', { namespace: 'finance' });
  const manifest = McpManifest.fromYaml(chart, 'team', Yaml.stringify(...emitted), { gateway });
  const access = AccessMatrix.of(platform);
  const route = manifest.route('books');
  access.expectAllowed({ route, principal: Principal.group('admins'), tool: 'db_query' });
  access.expectDenied({ route, principal: Principal.group('interns'), tool: 'db_query' });
  expect(find(objectsOf(platform), 'Deployment', 'ledger').metadata.namespace).toBe('finance');
});
