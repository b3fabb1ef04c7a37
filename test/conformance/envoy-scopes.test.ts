import { App, Chart } from 'cdk8s';
import { describeWithEnvoy } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { RunningApp } from './end-to-end/running-app';
import { StatelessCaller } from './end-to-end/stateless-caller';
import { StatelessServer } from './end-to-end/stateless-server';
import {
  Authentication,
  Condition,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';

/* Callers whose token was not issued for enough, at a real Envoy. */

describeWithEnvoy('scopes', envoy => {
  let running: RunningApp;
  let server: StatelessServer;
  beforeAll(async () => {
    server = await StatelessServer.start('ledger');
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const ledger = new McpServer(chart, 'ledger', {
      source: McpServerSource.image('ghcr.io/acme/ledger:2.0.0'),
      sessions: McpSessions.STATELESS,
      tools: ['query', 'delete'],
    });
    const issuer = { issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks };
    const gateway = new McpGateway(chart, 'gateway', {
      dataPlane: GatewayDataPlane.envoy(),
      authentication: [Authentication.oidc(issuer)],
    });
    const route = new McpRoute(chart, 'books', { gateway, backends: [{ server: ledger }] });
    const call = { actions: [ToolAction.CALL] };
    route.allow(Principal.anyAuthenticated(), { tools: ['*'], actions: [ToolAction.LIST] });
    route.allow(Principal.anyAuthenticated(), { tools: ['query'], ...call, when: [Condition.scope('read')] });
    route.allow(Principal.user('alice'), {
      tools: ['delete'],
      ...call,
      when: [Condition.scope('write'), Condition.scope('admin')],
    });
    const both = new McpGateway(chart, 'both', {
      dataPlane: GatewayDataPlane.envoy(),
      authentication: [Authentication.oidc(issuer)],
    });
    both.allow(Principal.anyAuthenticated(), { tools: ['*'], ...call, when: [Condition.scope('mcp')] });
    const inner = new McpRoute(chart, 'inner', { gateway: both, backends: [{ server: ledger }] });
    inner.allow(Principal.anyAuthenticated(), { tools: ['query'], ...call, when: [Condition.scope('read')] });
    const tokens = new McpGateway(chart, 'tokens', {
      dataPlane: GatewayDataPlane.envoy(),
      authentication: [Authentication.jwt(issuer)],
    });
    const plain = new McpRoute(chart, 'plain', { gateway: tokens, backends: [{ server: ledger }] });
    plain.allow(Principal.anyAuthenticated(), { tools: ['query'], ...call, when: [Condition.scope('read')] });
    running = await envoy().start(objectsOf(app), { elsewhere: { 'finance/ledger': server.address } });
  }, 60_000);
  afterAll(async () => {
    await running?.stop();
    await server?.stop();
  });

  interface Refused {
    readonly status: number;
    readonly challenge: unknown;
  }
  const ask = async (route: string, claims: object, tool = 'query'): Promise<Refused> => {
    const gateway = { books: 'gateway', inner: 'both', plain: 'tokens' }[route]!;
    const token = ISSUER.token({ aud: 'mcp', sub: 'bob', ...claims });
    const caller = new StatelessCaller(`${running.gateway(gateway).url}/routes/finance/${route}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const answer = await caller.ask('tools/call', { name: tool, arguments: {} });
    caller.close();
    return { status: answer.status, challenge: answer.headers['www-authenticate'] };
  };
  const challengeOf = (route: string, gateway: string, scope: string): Refused => ({
    status: 403,
    challenge:
      `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="` +
      `${running.gateway(gateway).url}/.well-known/oauth-protected-resource/routes/finance/${route}"`,
  });
  const ALLOWED: Refused = { status: 200, challenge: undefined };
  const REFUSED: Refused = { status: 403, challenge: undefined };

  it('says which scope a token lacks, as text or in a list', async () => {
    const lacks = challengeOf('books', 'gateway', 'read');
    expect(await ask('books', {})).toEqual(lacks);
    expect(await ask('books', { scope: 'reader other' })).toEqual(lacks);
    expect(await ask('books', { scp: ['write'] })).toEqual(lacks);
    expect(await ask('books', { scope: 'other read' })).toEqual(ALLOWED);
    expect(await ask('books', { scp: ['read'] })).toEqual(ALLOWED);
  });

  it('says all scopes that a rule asks for, and of no rule that would refuse all the same', async () => {
    const lacks = challengeOf('books', 'gateway', 'admin write');
    expect(await ask('books', { sub: 'alice' }, 'delete')).toEqual(lacks);
    expect(await ask('books', { sub: 'alice', scope: 'write' }, 'delete')).toEqual(lacks);
    expect(await ask('books', { sub: 'alice', scope: 'write admin' }, 'delete')).toEqual(ALLOWED);
    // More scopes would not help who is not alice, and no scope is asked for of a tool that nobody may call.
    expect(await ask('books', { sub: 'bob' }, 'delete')).toEqual(REFUSED);
    expect(await ask('books', { sub: 'alice' }, 'other')).toEqual(REFUSED);
  });

  it('says what the gateway asks for, and then what the route does', async () => {
    expect(await ask('inner', {})).toEqual(challengeOf('inner', 'both', 'mcp'));
    expect(await ask('inner', { scope: 'read' })).toEqual(challengeOf('inner', 'both', 'mcp'));
    expect(await ask('inner', { scope: 'mcp' })).toEqual(challengeOf('inner', 'both', 'read'));
    expect(await ask('inner', { scope: 'mcp' }, 'delete')).toEqual(REFUSED);
    expect(await ask('inner', { scope: 'mcp read' })).toEqual(ALLOWED);
  });

  it('says nothing where there is no issuer to go to', async () => {
    expect(await ask('plain', {})).toEqual(REFUSED);
  });
});
