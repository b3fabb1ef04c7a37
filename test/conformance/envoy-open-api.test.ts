import { describeWithEnvoy, describeWithRateLimits, EnvoyTests } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { McpCaller, messagesIn } from './end-to-end/mcp-caller';
import { callerOf, oneRoute, secretOf } from './end-to-end/one-route';
import { Answer, OUTSIDE_PORT, OutsideServer, Received } from './end-to-end/outside-server';
import { RunningApp } from './end-to-end/running-app';
import { until } from './end-to-end/until';
import {
  Authentication,
  BackendCredential,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
} from '../../src';

/* A REST service as tools, behind a real Envoy. */

const HOST = 'crm.sales.svc';

const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'CRM', version: '1' },
  paths: {
    '/customers': {
      get: {
        operationId: 'find',
        parameters: [
          { name: 'name', in: 'query', schema: { type: 'string' } },
          { name: 'limit', in: 'query', schema: { type: 'integer' } },
        ],
        responses: { 200: { description: 'ok' } },
      },
    },
    '/customers/{id}/notes': {
      post: {
        operationId: 'note',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'notify', in: 'query', schema: { type: 'boolean' } },
          { name: 'X-Reason', in: 'header', schema: { type: 'string' } },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
            },
          },
        },
        responses: { 201: { description: 'ok' } },
      },
    },
    '/customers/{id}': {
      delete: {
        operationId: 'forget',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 204: { description: 'gone' } },
      },
    },
  },
};

/** The service itself: it says what it was asked for. */
function crm({ method, path, body }: Received): Answer {
  return path.includes('missing')
    ? { status: 404, body: '{"error":"no such customer"}' }
    : { status: 200, body: JSON.stringify({ method, path, body }) };
}

const token = (sub: string): string => `Bearer ${ISSUER.token({ aud: 'mcp', sub })}`;

interface Running {
  readonly running: RunningApp;
  readonly service: OutsideServer;
  as(user: string): McpCaller;
  stop(): Promise<void>;
}

async function run(envoy: EnvoyTests, ...limits: readonly RateLimit[]): Promise<Running> {
  const service = await OutsideServer.start({ answer: crm });
  const running = await envoy.start(
    oneRoute({
      gateway: {
        // A Service of another namespace.
        allowedRemoteHosts: [HOST],
        authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
      },
      servers: {
        crm: {
          source: McpServerSource.openApi({
            schema: DOCUMENT,
            url: `http://${HOST}:${OUTSIDE_PORT}/api/v1`,
            credentials: [BackendCredential.header('x-api-key', { secret: secretOf('crm'), key: 'key' })],
          }),
        },
      },
      rules: route => {
        route.allow(Principal.anyAuthenticated(), { tools: ['*'], actions: [ToolAction.LIST] });
        route.allow(Principal.anyAuthenticated(), { tools: ['find', 'note'], actions: [ToolAction.CALL] });
        route.allow(Principal.user('alice'), { tools: ['forget'], actions: [ToolAction.CALL] });
        limits.forEach(limit => route.addRateLimit(limit));
      },
    }),
    { hosts: { [HOST]: service.address }, secrets: { 'finance/crm': { key: 's3cret' } } },
  );
  return {
    running,
    service,
    as: user => callerOf(running, { authorization: token(user), cookie: 'session=1' }),
    stop: async () => {
      await running.stop();
      await service.stop();
    },
  };
}

/** What a call comes to: the result of the tool, or the error, or the status where there is neither. */
async function outcome(caller: McpCaller, name: string, given: Readonly<Record<string, unknown>>): Promise<any> {
  const { status, body } = await caller.post('tools/call', { name, arguments: given });
  if (status !== 200) {
    return status;
  }
  const [{ result, error }] = messagesIn(body);
  return result === undefined
    ? { error: error.code }
    : { isError: result.isError ?? false, content: JSON.parse(result.content[0].text) };
}

