import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { App, Chart } from 'cdk8s';
import { describeWithEnvoy, describeWithRateLimits } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { CallResult, McpCaller } from './end-to-end/mcp-caller';
import { askStore } from './end-to-end/rate-limit-process';
import { RunningApp } from './end-to-end/running-app';
import { until } from './end-to-end/until';
import {
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpServer,
  McpServerOptions,
  McpServerSource,
  McpSessions,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/* Calls in numbers, on a real Envoy: weights, sessions, servers that fail, and limits. */

// Limits are of seconds, and failures are counted within them, which a busy machine stretches: printed, and tried once more.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

const TOOLS = ['db_query', 'db_insert'];
const POINTS = 0.05;

interface Weighted {
  readonly id: string;
  readonly weight: number;
  readonly options?: Partial<McpServerOptions>;
}

function chartOf(app = new App()): Chart {
  return new Chart(app, 'finance', { namespace: 'finance' });
}

function routeIn(chart: Chart, servers: readonly Weighted[], options: Partial<McpGatewayProps> = {}): McpRoute {
  const gateway = new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy(), ...options });
  const backends = servers.map(({ id, weight, options: more }) => ({
    weight,
    server: new McpServer(chart, id, {
      source: McpServerSource.image(`ghcr.io/acme/${id}:1.0.0`),
      tools: TOOLS,
      ...more,
    }),
  }));
  return new McpRoute(chart, 'books', { gateway, backends });
}

function weighted(stable: number, canary: number): Manifest[] {
  const chart = chartOf();
  routeIn(chart, [
    { id: 'stable', weight: stable },
    { id: 'canary', weight: canary },
  ]);
  return objectsOf(App.of(chart) as App);
}

/** Does something so many times, a few at a time. */
async function times<T>(count: number, action: (i: number) => Promise<T>, atOnce = 20): Promise<T[]> {
  const results: T[] = [];
  const next = Array.from({ length: count }, (_, i) => i);
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let i = next.shift(); i !== undefined; i = next.shift()) {
        results[i] = await action(i);
      }
    }),
  );
  return results;
}

const urlOf = (running: RunningApp, replica = 0): string =>
  `${running.gateway('gateway', replica).url}/routes/finance/books`;

/** Who answered, as server and replica. */
const placeOf = ({ answer, status, body }: CallResult): string =>
  answer === undefined
    ? `${status} ${body.slice(0, 80)}`
    : `${answer.server.replace('finance/', '')}/${answer.replica}`;

let callers = 0;

/** A caller at an address that no other has: shares are of callers. */
function newCaller(running: RunningApp): McpCaller {
  callers++;
  return new McpCaller(urlOf(running), {
    from: `127.9.${1 + (Math.floor(callers / 254) % 254)}.${1 + (callers % 254)}`,
  });
}

/** Calls in a session of its own, and where each was answered. */
async function session(running: RunningApp, calls: number): Promise<string[]> {
  const caller = newCaller(running);
  const places: string[] = [];
  for (let i = 0; i < calls; i++) {
    places.push(placeOf(await caller.call('db_query')));
  }
  caller.close();
  return places;
}

function shareOf(name: string, places: readonly string[]): number {
  return places.filter(place => place.startsWith(`${name}/`)).length / places.length;
}

/** Changes of weights, one after the other as fast as they are read. */
const CHANGES = 30;

describeWithEnvoy('weights that change all the time', envoy => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await envoy().start(weighted(90, 10));
  }, 60_000);
  afterAll(async () => running?.stop());

  it('lose no call of an open session, and move none', async () => {
    let over = false;
    const sessions = times(8, async () => {
      const places: string[] = [];
      while (!over) {
        places.push(...new Set(await session(running, 10)));
        // One place for a session.
        places.push('|');
      }
      return places.join(' ');
    });
    for (let i = 0; i < CHANGES; i++) {
      await running.apply(i % 2 === 0 ? weighted(50, 50) : weighted(90, 10));
    }
    over = true;
    const seen = (await sessions)
      .join(' ')
      .split('|')
      .map(text => text.trim())
      .filter(text => text !== '');
    expect(seen.length).toBeGreaterThan(CHANGES);
    expect(seen.filter(place => !['stable/0', 'canary/0'].includes(place))).toEqual([]);
  }, 60_000);
});

