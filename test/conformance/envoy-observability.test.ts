import { describeWithEnvoy } from './end-to-end/describe';
import { exchange } from './end-to-end/http-exchange';
import { ISSUER } from './end-to-end/identities';
import { McpCaller } from './end-to-end/mcp-caller';
import { oneRoute, OneRoute, urlOf } from './end-to-end/one-route';
import { RunningApp } from './end-to-end/running-app';
import { Protocol, TraceCollector } from './end-to-end/trace-collector';
import { until } from './end-to-end/until';
import { AccessLogField, Authentication, GatewayLogFormat, OtlpProtocol, Principal, ToolAction } from '../../src';

/* What a real Envoy tells of the requests it served and refused. */

const TOOLS = ['query', 'drop'];
const TOKEN = ISSUER.token({ aud: 'mcp', sub: 'alice' });
const BOBS_TOKEN = ISSUER.token({ aud: 'mcp', sub: 'bob' });

/** Alice may call `query`. */
function appOf(gateway: OneRoute['gateway']): ReturnType<typeof oneRoute> {
  return oneRoute({
    gateway: {
      authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
      ...gateway,
    },
    servers: { ledger: { tools: TOOLS } },
    rules: route => route.allow(Principal.user('alice'), { tools: ['query'], actions: [ToolAction.CALL] }),
  });
}