describeWithEnvoy('a REST service as tools', envoy => {
  let started: Running;
  beforeAll(async () => {
    started = await run(envoy());
  }, 60_000);
  afterAll(async () => started?.stop());
  beforeEach(() => {
    started.service.received.length = 0;
  });

  it('says what it is, and lists its tools', async () => {
    const caller = started.as('bob');
    expect((await caller.open()).status).toBe(200);
    const { status, body } = await caller.post('tools/list', {});
    expect(status).toBe(200);
    const [
      {
        result: { tools },
      },
    ] = messagesIn(body);
    expect(tools.map(({ name, inputSchema }: any) => [name, inputSchema.required ?? []])).toEqual([
      ['find', []],
      ['forget', ['id']],
      ['note', ['id', 'body']],
    ]);
    expect(started.service.received).toEqual([]);
    caller.close();
  });

  it.each<
    [string, string, Record<string, unknown>, { method: string; path: string; body: unknown }, Record<string, string>]
  >([
    [
      'a query',
      'find',
      { name: 'a & b/ü', limit: 3 },
      { method: 'GET', path: '/api/v1/customers?limit=3&name=a%20%26%20b%2F%C3%BC', body: '' },
      {},
    ],
    ['no arguments', 'find', {}, { method: 'GET', path: '/api/v1/customers', body: '' }, {}],
    [
      'a path, a query, a header and a body',
      'note',
      { id: 'a/b ?x=1', notify: true, 'X-Reason': 'audit', body: { text: 'hello' } },
      { method: 'POST', path: '/api/v1/customers/a%2Fb%20%3Fx%3D1/notes?notify=true', body: { text: 'hello' } },
      { 'x-reason': 'audit' },
    ],
  ])('asks the service for what a call means: %s', async (_, tool, given, asked, headers) => {
    const caller = started.as('bob');
    const { isError, content } = await outcome(caller, tool, given);
    expect([
      isError,
      { ...content, path: sorted(content.path), body: content.body === '' ? '' : JSON.parse(content.body) },
    ]).toEqual([false, asked]);
    expect(started.service.received).toHaveLength(1);
    expect(started.service.received[0].headers).toMatchObject({ 'x-api-key': 's3cret', ...headers });
    expect(['authorization', 'cookie'].filter(name => name in started.service.received[0].headers)).toEqual([]);
    caller.close();
  });

  it('makes an answer of 4xx a result that is an error', async () => {
    const caller = started.as('bob');
    expect(await outcome(caller, 'note', { id: 'missing', body: { text: 'x' } })).toEqual({
      isError: true,
      content: { error: 'no such customer' },
    });
    caller.close();
  });

  const INVALID = { error: -32602 };
  it.each<[string, string, Record<string, unknown>, unknown]>([
    ['an argument that it does not have', 'find', { name: 'a', admin: true }, 403],
    ['an argument whose name is more of a query', 'find', { 'limit&admin': 1 }, 403],
    ['no argument for the path', 'note', { body: { text: 'x' } }, INVALID],
    ['an empty one', 'forget', { id: '' }, 403],
    ['one that climbs', 'note', { id: '..', body: { text: 'x' } }, INVALID],
    ['one that climbs from below', 'note', { id: 'a/../../b', body: { text: 'x' } }, INVALID],
    ['no body', 'note', { id: '1' }, INVALID],
    ['a tool that there is not', 'drop', {}, 403],
    ['a path', '/api/v1/customers', {}, 403],
  ])('asks the service for nothing: %s', async (_, tool, given, expected) => {
    const alice = started.as('alice');
    expect(await outcome(alice, tool, given)).toEqual(expected);
    expect(started.service.received).toEqual([]);
    alice.close();
  });

  it('is called by whom the rules grant it, and by nobody else', async () => {
    const [alice, bob, nobody] = [started.as('alice'), started.as('bob'), callerOf(started.running)];
    expect(await outcome(bob, 'forget', { id: '1' })).toBe(403);
    expect(await outcome(nobody, 'find', {})).toBe(401);
    expect(started.service.received).toEqual([]);
    expect((await outcome(alice, 'forget', { id: '1' })).content).toEqual({
      method: 'DELETE',
      path: '/api/v1/customers/1',
      body: '',
    });
    [alice, bob, nobody].forEach(caller => caller.close());
  });

  it('has calls in the log without what they are called with, which is in the path that the service is asked for', async () => {
    const caller = started.as('bob');
    expect(
      (await outcome(caller, 'note', { id: 'in-the-path', notify: true, body: { text: 'in-the-body' } })).isError,
    ).toBe(false);
    const lines = () => started.running.gateway().accessLog();
    await until('it is logged', () =>
      lines().some(line => line['mcp.tool'] === 'note' && line['http.status'] === 200 && line.server !== null),
    );
    expect(started.service.received.map(({ path }) => path)).toEqual([
      '/api/v1/customers/in-the-path/notes?notify=true',
    ]);
    expect(new Set(lines().map(line => line['http.path']))).toEqual(new Set(['/routes/finance/books']));
    expect(started.running.gateway().output()).not.toMatch(/in-the-/);
    caller.close();
  });
});

/** A path with the parameters of its query in order. */
function sorted(path: string): string {
  const [before, query] = path.split('?');
  return query === undefined ? before : `${before}?${query.split('&').sort().join('&')}`;
}

describeWithRateLimits('limits in front of a REST service', envoy => {
  it('count its calls, and stop the one above', async () => {
    const { service, as, stop } = await run(envoy(), RateLimit.perUser(2, RateLimitUnit.DAY, { tools: ['find'] }));
    const bob = as('bob');
    const found: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      found.push(
        (await bob.post('tools/call', { name: 'find', arguments: {} })).status,
        (await bob.post('tools/list', {})).status,
      );
    }
    expect(found).toEqual([200, 200, 200, 200, 429, 200, 429, 200]);
    expect(await outcome(bob, 'note', { id: '1', body: { text: 'x' } })).toMatchObject({ isError: false });
    expect(service.received.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST']);
    bob.close();
    await stop();
  });
});
