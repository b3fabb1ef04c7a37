import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  Authentication,
  Condition,
  GatewayDataPlane,
  McpDiagnostics,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  Reconciliation,
  ToolAction,
} from '../../src';
import { messageOf, newChart } from '../support/synth';

/* Rules by what tokens were issued for. */

const OURS = 'https://auth.acme.dev';
const PARTNERS = 'https://auth.partner.example';

function jwt(issuer: string, header?: string): Authentication {
  return Authentication.jwt({ issuer, audiences: ['mcp'], jwksUri: `${issuer}/keys`, header });
}

function appWith(dataPlane: GatewayDataPlane, authentication: Authentication[], ...when: Condition[]): [App, McpRoute] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
  const route = new McpRoute(chart, 'books', {
    gateway: new McpGateway(chart, 'gateway', { dataPlane }),
    backends: [{ server }],
    authentication,
  });
  route.allow(Principal.anyAuthenticated(), { tools: ['write'], actions: [ToolAction.CALL], when });
  return [app, route];
}

describe.each([
  ['agentgateway', GatewayDataPlane.agentgateway()],
  ['envoy', GatewayDataPlane.envoy()],
])('on %s', (_, dataPlane) => {
  const allowed = (claims: Readonly<Record<string, unknown>>, ...scopes: string[]): boolean => {
    const [app, route] = appWith(dataPlane, [jwt(OURS)], ...scopes.map(scope => Condition.scope(scope)));
    return AccessMatrix.of(app).decide({ route, tool: 'write', undeclared: true, claims }).allowed;
  };

  it.each<[Record<string, unknown>, boolean]>([
    [{ scope: 'db:write' }, true],
    [{ scope: 'mcp db:write' }, true],
    [{ scope: 'db:write mcp' }, true],
    [{ scp: 'mcp db:write other' }, true],
    [{ scp: ['mcp', 'db:write'] }, true],
    [{ scope: ['db:write'] }, true],
    [{ scope: 'mcp', scp: ['db:write'] }, true],
    [{}, false],
    [{ scope: '' }, false],
    [{ scope: 'db:writer' }, false],
    [{ scope: 'xdb:write' }, false],
    [{ scope: 'mcp,db:write' }, false],
    [{ scope: 'db:write\nmcp' }, false],
    [{ scope: 'DB:WRITE' }, false],
    [{ scp: ['mcp db:write'] }, false],
    [{ scope: { 'db:write': true } }, false],
    [{ scope: 5, scp: null }, false],
    [{ groups: ['db:write'], sub: 'db:write' }, false],
  ])('a token with %j may write: %s', (claims, expected) => {
    expect(allowed(claims, 'db:write')).toBe(expected);
  });

  it('several conditions ask for all of their scopes', () => {
    expect(allowed({ scope: 'mcp db:write' }, 'mcp', 'db:write')).toBe(true);
    expect(allowed({ scope: 'mcp', scp: 'db:write' }, 'mcp', 'db:write')).toBe(true);
    expect(allowed({ scope: 'db:write' }, 'mcp', 'db:write')).toBe(false);
  });

  it('a scope is what it says, whatever it looks like', () => {
    expect(allowed({ scope: 'a.b+c$ x' }, 'a.b+c$')).toBe(true);
    expect(allowed({ scope: 'aXb+c$ x' }, 'a.b+c$')).toBe(false);
  });
});

it('a scope of one issuer is not that of another', () => {
  const both = [jwt(OURS), jwt(PARTNERS, 'X-Partner-Token')];
  const [ambiguous] = appWith(GatewayDataPlane.envoy(), both, Condition.scope('db:write'));
  expect(messageOf(() => ambiguous.synth())).toContain(
    `can be of tokens of ${OURS} and tokens of ${PARTNERS}, which may mean different things by it`,
  );
  const [said] = appWith(GatewayDataPlane.envoy(), both, Condition.scope('db:write', { issuer: OURS }));
  expect(() => said.synth()).not.toThrow();
});

it('a scope that no token can have is a warning', () => {
  const [app] = appWith(GatewayDataPlane.envoy(), [jwt(OURS)], Condition.scope('db:write', { issuer: PARTNERS }));
  expect(McpDiagnostics.of(app).warnings.map(({ problem }) => problem)).toContainEqual(
    expect.stringContaining(`and no token of ${PARTNERS}`),
  );
});

it.each(['', 'db read', '"db"', 'a\\b', 'ä'])('%j is no scope', scope => {
  expect(messageOf(() => Condition.scope(scope))).toContain('is no scope of OAuth');
});

it('an operator would not see it', () => {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  const route = new McpRoute(chart, 'books');
  const when = [Condition.scope('db:write')];
  expect(messageOf(() => route.allow(Principal.anyAuthenticated(), { tools: ['write'], when }))).toContain(
    'asks for a scope of the token',
  );
});
