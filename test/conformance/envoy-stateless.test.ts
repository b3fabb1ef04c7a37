import { App, Chart, Duration } from 'cdk8s';
import { describeWithEnvoy } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { messagesIn } from './end-to-end/mcp-caller';
import { RunningApp } from './end-to-end/running-app';
import { StatelessCaller, Stream } from './end-to-end/stateless-caller';
import { StatelessServer } from './end-to-end/stateless-server';
import { until } from './end-to-end/until';
import {
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';

/* MCP as revision 2026-07-28 speaks it, without sessions, through a real Envoy. */

const TOKEN = { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub: 'alice' })}` };
const BOB = { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub: 'bob' })}` };

/** Milliseconds that requests may take where there is a limit. */
const LIMIT_MS = 1500;

describeWithEnvoy('MCP without sessions', envoy => {
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
    const open = new McpGateway(chart, 'open', { dataPlane: GatewayDataPlane.envoy() });
    const route = (id: string, options: Partial<McpRouteProps> = {}): McpRoute =>
      new McpRoute(chart, id, { gateway: open, backends: [{ server: ledger }], ...options });
    route('plain');
    route('timed', { timeouts: { request: Duration.millis(LIMIT_MS) } });
    route('limited', { timeouts: { backendRequest: Duration.millis(LIMIT_MS) } });
    const guarded = new McpGateway(chart, 'guarded', {
      dataPlane: GatewayDataPlane.envoy(),
      authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    });
    const users = new McpRoute(chart, 'users', { gateway: guarded, backends: [{ server: ledger }] });
    users.allow(Principal.user('alice'), { tools: ['query'], actions: [ToolAction.CALL] });
    running = await envoy().start(objectsOf(app), { elsewhere: { 'finance/ledger': server.address } });
  }, 60_000);
  afterAll(async () => {
    await running?.stop();
    await server?.stop();
  });

  const callers: StatelessCaller[] = [];
  afterEach(() => callers.splice(0).forEach(caller => caller.close()));
  const caller = (route: string, headers: Readonly<Record<string, string>> = {}): StatelessCaller => {
    const gateway = route === 'users' ? 'guarded' : 'open';
    const found = new StatelessCaller(`${running.gateway(gateway).url}/routes/finance/${route}`, { headers });
    callers.push(found);
    return found;
  };
  const isAcknowledged = (stream: Stream): boolean =>
    stream.text().includes('notifications/subscriptions/acknowledged');

  it('discovers, lists and calls', async () => {
    const plain = caller('plain');
    expect((await plain.ask('server/discover')).status).toBe(200);
    expect(messagesIn((await plain.ask('tools/list')).body)[0].result.tools).toHaveLength(2);
    expect(await plain.call('query')).toBe('ledger');
  });

  it.each(['plain', 'timed', 'limited'])('keeps a stream open that is listened on, at the route %s', async route => {
    const stream = await caller(route).listen();
    expect(stream.status).toBe(200);
    // As it comes, held back by nobody.
    await until('the stream is acknowledged', () => isAcknowledged(stream), { timeoutMs: 1000 });
    await new Promise(resolve => setTimeout(resolve, 2 * LIMIT_MS));
    expect(stream.isOpen()).toBe(true);
    server.notify();
    await until('a change arrives', () => stream.text().includes('tools/list_changed'));
    stream.close();
    await until('the server hears that nobody listens', () => server.listeners === 0);
  });

  it.each(['timed', 'limited'])('ends a call that takes too long, at the route %s', async route => {
    expect(await caller(route).call('query', { delayMs: 2 * LIMIT_MS })).toMatch(/^504 /);
    // Whatever the header says that repeats the method.
    const disguised = caller(route, { 'mcp-method': 'subscriptions/listen' });
    const body = JSON.parse((await disguised.ask('tools/list')).body);
    expect(body.error.code).toBe(-32020);
  });

  it('lets callers of a route with rules listen to changes of lists, and to no resource', async () => {
    const stream = await caller('users', TOKEN).listen();
    await until('the stream is acknowledged', () => isAcknowledged(stream));
    stream.close();
    // As the streams of sessions, whoever passed authentication.
    const other = await caller('users', BOB).listen({});
    expect(other.status).toBe(200);
    other.close();
    for (const resourceSubscriptions of [['memo://secret'], [], 'memo://secret', { a: 1 }, 1, true]) {
      const refused = await caller('users', TOKEN).listen({ toolsListChanged: true, resourceSubscriptions });
      expect([resourceSubscriptions, refused.status]).toEqual([resourceSubscriptions, 403]);
    }
    expect((await caller('users').listen()).status).toBe(401);
    expect((await caller('users', TOKEN).ask('resources/read', { uri: 'memo://secret' })).status).toBe(403);
    expect(await caller('users', TOKEN).call('query')).toBe('ledger');
    expect(await caller('users', TOKEN).call('delete')).toMatch(/^403 /);
  });
});