function as(running: RunningApp, token: string | undefined, headers: Readonly<Record<string, string>> = {}): McpCaller {
  return new McpCaller(`${urlOf(running)}?code=in-the-query`, {
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
}

/** The lines of calls, when there are as many. */
async function callsIn(running: RunningApp, count: number): Promise<Record<string, unknown>[]> {
  const lines = (): Record<string, unknown>[] =>
    running
      .gateway()
      .accessLog()
      .filter(line => line['mcp.method'] === 'tools/call');
  await until(`${count} calls are logged`, () => lines().length >= count);
  return lines();
}

/** What is logged besides. */
const accessLog = [
  AccessLogField.toolName('called'),
  AccessLogField.toolArguments('arguments'),
  AccessLogField.requestHeader('team', 'x-team'),
  AccessLogField.text('share', '100% %PROTOCOL%'),
];

describeWithEnvoy('the log of requests', envoy => {
  it('says who called what with what outcome, refused calls included', async () => {
    const running = await envoy().start(appOf({ observability: { accessLog }, audit: { includeMetadata: false } }));
    const alice = as(running, TOKEN, { 'x-team': 'finance' });
    const bob = as(running, BOBS_TOKEN);
    expect((await alice.call('query', { sql: 'select "a"', limit: 3 })).status).toBe(200);
    expect((await alice.call('drop')).status).toBe(403);
    expect((await bob.call('query', { sql: 'select 2' })).status).toBe(403);

    const [served, refused, foreign] = await callsIn(running, 3);
    const common = {
      'http.method': 'POST',
      'http.path': '/routes/finance/books',
      'mcp.method': 'tools/call',
      'audit.method': 'tools/call',
      share: '100% %PROTOCOL%',
    };
    const of = (user: string, tool: string, status: number) => ({
      ...common,
      user,
      'mcp.tool': tool,
      called: tool,
      'http.status': status,
      'audit.user': user,
      'audit.tool': tool,
      'audit.status': status,
    });
    expect(served).toMatchObject({
      ...of('alice', 'query', 200),
      arguments: { sql: 'select "a"', limit: 3 },
      team: 'finance',
      server: expect.stringContaining(':8080'),
      route: 'finance.books/default',
    });
    expect(refused).toMatchObject({
      ...of('alice', 'drop', 403),
      arguments: {},
      team: 'finance',
      server: null,
      reason: expect.stringContaining('rbac_access_denied'),
    });
    expect(foreign).toMatchObject({
      ...of('bob', 'query', 403),
      arguments: { sql: 'select 2' },
      team: null,
      server: null,
    });
    [alice, bob].forEach(caller => caller.close());
    await running.stop();
  });

  it('has neither sessions nor queries nor credentials, and arguments only where they are asked for', async () => {
    const running = await envoy().start(appOf({}));
    const alice = as(running, TOKEN, { cookie: 'in-a-cookie' });
    const nobody = as(running, undefined);
    expect((await alice.call('query', { sql: 'in-the-arguments' })).status).toBe(200);
    expect((await nobody.call('query')).status).toBe(401);
    const [served] = await callsIn(running, 1);
    expect(Object.keys(served).filter(name => name.startsWith('audit.'))).toEqual([]);
    await until('the refused request is logged', () =>
      running
        .gateway()
        .accessLog()
        .some(line => line['http.status'] === 401 && line.user === null),
    );
    const output = running.gateway().output();
    expect(
      [alice.session!, 'in-the-query', 'in-the-arguments', 'in-a-cookie', TOKEN].filter(secret =>
        output.includes(secret),
      ),
    ).toEqual([]);
    [alice, nobody].forEach(caller => caller.close());
    await running.stop();
  });
});

describeWithEnvoy('a line of text', envoy => {
  it('is one line for each request, and has no field that a caller made', async () => {
    const running = await envoy().start(appOf({ observability: { logFormat: GatewayLogFormat.TEXT, accessLog } }));
    const alice = as(running, TOKEN, { 'x-team': 'finance' });
    const mallory = as(running, TOKEN, { 'x-team': 'x" user="root' });
    expect((await alice.call('query', { sql: 'a\nb' })).status).toBe(200);
    await mallory.call('x\ntime=2026-01-01 mcp.tool="query" user="root" http.status=200');
    await mallory.call('x" user="root');
    await mallory.post('ping\nuser="root"', {});
    await mallory.post('tools/call', { name: 'query', arguments: 'a\nuser="root"' });
    const lines = (): string[] =>
      running
        .gateway()
        .output()
        .split('\n')
        .filter(line => /http\.status=/.test(line));
    await until('all are logged', () => lines().filter(line => line.includes('team="(unprintable)"')).length >= 4, {
      details: () => running.gateway().output(),
    });
    expect(lines().filter(line => !line.startsWith('time='))).toEqual([]);
    expect(running.gateway().output()).not.toMatch(/ user="?root"? /);
    expect(running.gateway().output()).not.toMatch(/^[^t].*root/m);
    const [served] = lines().filter(
      line => line.includes('mcp.method="tools/call"') && line.includes('team="finance"'),
    );
    expect(served).toMatch(/http\.method="POST" http\.path="\/routes\/finance\/books" http\.status=200 /);
    expect(served).toMatch(/ mcp\.tool="query" user="alice" /);
    expect(served).toMatch(/ called="query" arguments=\{.*"a\\nb".*\} team="finance" share=100% %PROTOCOL%$/);
    [alice, mallory].forEach(caller => caller.close());
    await running.stop();
  });
});

describeWithEnvoy('the path in the log', envoy => {
  it.each<[string, GatewayLogFormat, (path: string) => string]>([
    ['JSON', GatewayLogFormat.JSON, path => `"http.path":"${path}"`],
    ['text', GatewayLogFormat.TEXT, path => `http.path="${path}" `],
  ])(
    "is that which was asked for, without the query, also of what is nobody's or cannot be read: %s",
    async (_, logFormat, written) => {
      const running = await envoy().start(appOf({ observability: { logFormat } }));
      // The last one never gets to a filter; Envoy decodes a slash and refuses what then was none.
      const requests: readonly [string, number, string][] = [
        ['/routes/finance/books', 401, '/routes/finance/books'],
        ['/routes/finance/other', 404, '/routes/finance/other'],
        ['/routes%2Ffinance', 400, '/routes/finance'],
      ];
      for (const [path, status] of requests) {
        const { status: found } = await exchange({
          url: `${running.gateway().url}${path}?code=in-the-query`,
          body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
          headers: { 'content-type': 'application/json' },
        });
        expect(found).toBe(status);
      }
      await until(
        'each is logged',
        () => requests.every(([, , logged]) => running.gateway().output().includes(written(logged))),
        { details: () => running.gateway().logged() },
      );
      expect(running.gateway().output()).not.toContain('in-the-query');
      await running.stop();
    },
  );
});

describeWithEnvoy('traces', envoy => {
  const start = async (collector: TraceCollector, protocol: Protocol, sampling: number): Promise<RunningApp> =>
    envoy().start(
      appOf({
        observability: {
          tracing: {
            endpoint: `http://otel.observability.svc:${collector.port}`,
            protocol: protocol === 'grpc' ? OtlpProtocol.GRPC : OtlpProtocol.HTTP,
            sampling,
          },
        },
      }),
      { hosts: { 'otel.observability.svc': collector.address } },
    );
  const callsOf = ({ spans }: TraceCollector) =>
    spans.filter(({ attributes }) => attributes['mcp.method'] === 'tools/call');

  it.each<[Protocol, string]>([
    ['http', '/v1/traces'],
    ['grpc', '/opentelemetry.proto.collector.trace.v1.TraceService/Export'],
  ])('of each call, by %s, refused ones included', async (protocol, path) => {
    const collector = await TraceCollector.start(protocol);
    const running = await start(collector, protocol, 1);
    const alice = as(running, TOKEN);
    expect((await alice.call('query')).status).toBe(200);
    expect((await alice.call('drop')).status).toBe(403);
    const statusesOf = (tool: string): unknown[] =>
      callsOf(collector)
        .filter(({ attributes }) => attributes['mcp.tool'] === tool)
        .map(({ attributes }) => attributes['http.status_code']);
    await until(
      'both calls are there',
      () => statusesOf('query').includes('200') && statusesOf('drop').includes('403'),
    );
    expect([...collector.paths]).toEqual([path]);
    expect(new Set(collector.spans.map(({ service }) => service))).toEqual(new Set(['gateway']));
    expect(new Set(collector.spans.map(({ attributes }) => attributes['http.url']))).toEqual(
      new Set(['/routes/finance/books']),
    );
    expect(JSON.stringify(collector.spans)).not.toMatch(/in-the-query/);
    // The log names the trace.
    const [logged] = await callsIn(running, 2);
    expect(
      callsOf(collector)
        .filter(({ attributes }) => attributes['mcp.tool'] === 'query')
        .map(({ trace }) => trace),
    ).toContain(logged.trace);
    alice.close();
    await running.stop();
    await collector.stop();
  });

  it('are not made of a share of 0, whatever a client asks for', async () => {
    const collector = await TraceCollector.start('http');
    const running = await start(collector, 'http', 0);
    const alice = as(running, TOKEN, {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'x-client-trace-id': 'mine',
      'x-envoy-force-trace': 'true',
    });
    expect((await alice.call('query')).status).toBe(200);
    // Spans are sent every few seconds, and whether there will be any is known at once.
    const decided = async (): Promise<Record<string, number>> => running.gateway().stats('^http\\.mcp\\.tracing\\.');
    await until(
      'it is decided about each request',
      async () => (await decided())['http.mcp.tracing.not_traceable'] === 3,
    );
    expect(Object.values(await decided()).reduce((sum, count) => sum + count)).toBe(3);
    expect(collector.spans).toEqual([]);
    alice.close();
    await running.stop();
    await collector.stop();
  });
});
