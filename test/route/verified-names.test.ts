import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  ApiKey,
  Authentication,
  CredentialKind,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  Reconciliation,
  ToolAction,
} from '../../src';
import { messageOf } from '../support/synth';

/* A name means somebody only together with what verified it. */

const EMPLOYEES = 'https://employees.acme.dev';
const CUSTOMERS = 'https://customers.acme.dev';
const tokens = (issuer: string) => Authentication.jwt({ issuer, audiences: ['mcp'], jwksUri: `${issuer}/jwks.json` });
const key = Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32), { user: 'alice', groups: ['ops'] })] });
const tools = ['db_query'];
const actions = [ToolAction.CALL];

function routeWith(dataPlane: GatewayDataPlane, ...authentication: Authentication[]) {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', { dataPlane, authentication });
  const server = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools,
  });
  return { app, chart, route: new McpRoute(chart, 'books', { gateway, backends: [{ server }] }) };
}

describe.each<[string, GatewayDataPlane]>([
  ['agentgateway', GatewayDataPlane.agentgateway()],
  ['Envoy', GatewayDataPlane.envoy()],
])('at %s', (_, dataPlane) => {
  const employee = Principal.user('alice', { issuer: EMPLOYEES });
  const customer = Principal.user('alice', { issuer: CUSTOMERS });

  it('alice of one issuer is not alice of another', () => {
    const { app, route } = routeWith(dataPlane, Authentication.anyOf(tokens(EMPLOYEES), tokens(CUSTOMERS)));
    route.allow(employee, { tools, actions });
    const access = AccessMatrix.of(app);
    access.expectAllowed({ route, tool: 'db_query', principal: employee });
    access.expectDenied({ route, tool: 'db_query', principal: customer });
    access.expectAllowed({ route, tool: 'db_query', claims: { iss: EMPLOYEES, sub: 'alice' } });
    access.expectDenied({ route, tool: 'db_query', claims: { iss: CUSTOMERS, sub: 'alice' } });
    access.expectDenied({ route, tool: 'db_query', claims: { iss: 'https://evil.dev', sub: 'alice' } });
  });

  it('nor is a group', () => {
    const { app, route } = routeWith(dataPlane, Authentication.anyOf(tokens(EMPLOYEES), tokens(CUSTOMERS)));
    route.allow(Principal.group('ops', { issuer: CUSTOMERS }), { tools, actions });
    const access = AccessMatrix.of(app);
    access.expectAllowed({ route, tool: 'db_query', principal: Principal.group('ops', { issuer: CUSTOMERS }) });
    access.expectDenied({ route, tool: 'db_query', principal: Principal.group('ops', { issuer: EMPLOYEES }) });
  });

  it('both are meant where both are named', () => {
    const { app, route } = routeWith(dataPlane, Authentication.anyOf(tokens(EMPLOYEES), tokens(CUSTOMERS)));
    [employee, customer].forEach(principal => route.allow(principal, { tools, actions }));
    const access = AccessMatrix.of(app);
    [employee, customer].forEach(principal => access.expectAllowed({ route, tool: 'db_query', principal }));
  });

  it("a token of bob with a key of alice is alice's by the key alone", () => {
    const byKey = Principal.user('alice', { method: CredentialKind.API_KEY });
    const byToken = Principal.user('alice', { method: CredentialKind.TOKEN });
    const { app, route } = routeWith(dataPlane, tokens(EMPLOYEES), key);
    route.allow(byToken, { tools, actions });
    const access = AccessMatrix.of(app);
    // Whoever presents the key has a token of somebody.
    access.expectDenied({ route, tool: 'db_query', principal: byKey });
    access.expectAllowed({ route, tool: 'db_query', principal: byToken });
  });

  it('a caller whom nothing in force verifies cannot pass', () => {
    const { app, route } = routeWith(dataPlane, tokens(EMPLOYEES));
    const { allowed, reasons } = AccessMatrix.of(app).decide({ route, tool: 'db_query', principal: customer });
    expect([allowed, reasons[0].words]).toEqual([
      false,
      `no caller presents a name by a token of ${CUSTOMERS} here, but a token of ${EMPLOYEES} in the header authorization`,
    ]);
  });

  it('is an error where it is not said', () => {
    const { app, route } = routeWith(dataPlane, Authentication.anyOf(tokens(EMPLOYEES), tokens(CUSTOMERS)));
    route.allow(Principal.user('alice'), { tools, actions });
    expect(messageOf(() => app.synthYaml())).toContain(
      `[finance/books] authorization[0]: got "user:alice": can be verified by a token of ${EMPLOYEES} and a token of ${CUSTOMERS}, ` +
        'which may give this name to different callers, and the rule does not say by which. ' +
        'Say it: Principal.user(…, { issuer }) or { method }, and name the principal once for each that is meant.',
    );
  });
});

it('is kept in the resource, a rule for each way to verify', () => {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const route = new McpRoute(chart, 'books', {
    authorization: [
      {
        principals: [
          Principal.user('alice', { issuer: EMPLOYEES }),
          Principal.anyAuthenticated(),
          Principal.user('bob', { issuer: EMPLOYEES }),
          Principal.group('ops', { method: CredentialKind.TOKEN }),
        ],
        permissions: [{ tools, actions }],
      },
    ],
  });
  const permissions = [{ actions: ['tools/call'], tools }];
  expect(route.resource.toJson().spec.authorization.rules).toEqual([
    { permissions, principals: ['user:alice', 'user:bob'], verifiedBy: { issuer: EMPLOYEES } },
    { permissions, principals: ['group:system:authenticated'] },
    { permissions, principals: ['group:ops'], verifiedBy: { method: 'Token' } },
  ]);
});

it('is refused where the resource is an of an operator, which has no field for it', () => {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  Reconciliation.CONTROLLER.applyTo(chart);
  const route = new McpRoute(chart, 'books');
  expect(messageOf(() => route.allow(Principal.user('alice', { issuer: EMPLOYEES }), { tools }))).toMatch(
    /authorization\[0\]\.principals\[0\]: got \{"issuer":"https:\/\/employees\.acme\.dev"\}: says what verifies the name, which .*\. Name the principal alone/,
  );
});
