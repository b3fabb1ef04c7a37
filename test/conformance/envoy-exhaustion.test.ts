import { ClientHttp2Session, connect as connectHttp2 } from 'http2';
import { connect, Socket } from 'net';
import { Size } from 'cdk8s';
import { describeWithEnvoy } from './end-to-end/describe';
import { htpasswdLine } from './end-to-end/htpasswd';
import { ISSUER } from './end-to-end/identities';
import { McpCaller } from './end-to-end/mcp-caller';
import { callerOf, oneRoute, secretOf, urlOf } from './end-to-end/one-route';
import { RunningApp } from './end-to-end/running-app';
import { until } from './end-to-end/until';
import { Authentication, McpGatewayProps, McpSessions } from '../../src';

/* Callers who want nothing but to hold up a real Envoy, while others go on calling. */

// They compete with attackers for the same cores, and whatever else this machine does: what failed is printed, and tried once more.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

const MIB = 2 ** 20;
/** The limit that pods have unless a user says otherwise. */
const MEMORY = 512 * MIB;
/** How many callers attack, and how much of a body each sends before it stalls. */
const ATTACKERS = 300;
const STALLED = 1_900_000;
/** Long enough for as many probes as would make the pod unready. */
const ATTACK_MS = 16_000;

const bearer = (sub: string): string => `Bearer ${ISSUER.token({ aud: 'mcp', sub })}`;
const authentication = [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })];
const BODY_START = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{"x":"';
const FILLING = Buffer.alloc(STALLED, 'y');

/** Something that goes on until it is stopped. */
interface Attack {
  stop(): void;
}

function objects(gateway: Partial<McpGatewayProps> = {}) {
  return oneRoute({
    gateway: { authentication, ...gateway },
    servers: { ledger: { sessions: McpSessions.STATELESS, tools: ['query'] } },
  });
}

function open(running: RunningApp, closed: () => void = () => undefined): Socket {
  const { hostname, port } = new URL(urlOf(running));
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  socket.on('close', closed);
  return socket;
}

/** Sends most of a request, and the rest never. Who is refused comes again. */
function stalledBodies(running: RunningApp): Attack {
  const sockets = new Set<Socket>();
  let on = true;
  const attack = (): void => {
    const socket = open(running, () => {
      sockets.delete(socket);
      if (on) {
        setTimeout(attack, 100);
      }
    });
    sockets.add(socket);
    socket.write(
      [
        `POST ${new URL(urlOf(running)).pathname} HTTP/1.1`,
        'Host: x',
        `Authorization: ${bearer('intern')}`,
        'Content-Type: application/json',
        'Accept: application/json, text/event-stream',
        'Content-Length: 2000000',
        '',
        BODY_START,
      ].join('\r\n'),
    );
    socket.write(FILLING);
  };
  Array.from({ length: ATTACKERS }, attack);
  return {
    stop: () => {
      on = false;
      sockets.forEach(socket => socket.destroy());
    },
  };
}

/** The same over HTTP/2, where one connection holds many requests. */
function stalledStreams(running: RunningApp): Attack {
  const sessions: ClientHttp2Session[] = [];
  let on = true;
  const url = new URL(urlOf(running));
  const session = (): void => {
    const client = connectHttp2(url.origin);
    client.on('error', () => undefined);
    client.on('close', () => on && setTimeout(session, 100));
    sessions.push(client);
    const attack = (): void => {
      if (!on || client.closed || client.destroyed) {
        return;
      }
      const stream = client.request({
        ':method': 'POST',
        ':path': url.pathname,
        authorization: bearer('intern'),
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      });
      stream.on('error', () => undefined);
      stream.on('close', () => setTimeout(attack, 100));
      stream.resume();
      stream.write(BODY_START);
      stream.write(FILLING);
    };
    client.on('connect', () => Array.from({ length: ATTACKERS / 6 }, attack));
  };
  Array.from({ length: 6 }, session);
  return {
    stop: () => {
      on = false;
      sessions.forEach(client => client.destroy());
    },
  };
}

/** Statuses that others get meanwhile, each by a connection of its own, and the most memory that Envoy had. */
async function others(running: RunningApp, milliseconds: number): Promise<{ statuses: number[]; peak: number }> {
  const statuses: number[] = [];
  let peak = 0;
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const caller = callerOf(running, { authorization: bearer('alice') });
    statuses.push(await statusOf(caller));
    caller.close();
    peak = Math.max(peak, running.gateway().memory());
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return { statuses, peak };
}

async function statusOf(caller: McpCaller): Promise<number> {
  try {
    return (await caller.post('tools/call', { name: 'query', arguments: {} })).status;
  } catch {
    // The connection was refused or ended.
    return 0;
  }
}

describeWithEnvoy('callers who fill the memory', envoy => {
  it.each([
    ['by requests that never end', stalledBodies],
    ['by many of them on each connection', stalledStreams],
  ])(
    '%s: it stays below its limit, and others are served',
    async (_, attack) => {
      const running = await envoy().start(objects());
      const attacking = attack(running);
      const [{ statuses, peak }, ready] = await Promise.all([
        others(running, ATTACK_MS),
        running.gateway().staysReady(ATTACK_MS),
      ]);
      attacking.stop();
      const served = statuses.filter(status => status === 200);
      expect(peak).toBeLessThan(MEMORY);
      expect(served.length).toBeGreaterThan(statuses.length / 2);
      expect(ready).toBe(true);
      await until('everybody is served again', async () =>
        (await others(running, 1000)).statuses.every(status => status === 200),
      );
      await running.stop();
    },
    120_000,
  );
});

/** Connections that say something every second, and never all of it. */
function slowly(running: RunningApp, count: number, start: string): { readonly closed: () => number } & Attack {
  let closed = 0;
  const sockets = Array.from({ length: count }, () => open(running, () => closed++));
  sockets.forEach(socket => socket.write(start));
  const timer = setInterval(() => sockets.forEach(socket => socket.write('y')), 1000);
  return {
    closed: () => closed,
    stop: () => {
      clearInterval(timer);
      sockets.forEach(socket => socket.destroy());
    },
  };
}

describeWithEnvoy('callers who take their time', envoy => {
  it('are hung up on, with headers after 10 seconds and with bodies after 30, and others are served', async () => {
    const running = await envoy().start(objects());
    const line = `POST ${new URL(urlOf(running)).pathname} HTTP/1.1\r\nHost: x\r\n`;
    const headers = slowly(running, ATTACKERS, `${line}X-Slow: `);
    const bodies = slowly(
      running,
      ATTACKERS,
      `${line}Authorization: ${bearer('intern')}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 2000\r\n\r\n${BODY_START}`,
    );
    const { statuses } = await others(running, 14_000);
    expect([headers.closed(), bodies.closed()]).toEqual([ATTACKERS, 0]);
    statuses.push(...(await others(running, 20_000)).statuses);
    expect(bodies.closed()).toBe(ATTACKERS);
    expect(new Set(statuses)).toEqual(new Set([200]));
    headers.stop();
    bodies.stop();
    await running.stop();
  }, 120_000);
});

describeWithEnvoy('callers who open connections', envoy => {
  it('get as many as the memory has room for, the pod stays ready, and others are served when they are gone', async () => {
    const running = await envoy().start(objects({ resources: { memory: { limit: Size.mebibytes(128) } } }));
    await until('it is ready', () => running.gateway().isReady());
    let closed = 0;
    const sockets = Array.from({ length: 1100 }, () => open(running, () => closed++));
    await until('those above 1,024 are closed', () => closed >= 1100 - 1024);
    // The pod itself still answers, on ports of its own.
    expect(await running.gateway().isReady()).toBe(true);
    expect(closed).toBeLessThan(100);
    expect(running.gateway().memory()).toBeLessThan(128 * MIB);
    sockets.forEach(socket => socket.destroy());
    await until('others are served', async () => (await others(running, 200)).statuses.every(status => status === 200));
    await running.stop();
  }, 120_000);
});

describeWithEnvoy('callers who guess passwords', envoy => {
  it('are looked at a few times in a second, and users who are known are served meanwhile', async () => {
    const running = await envoy().start(
      objects({ authentication: [Authentication.basic({ secret: secretOf('users'), key: 'htpasswd' })] }),
      { secrets: { 'finance/users': { htpasswd: `${htpasswdLine('alice', 'secret')}\n` } } },
    );
    const call = async (user: string, password: string): Promise<number> => {
      const credentials = Buffer.from(`${user}:${password}`).toString('base64');
      const caller = callerOf(running, { authorization: `Basic ${credentials}` });
      const status = await statusOf(caller);
      caller.close();
      return status;
    };
    expect(await call('alice', 'secret')).toBe(200);

    const began = Date.now();
    const guesses: number[] = [];
    const known: number[] = [];
    let on = true;
    const attackers = Array.from({ length: 20 }, async (_, i) => {
      while (on) {
        guesses.push(await call(i % 2 === 0 ? 'alice' : `nobody${i}`, `${'x'.repeat(240)}${i}-${guesses.length}`));
      }
    });
    while (Date.now() - began < 5_000) {
      known.push(await call('alice', 'secret'));
    }
    on = false;
    await Promise.all(attackers);
    const seconds = Math.ceil((Date.now() - began) / 1000) + 1;
    expect(new Set(known)).toEqual(new Set([200]));
    expect(new Set(guesses)).toEqual(new Set([401, 429]));
    // All of them are of one address.
    expect(guesses.filter(status => status === 401).length).toBeLessThanOrEqual(10 * seconds);
    expect(await call('alice', 'secret')).toBe(200);
    await running.stop();
  }, 60_000);
});