describeWithEnvoy('the canary of the proposal', envoy => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await envoy().start(weighted(90, 10));
  }, 60_000);
  afterAll(async () => running?.stop());

  it('says it is ready, once it is', async () => {
    await until('the readiness probe succeeds', () => running.gateway().isReady());
  });

  it('gives a tenth of 1,200 callers to the canary, and moves no session', async () => {
    const sessions = await times(1200, () => session(running, 2));
    const places = sessions.flat();
    expect(sessions.filter(answers => new Set(answers).size > 1)).toEqual([]);
    expect(places.filter(place => !/^(stable|canary)\/0$/.test(place))).toEqual([]);
    expect(Math.abs(shareOf('canary', places) - 0.1)).toBeLessThanOrEqual(POINTS);
    expect(Math.abs(shareOf('stable', places) - 0.9)).toBeLessThanOrEqual(POINTS);
  });

  it('gives half to the canary when the weights change, and leaves open sessions and streams alone', async () => {
    const open = await times(30, async () => {
      const caller = newCaller(running);
      return { caller, place: placeOf(await caller.call('db_query')), session: caller.session };
    });
    const streams = await times(4, () => listening(urlOf(running)));
    const before = await running.gateway().stat('cluster_manager.cds.update_success');

    await running.apply(weighted(50, 50));
    expect(await running.gateway().stat('cluster_manager.cds.update_success')).toBeGreaterThan(before);

    for (const { caller, place, session: id } of open) {
      const answer = await caller.call('db_insert');
      expect([placeOf(answer), caller.session]).toEqual([place, id]);
      caller.close();
    }
    await Promise.all(running.allServers().map(server => server.notify('after the reload')));
    await until('streams that were open still bring messages', () =>
      streams.every(({ messages }) => messages.includes('after the reload')),
    );
    await Promise.all(streams.map(({ client }) => client.close()));

    const sessions = await times(1200, () => session(running, 2));
    expect(sessions.filter(answers => new Set(answers).size > 1)).toEqual([]);
    expect(Math.abs(shareOf('canary', sessions.flat()) - 0.5)).toBeLessThanOrEqual(POINTS);
  });

  it('gives everything to the stable server when the canary is taken out, but its open sessions', async () => {
    const open = await times(20, async () => {
      const caller = newCaller(running);
      return { caller, place: placeOf(await caller.call('db_query')) };
    });
    await running.apply(weighted(1, 0));
    const places = (await times(40, () => session(running, 2))).flat();
    expect(new Set(places)).toEqual(new Set(['stable/0']));
    for (const { caller, place } of open.filter(one => one.place === 'stable/0')) {
      expect(placeOf(await caller.call('db_query'))).toBe(place);
    }
    open.forEach(({ caller }) => caller.close());
  });
});

interface Listening {
  readonly client: Client;
  readonly messages: unknown[];
}

