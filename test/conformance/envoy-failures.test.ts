import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { Duration } from 'cdk8s';
import { describeWithEnvoy, EnvoyTests } from './end-to-end/describe';
import { callerOf, oneRoute, OneRoute, urlOf } from './end-to-end/one-route';
import { OUTSIDE_PORT, OutsideServer } from './end-to-end/outside-server';
import { RunningApp } from './end-to-end/running-app';
import { until } from './end-to-end/until';
import { McpAffinity, McpServerProps, McpServerSource, McpSessions } from '../../src';

/* Servers that are slow, that fail or that are gone, behind a real Envoy which was told what to do about it. */

const CLUSTER = 'cluster.finance.books/default';

/** A server that answers calls with a status, while it has one. */
interface Failing {
  status?: number;
  readonly server: OutsideServer;
}

async function failing(status?: number): Promise<Failing> {
  const state: { status?: number } = { status };
  const server = await OutsideServer.start({
    answer: ({ body }) =>
      state.status === undefined || !body.includes('"tools/call"') ? undefined : { status: state.status },
  });
  return Object.assign(state, { server });
}

/** One caller meets all servers. */
const EACH_REQUEST = { affinity: McpAffinity.NONE };

/** Servers of their own hosts that share the calls of a route. */
async function run(
  envoy: EnvoyTests,
  servers: Readonly<Record<string, Failing>>,
  app: Omit<OneRoute, 'servers'>,
): Promise<RunningApp> {
  const host = (id: string): string => `${id}.example.com`;
  const ids = Object.keys(servers);
  const props = (id: string): Partial<McpServerProps> => ({
    source: McpServerSource.remote(`http://${host(id)}:${OUTSIDE_PORT}/mcp`, { insecure: true }),
    sessions: McpSessions.STATELESS,
  });
  const shared = { ...app, route: { ...EACH_REQUEST, ...app.route } };
  return envoy.start(oneRoute({ ...shared, servers: Object.fromEntries(ids.map(id => [id, props(id)])) }), {
    hosts: Object.fromEntries(ids.map(id => [host(id), servers[id].server.address])),
  });
}

/** Status of a call without a session, and of nothing before it. */
async function statusOf(running: RunningApp): Promise<number> {
  const caller = callerOf(running);
  const { status } = await caller.post('tools/call', { name: 'query', arguments: {} });
  caller.close();
  return status;
}

async function statuses(running: RunningApp, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    found.push(await statusOf(running));
  }
  return found;
}

describeWithEnvoy('limits on time', envoy => {
  it.each<[string, OneRoute]>([
    ['of a request', { route: { timeouts: { request: Duration.millis(400) } } }],
    ['of an attempt', { route: { timeouts: { backendRequest: Duration.millis(400) } } }],
    ['of the circuit breaker', { gateway: { circuitBreaker: { requestTimeout: Duration.millis(400) } } }],
  ])('%s: a slow call gets 504, a quick one its answer, and an event stream outlives both', async (_, app) => {
    const running = await envoy().start(oneRoute(app));
    const client = new Client({ name: 'listener', version: '1' });
    const messages: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
      messages.push(params.data);
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(urlOf(running))));
    await until('the stream is open', async () => {
      await running.server('ledger').notify('before');
      return messages.includes('before');
    });

    const caller = callerOf(running);
    expect((await caller.call('query')).status).toBe(200);
    // Twice, so that the stream is surely open for longer than that.
    expect((await caller.call('query', { delayMs: 60_000 })).status).toBe(504);
    expect((await caller.call('query', { delayMs: 60_000 })).status).toBe(504);
    expect((await caller.call('query')).status).toBe(200);
    await running.server('ledger').notify('after');
    await until('the stream that was open still brings messages', () => messages.includes('after'));
    caller.close();
    await client.close();
    await running.stop();
  });
});

