import { App, Chart } from 'cdk8s';
import { describeWithEnvoy } from './end-to-end/describe';
import { exchange, HttpAnswer } from './end-to-end/http-exchange';
import { ISSUER } from './end-to-end/identities';
import { rawExchange, statusesIn } from './end-to-end/raw-exchange';
import { RunningApp } from './end-to-end/running-app';
import { STATELESS_VERSION } from './end-to-end/stateless-caller';
import { StatelessServer } from './end-to-end/stateless-server';
import {
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
} from '../../src';
import { objectsOf } from '../support/synth';

/* Web pages that ask a real Envoy: those that may, and those that nobody allowed. */

const CHAT = 'https://chat.acme.dev';
const LOCAL = 'http://localhost:6274';

const BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'query',
    arguments: {},
    _meta: {
      'io.modelcontextprotocol/protocolVersion': STATELESS_VERSION,
      'io.modelcontextprotocol/clientInfo': { name: 'page', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
});
const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': STATELESS_VERSION,
  'mcp-method': 'tools/call',
  'mcp-name': 'query',
};
const TOKEN = { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub: 'alice' })}` };
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,mcp-method,mcp-name,mcp-param-region',
};

describeWithEnvoy('web pages', envoy => {
  let running: RunningApp;
  let server: StatelessServer;
  beforeAll(async () => {
    server = await StatelessServer.start('ledger');
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const backends = [
      {
        server: new McpServer(chart, 'ledger', {
          source: McpServerSource.image('ghcr.io/acme/ledger:2.0.0'),
          sessions: McpSessions.STATELESS,
        }),
      },
    ];
    const gateway = (id: string, allowedOrigins?: string[]): McpGateway =>
      new McpGateway(chart, id, { dataPlane: GatewayDataPlane.envoy(), allowedOrigins });
    const closed = gateway('closed');
    new McpRoute(chart, 'nobody', { gateway: closed, backends });
    new McpRoute(chart, 'chat', { gateway: closed, backends, allowedOrigins: [CHAT] });
    const open = gateway('open', [CHAT, LOCAL]);
    new McpRoute(chart, 'both', { gateway: open, backends });
    new McpRoute(chart, 'some', { gateway: open, backends, allowedOrigins: [LOCAL] });
    new McpRoute(chart, 'guarded', {
      gateway: open,
      backends,
      authentication: [Authentication.oidc({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    });
    running = await envoy().start(objectsOf(app), { elsewhere: { 'finance/ledger': server.address } });
  }, 60_000);
  afterAll(async () => {
    await running?.stop();
    await server?.stop();
  });

  const urlOf = (route: string): string =>
    `${running.gateway(['nobody', 'chat'].includes(route) ? 'closed' : 'open').url}/routes/finance/${route}`;
  const ask = (
    route: string,
    headers: Readonly<Record<string, string>>,
    method: 'POST' | 'GET' | 'DELETE' | 'OPTIONS' = 'POST',
  ): Promise<HttpAnswer> =>
    exchange({
      url: urlOf(route),
      method,
      headers: method === 'POST' ? { ...HEADERS, ...headers } : headers,
      body: method === 'POST' ? BODY : undefined,
    });
  /** The status, and which page may read the answer. */
  const seen = ({ status, headers }: HttpAnswer): unknown[] => [status, headers['access-control-allow-origin']];

  it('programs are asked nothing', async () => {
    for (const route of ['nobody', 'chat', 'both', 'some']) {
      expect([route, ...seen(await ask(route, {}))]).toEqual([route, 200, undefined]);
    }
  });

  it.each([
    ['nobody', CHAT, false],
    ['nobody', 'https://evil.example', false],
    ['chat', CHAT, true],
    ['chat', LOCAL, false],
    ['both', CHAT, true],
    ['both', LOCAL, true],
    ['both', 'https://evil.example', false],
    ['some', LOCAL, true],
    ['some', CHAT, false],
  ])('at the route %s a page of %s is served: %s', async (route, origin, served) => {
    expect(seen(await ask(route, { origin }))).toEqual(served ? [200, origin] : [403, undefined]);
    const preflight = await ask(route, { origin, ...PREFLIGHT }, 'OPTIONS');
    expect(seen(preflight)).toEqual(served ? [200, origin] : [403, undefined]);
    for (const method of ['GET', 'DELETE', 'OPTIONS'] as const) {
      expect([method, (await ask(route, { origin }, method)).status === 403]).toEqual([method, !served]);
    }
  });

  it('a preflight says what a page may send, for as long as it says', async () => {
    const { headers } = await ask('both', { origin: CHAT, ...PREFLIGHT }, 'OPTIONS');
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, *',
      'access-control-max-age': '600',
    });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each([
    'null',
    '',
    '*',
    'https://chat.acme.dev.evil.example',
    'https://evil-chat.acme.dev',
    'https://chat.acme.dev:444',
    'https://chat.acme.dev/',
    'http://chat.acme.dev',
    'HTTPS://CHAT.ACME.DEV',
    `${CHAT}, ${CHAT}`,
    `${CHAT} https://evil.example`,
    'https://ch\xe4t.acme.dev',
    '\xff',
  ])('%j is no page that was allowed', async origin => {
    const before = server.asked.length;
    const lines = (...origins: string[]): Buffer =>
      Buffer.from(
        [
          `POST ${new URL(urlOf('both')).pathname} HTTP/1.1`,
          'Host: gateway',
          ...Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`),
          ...origins.map(value => `Origin: ${value}`),
          `Content-Length: ${BODY.length}`,
          '',
          BODY,
        ].join('\r\n'),
        'latin1',
      );
    // A line that says nothing adds nothing to another.
    const beside = origin === '' ? [] : [lines(CHAT, origin), lines(origin, CHAT)];
    for (const request of [lines(origin), ...beside]) {
      expect(statusesIn(await rawExchange(urlOf('both'), [request]))).toEqual([403]);
    }
    expect(server.asked).toHaveLength(before);
  });

  it('servers see no page', async () => {
    await ask('both', { origin: CHAT });
    expect(server.asked.at(-1)?.method).toBe('tools/call');
    expect(server.asked.at(-1)?.headers).not.toHaveProperty('origin');
  });

  it('a page reads why it is refused, and where to get a token, before it has any', async () => {
    const preflight = await ask('guarded', { origin: CHAT, ...PREFLIGHT }, 'OPTIONS');
    expect(seen(preflight)).toEqual([200, CHAT]);
    const refused = await ask('guarded', { origin: CHAT });
    expect(seen(refused)).toEqual([401, CHAT]);
    expect(refused.headers['access-control-expose-headers']).toBe('*');
    const [, path] = /resource_metadata="([^"]+)"/.exec(String(refused.headers['www-authenticate']))!;
    const metadata = (headers: Readonly<Record<string, string>>, method = 'GET'): Promise<HttpAnswer> =>
      exchange({ url: new URL(path, urlOf('guarded')).href, method, headers });
    const asked = { ...PREFLIGHT, 'access-control-request-method': 'GET' };
    expect(seen(await metadata({ origin: CHAT, ...asked }, 'OPTIONS'))).toEqual([200, '*']);
    const found = await metadata({ origin: CHAT, 'mcp-protocol-version': STATELESS_VERSION });
    expect(seen(found)).toEqual([200, '*']);
    expect(JSON.parse(found.body).authorization_servers).toEqual([ISSUER.issuer]);
    expect(seen(await ask('guarded', { origin: CHAT, ...TOKEN }))).toEqual([200, CHAT]);
    expect(seen(await ask('guarded', { origin: 'https://evil.example', ...TOKEN }))).toEqual([403, undefined]);
  });
});