/** A client of the SDK that listens on the stream of its session. */
async function listening(url: string): Promise<Listening> {
  const client = new Client({ name: 'listener', version: '1' });
  const messages: unknown[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
    messages.push(params.data);
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  await client.callTool({ name: 'db_query', arguments: {} });
  return { client, messages };
}

describeWithEnvoy('replicas', envoy => {
  it('keeps every session on its replica, whichever replica of the gateway is asked', async () => {
    const chart = chartOf();
    routeIn(chart, [{ id: 'ledger', weight: 1, options: { replicas: 3 } }], { replicas: 2 });
    const running = await envoy().start(objectsOf(App.of(chart) as App));
    const moved = await times(60, async i => {
      const caller = new McpCaller(urlOf(running, i % 2));
      const place = placeOf(await caller.call('db_query'));
      const other = new McpCaller(urlOf(running, (i + 1) % 2));
      other.session = caller.session;
      const places = [place, placeOf(await other.call('db_query')), placeOf(await caller.call('db_query'))];
      caller.close();
      other.close();
      return places;
    });
    expect(moved.filter(places => new Set(places).size > 1)).toEqual([]);
    expect(new Set(moved.flat())).toEqual(new Set(['ledger/0', 'ledger/1', 'ledger/2']));
    await running.stop();
  });

  it('closes a session where it is', async () => {
    const chart = chartOf();
    routeIn(chart, [{ id: 'ledger', weight: 1, options: { replicas: 3 } }]);
    const running = await envoy().start(objectsOf(App.of(chart) as App));
    const caller = new McpCaller(urlOf(running));
    await caller.call('db_query');
    expect((await caller.raw({ method: 'DELETE' })).status).toBe(200);
    expect((await caller.post('tools/call', { name: 'db_query', arguments: {} })).status).toBe(404);
    caller.close();
    await running.stop();
  });
});

describeWithEnvoy('servers that fail', envoy => {
  const failing = async (servers: readonly Weighted[]): Promise<RunningApp> => {
    const chart = chartOf();
    routeIn(chart, servers);
    return envoy().start(objectsOf(App.of(chart) as App));
  };

  it.each<[string, readonly Weighted[], string]>([
    ['one of three replicas that keep sessions', [{ id: 'ledger', weight: 1, options: { replicas: 3 } }], 'ledger/0'],
    [
      'one of two servers that keep sessions',
      [
        { id: 'stable', weight: 50 },
        { id: 'canary', weight: 50 },
      ],
      'stable/0',
    ],
  ])('%s is killed under load: other sessions lose nothing, and new ones all succeed', async (_, servers, victim) => {
    const running = await failing(servers);
    const open = await times(30, async () => {
      const caller = newCaller(running);
      return { caller, place: placeOf(await caller.call('db_query')) };
    });
    let stop = false;
    const load = open.map(async ({ caller, place }) => {
      const answers: string[] = [];
      while (!stop) {
        answers.push(await caller.call('db_query').then(placeOf, error => String(error)));
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      return { place, answers };
    });
    await new Promise(resolve => setTimeout(resolve, 300));
    const [name, replica] = victim.split('/');
    await running.server(name, Number(replica)).kill();
    const fresh = await times(40, () => session(running, 2), 4);
    stop = true;
    const done = await Promise.all(load);
    open.forEach(({ caller }) => caller.close());

    expect(done.some(({ place }) => place === victim)).toBe(true);
    expect(done.filter(({ place, answers }) => place !== victim && answers.some(answer => answer !== place))).toEqual(
      [],
    );
    expect(done.filter(({ place, answers }) => place === victim && answers[answers.length - 1] === place)).toEqual([]);
    // Not one of those that were open before is served by a server that does not know it.
    expect(
      done.filter(({ place, answers }) => answers.some(answer => /^\w+\/\d$/.test(answer) && answer !== place)),
    ).toEqual([]);
    expect(fresh.filter(answers => answers.some(answer => !/^\w+\/\d$/.test(answer) || answer === victim))).toEqual([]);
    await running.stop();
  });

  it('answers 503 when all are down, and serves again when one is back', async () => {
    const running = await failing([
      { id: 'stable', weight: 50 },
      { id: 'canary', weight: 50 },
    ]);
    expect(new Set(await session(running, 1)).size).toBe(1);
    await Promise.all(running.allServers().map(server => server.kill()));
    const answers = await times(
      10,
      async () => {
        const caller = newCaller(running);
        const { status } = await caller.open();
        caller.close();
        return status;
      },
      1,
    );
    expect(new Set(answers)).toEqual(new Set([503]));
    await running.server('canary').restart();
    await until('new sessions are served again', async () => (await session(running, 1))[0] === 'canary/0', {
      timeoutMs: 60_000,
    });
    await running.server('stable').restart();
    await until(
      'both serve again',
      async () => new Set((await times(10, () => session(running, 1))).flat()).size === 2,
      { timeoutMs: 60_000 },
    );
    await running.stop();
  });

  it('splits the callers of servers without sessions, and loses no call when one is killed', async () => {
    const stateless = { options: { sessions: McpSessions.STATELESS } };
    const running = await failing([
      { id: 'stable', weight: 75, ...stateless },
      { id: 'canary', weight: 25, ...stateless },
    ]);
    const call = async (): Promise<string> => {
      const caller = newCaller(running);
      const { status, body } = await caller.post('tools/call', { name: 'db_query', arguments: {} });
      caller.close();
      return status === 200
        ? JSON.parse(JSON.parse(body.replace(/^event: .*\ndata: /, '')).result.content[0].text).server.replace(
            'finance/',
            '',
          ) + '/0'
        : `${status} ${body}`;
    };
    const places = await times(1200, call);
    expect(Math.abs(shareOf('canary', places) - 0.25)).toBeLessThanOrEqual(POINTS);
    await running.server('canary').kill();
    expect(new Set(await times(60, call, 1))).toEqual(new Set(['stable/0']));
    await running.stop();
  });
});

describeWithRateLimits('limits', envoy => {
  const limited = async (...limits: RateLimit[]): Promise<RunningApp> => {
    const chart = chartOf();
    const route = routeIn(chart, [{ id: 'ledger', weight: 1 }], {
      authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    });
    limits.forEach(limit => route.addRateLimit(limit));
    return envoy().start(objectsOf(App.of(chart) as App));
  };
  const callerOf = (running: RunningApp, sub: string, from?: string): McpCaller =>
    new McpCaller(urlOf(running), { from, headers: { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub })}` } });
  const statuses = async (caller: McpCaller, tools: readonly string[]): Promise<number[]> => {
    const found: number[] = [];
    for (const tool of tools) {
      found.push((await caller.call(tool)).status);
    }
    return found;
  };
  const repeat = (count: number, tool: string): string[] => Array.from({ length: count }, () => tool);

  it('lets each user call as often as is said, and not once more; what is no call is not counted', async () => {
    const running = await limited(RateLimit.perUser(5, RateLimitUnit.DAY));
    const alice = callerOf(running, 'alice');
    expect((await alice.open()).status).toBe(200);
    for (let i = 0; i < 10; i++) {
      expect((await alice.post('tools/list', {})).status).toBe(200);
      expect((await alice.post('ping', {})).status).toBe(200);
    }
    expect(await statuses(alice, repeat(8, 'db_query'))).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    // Another session, another address and another spelling of anything are no other user.
    expect(await statuses(callerOf(running, 'alice', '127.9.9.9'), repeat(2, 'db_insert'))).toEqual([429, 429]);
    expect((await alice.post('tools/list', {})).status).toBe(200);
    expect(await statuses(callerOf(running, 'bob'), repeat(6, 'db_query'))).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await statuses(callerOf(running, 'Alice'), repeat(1, 'db_query'))).toEqual([200]);
    expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(11);
    await running.stop();
  });

  it('counts each tool by itself, over all users', async () => {
    const running = await limited(RateLimit.perTool(3, RateLimitUnit.DAY));
    expect(await statuses(callerOf(running, 'alice'), repeat(2, 'db_query'))).toEqual([200, 200]);
    expect(await statuses(callerOf(running, 'bob'), repeat(2, 'db_query'))).toEqual([200, 429]);
    expect(await statuses(callerOf(running, 'alice'), repeat(4, 'db_insert'))).toEqual([200, 200, 200, 429]);
    await running.stop();
  });

  it('counts all names that no server declares as one', async () => {
    const running = await limited(RateLimit.perTool(3, RateLimitUnit.DAY));
    const alice = callerOf(running, 'alice');
    const [first, second, third, ...others] = await statuses(
      alice,
      Array.from({ length: 6 }, (_, i) => `made_up_${i}`),
    );
    expect([first, second, third].filter(status => status === 429)).toEqual([]);
    expect(others).toEqual([429, 429, 429]);
    expect(await statuses(alice, repeat(4, 'db_query'))).toEqual([200, 200, 200, 429]);
    await running.stop();
  });

  it('goes on counting with a store that is full', async () => {
    const running = await limited(RateLimit.perUser(2, RateLimitUnit.DAY));
    const alice = callerOf(running, 'alice');
    expect(await statuses(alice, repeat(12, 'db_query'))).toEqual([200, 200, ...Array(10).fill(429)]);
    // As many counts as a store of 128 MiB has no room for.
    const script =
      "for i=1,30000 do redis.call('SET', string.rep('x', 128)..ARGV[1]..'_'..i, '1', 'EX', 86400) end return 1";
    for (let i = 0; i < 30; i++) {
      expect(await askStore(running.store(), ['EVAL', script, '0', String(i)])).toContain(':1');
    }
    expect(Number((await askStore(running.store(), ['DBSIZE'])).slice(1))).toBeLessThan(900_000);
    // What is asked for often is still known.
    expect(await statuses(alice, repeat(1, 'db_query'))).toEqual([429]);
    expect(await statuses(callerOf(running, 'bob'), repeat(3, 'db_query'))).toEqual([200, 200, 429]);
    await running.stop();
  }, 120_000);

  it('counts only the tools that are said', async () => {
    const running = await limited(RateLimit.perUser(1, RateLimitUnit.DAY, { tools: ['db_ins*'] }));
    expect(
      await statuses(callerOf(running, 'alice'), ['db_insert', 'db_insert', 'db_query', 'db_query', 'db_query']),
    ).toEqual([200, 429, 200, 200, 200]);
    await running.stop();
  });

  it.each<[string, RateLimit, readonly number[]]>([
    ['each address', RateLimit.perIp(4, RateLimitUnit.DAY), [4, 4, 4]],
    ['all callers together', RateLimit.overall(17, RateLimitUnit.DAY), [12, 5, 0]],
  ])('counts %s, and calls that come at once exactly', async (_, limit, passed) => {
    const running = await limited(limit);
    const from = async (address: string): Promise<number> => {
      const caller = callerOf(running, 'alice', address);
      await caller.open();
      const found = await Promise.all(
        repeat(12, 'db_query').map(() => caller.post('tools/call', { name: 'db_query', arguments: {} })),
      );
      caller.close();
      return found.filter(({ status }) => status === 200).length;
    };
    expect([await from('127.9.0.1'), await from('127.9.0.2'), await from('127.9.0.3')]).toEqual(passed);
    expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(
      passed.reduce((sum, count) => sum + count, 0),
    );
    await running.stop();
  });

  it('refuses while nobody counts, where something is to be counted', async () => {
    const chart = chartOf();
    const route = routeIn(chart, [{ id: 'ledger', weight: 1 }], {
      authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    });
    route.addRateLimit(RateLimit.perUser(100, RateLimitUnit.DAY));
    const free = new McpServer(chart, 'free', {
      source: McpServerSource.image('ghcr.io/acme/free:1.0.0'),
      tools: TOOLS,
    });
    new McpRoute(chart, 'unlimited', { backends: [{ server: free }] });
    const running = await envoy().start(objectsOf(App.of(chart) as App));
    const elsewhere = new McpCaller(`${running.gateway().url}/routes/finance/unlimited`, {
      headers: { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub: 'alice' })}` },
    });
    const alice = callerOf(running, 'alice');
    expect(await statuses(alice, ['db_query'])).toEqual([200]);
    await running.stopStores();
    const [status] = await statuses(alice, ['db_query']);
    expect(status).toBeGreaterThanOrEqual(500);
    expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(1);
    expect(await statuses(elsewhere, repeat(3, 'db_query'))).toEqual([200, 200, 200]);
    await running.stop();
  });
});