describeWithEnvoy('retries', envoy => {
  const retry = { attempts: 3, codes: [500, 503], backoff: Duration.millis(1) };

  it.each<[string, number, number]>([
    ['a status that is named', 503, 3],
    ['one that is not', 502, 1],
    ['none', 200, 1],
  ])('as often as is said, at a lone server: %s', async (_, status, attempts) => {
    const ledger = await failing(status);
    const running = await run(envoy(), { ledger }, { route: { retry } });
    expect(await statusOf(running)).toBe(status);
    expect(ledger.server.calls).toHaveLength(attempts);
    await running.stop();
    await ledger.server.stop();
  });

  it('at another server, so that no caller notices', async () => {
    const [good, bad] = [await failing(), await failing(500)];
    const running = await run(envoy(), { good, bad }, { route: { retry } });
    expect(new Set(await statuses(running, 20))).toEqual(new Set([200]));
    expect(good.server.calls).toHaveLength(20);
    expect(bad.server.calls.length).toBeGreaterThan(0);
    expect(bad.server.calls.length).toBeLessThanOrEqual(20);
    await running.stop();
    await Promise.all([good.server.stop(), bad.server.stop()]);
  });

  it('not at all unless it is asked for', async () => {
    const ledger = await failing(503);
    const running = await run(envoy(), { ledger }, {});
    expect(await statusOf(running)).toBe(503);
    expect(ledger.server.calls).toHaveLength(1);
    await running.stop();
    await ledger.server.stop();
  });
});

describeWithEnvoy('the circuit breaker', envoy => {
  it('leaves a server out that failed as often as is said, and lets it come back', async () => {
    const [good, bad] = [await failing(), await failing(500)];
    const running = await run(
      envoy(),
      { good, bad },
      { gateway: { circuitBreaker: { consecutiveFailures: 3, ejection: Duration.seconds(8) } } },
    );
    await until('the server has failed thrice', async () => {
      await statusOf(running);
      return bad.server.calls.length === 3;
    });
    await until(
      'it is left out',
      async () => (await running.gateway().stat(`${CLUSTER}.outlier_detection.ejections_active`)) === 1,
    );
    expect(new Set(await statuses(running, 20))).toEqual(new Set([200]));
    expect(bad.server.calls).toHaveLength(3);

    bad.status = undefined;
    await until('it is asked again', async () => (await statusOf(running)) === 200 && bad.server.calls.length > 3, {
      timeoutMs: 60_000,
    });
    await running.stop();
    await Promise.all([good.server.stop(), bad.server.stop()]);
  });

  it('refuses without asking when the only server is left out', async () => {
    const ledger = await failing(500);
    const running = await run(
      envoy(),
      { ledger },
      { gateway: { circuitBreaker: { consecutiveFailures: 2, ejection: Duration.minutes(5) } } },
    );
    expect(await statuses(running, 2)).toEqual([500, 500]);
    await until(
      'it is left out',
      async () => (await running.gateway().stat(`${CLUSTER}.outlier_detection.ejections_active`)) === 1,
    );
    expect(await statuses(running, 3)).toEqual([503, 503, 503]);
    expect(ledger.server.calls).toHaveLength(2);
    await running.stop();
    await ledger.server.stop();
  });
});

describeWithEnvoy('health checks', envoy => {
  it('leave a server out that is gone before any call meets it, and take it back', async () => {
    const healthCheck = {
      interval: Duration.seconds(1),
      timeout: Duration.seconds(1),
      healthyThreshold: 1,
      unhealthyThreshold: 1,
    };
    const running = await envoy().start(
      oneRoute({
        gateway: { healthCheck },
        route: EACH_REQUEST,
        servers: { stable: { sessions: McpSessions.STATELESS }, canary: { sessions: McpSessions.STATELESS } },
      }),
    );
    const healthy = (count: number) => async () =>
      (await running.gateway().stat(`${CLUSTER}.membership_healthy`)) === count;
    await until('both are healthy', healthy(2));
    await running.server('canary').kill();
    await until('one is left out', healthy(1));
    expect(new Set(await statuses(running, 20))).toEqual(new Set([200]));
    // None of these calls was tried at the other one first.
    expect(await running.gateway().stat(`${CLUSTER}.upstream_rq_retry`)).toBe(0);

    await running.server('canary').restart();
    await until('both are healthy again', healthy(2));
    await until(
      'it is asked again',
      async () => (await statusOf(running)) === 200 && (await running.server('canary').executed()).length > 0,
    );
    await running.stop();
  });
});
