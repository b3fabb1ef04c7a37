import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { connect, createServer, Server, Socket } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { median } from './process';
import { Row } from './row';
import { ENVOY } from '../scripts/conformance/envoy';
import { ProcessGroup } from '../scripts/conformance/process-group';
import { RATE_LIMIT_SERVICE, REDIS } from '../scripts/conformance/rate-limit';
import { provide } from '../scripts/conformance/toolchain';
import { RateLimitUnit } from '../src';
import { nextAddress } from '../test/conformance/end-to-end/addresses';
import { ISSUER } from '../test/conformance/end-to-end/identities';
import { largeApp } from '../test/conformance/end-to-end/large-app';
import { Binaries, RunningApp } from '../test/conformance/end-to-end/running-app';
import { ServerPool } from '../test/conformance/end-to-end/server-pool';
import { connects, until } from '../test/conformance/end-to-end/until';

/*
 * What a call costs of the processor's time in Envoy: as it is configured here, beside a plain proxy that somebody wrote by hand. All
 * of them run at once and are asked in turn, so that whatever else the machine does hits all alike.
 */

export interface CallCostOptions {
  /** Times that each is asked in turn; default is 9. */
  readonly rounds?: number;
  /** Calls of a round; default is 1,000. */
  readonly calls?: number;
  /** Routes of the large gateway; default is 1,000. */
  readonly routes?: number;
}

const PORT = 8080;
const CONNECTIONS = 8;
/** Calls to so many routes of a gateway, one after the other. */
const CALLED_ROUTES = 100;

/** Measures calls. Needs Linux, and what `npm run conformance` finds or builds: Envoy, its rate-limit service and Redis. */
export async function callCosts({ rounds = 9, calls = 1000, routes = 1000 }: CallCostOptions = {}): Promise<Row[]> {
  const [envoy, rateLimit, redis] = await Promise.all([ENVOY, RATE_LIMIT_SERVICE, REDIS].map(provide));
  const binaries = { envoy: envoy.file, rateLimit: rateLimit.file, redis: redis.file };
  const address = nextAddress();
  const server = await answering(address);
  const pool = new ServerPool();
  const started: Asked[] = [];
  try {
    started.push(await plainProxy(binaries.envoy, address));
    const few = 10;
    for (const [name, app] of [
      ['10 routes, nothing asked', { routes: few, policies: false }],
      ['10 routes with a token and five rules', { routes: few, policies: true, limits: false }],
      ['10 routes with a token, five rules and a limit', { routes: few, policies: true }],
      [`${routes} routes with a token and five rules`, { routes, policies: true, limits: false }],
    ] as const) {
      started.push(await gateway(name, app, binaries, pool, address));
    }
    return await measured(started, rounds, calls);
  } finally {
    await Promise.all(started.map(({ stop }) => stop()));
    await pool.stop();
    server.close();
  }
}

/** What is asked: who answers, by which requests in turn. */
interface Asked {
  readonly name: string;
  readonly host: string;
  readonly requests: readonly string[];
  /** Milliseconds of the processor's time that it took. */
  time(): number;
  stop(): Promise<void>;
}

async function measured(asked: readonly Asked[], rounds: number, calls: number): Promise<Row[]> {
  const costs = asked.map((): number[] => []);
  // The first round, in which connections are made and pages read, is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [i, one] of asked.entries()) {
      const before = one.time();
      await call(one, calls);
      if (round > 0) {
        costs[i].push((1000 * (one.time() - before)) / calls);
      }
    }
  }
  const [plain, nothing, rules, limited, many] = asked.map(({ name }, i) => ({ name, cost: median(costs[i]) }));
  const row = (one: Cost, other: Cost, atMost?: number): Row => ({
    title: `a call through Envoy, ${one.name}, against ${other.name}`,
    value: one.cost / other.cost,
    unit: '×',
    ...(atMost === undefined ? {} : { atMost }),
    detail: `${one.cost.toFixed(0)} µs of the processor, ${other.cost.toFixed(0)} µs`,
  });
  return [row(nothing, plain), row(rules, plain, 2.5), row(limited, rules, 1.1), row(many, rules, 1.1)];
}

interface Cost {
  readonly name: string;
  readonly cost: number;
}

async function gateway(
  name: string,
  app: { readonly routes: number; readonly policies: boolean; readonly limits?: boolean },
  binaries: Binaries,
  pool: ServerPool,
  server: string,
): Promise<Asked> {
  // As many calls as there are must be within the limit.
  const objects = largeApp({ ...app, calls: { count: 1_000_000, unit: RateLimitUnit.HOUR } });
  const running = await RunningApp.start(objects, pool, binaries, { elsewhere: { 'finance/tools': server } });
  const called = Math.min(app.routes, CALLED_ROUTES);
  return {
    name,
    host: new URL(running.gateway().url).hostname,
    requests: Array.from({ length: called }, (_, i) => Math.floor((i * app.routes) / called)).map(route =>
      request(`/routes/finance/route-${route}`, app.policies ? `owner-${route}` : undefined),
    ),
    time: () => running.gateway().processorTime(),
    stop: () => running.stop(),
  };
}

/** A proxy of one route and one cluster, without anything that decides, and without a log. */
async function plainProxy(binary: string, server: string): Promise<Asked> {
  const folder = mkdtempSync(join(tmpdir(), 'plain-proxy-'));
  const host = nextAddress();
  const file = join(folder, 'envoy.json');
  writeFileSync(file, JSON.stringify(plainConfiguration(host, server)));
  const args = ['-c', file, '--disable-hot-restart', '--concurrency', '1', '-l', 'error'];
  const group = ProcessGroup.start(binary, args, { quiet: true });
  await until('the plain proxy listens', () => connects(host, PORT), { while: () => group.running });
  return {
    name: 'a plain proxy, by hand',
    host,
    requests: [request('/mcp', 'owner')],
    time: () => group.processorTime(),
    stop: async () => {
      await group.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function plainConfiguration(host: string, server: string): object {
  const type = (name: string) => ({ '@type': `type.googleapis.com/envoy.extensions.filters.${name}` });
  const address = (at: string) => ({ socket_address: { address: at, port_value: PORT } });
  const manager = {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      ...type('network.http_connection_manager.v3.HttpConnectionManager'),
      stat_prefix: 'plain',
      route_config: {
        virtual_hosts: [
          { name: 'plain', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'server' } }] },
        ],
      },
      http_filters: [{ name: 'envoy.filters.http.router', typed_config: type('http.router.v3.Router') }],
    },
  };
  return {
    static_resources: {
      listeners: [{ name: 'plain', address: address(host), filter_chains: [{ filters: [manager] }] }],
      clusters: [
        {
          name: 'server',
          type: 'STATIC',
          load_assignment: {
            cluster_name: 'server',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: address(server) } }] }],
          },
        },
      ],
    },
  };
}

/** A call of a tool as it goes over the wire. */
function request(path: string, user: string | undefined): string {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'db_query', arguments: { query: 'select a, b from c where d = 1', limit: 12 } },
  });
  return [
    `POST ${path} HTTP/1.1`,
    'host: gateway',
    'content-type: application/json',
    'accept: application/json, text/event-stream',
    'mcp-protocol-version: 2025-06-18',
    ...(user === undefined ? [] : [`authorization: Bearer ${ISSUER.token({ aud: 'mcp', sub: user })}`]),
    `content-length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** Calls over some connections, each of which has one call at a time; an answer other than 200 is an error. */
async function call({ host, name, requests }: Asked, calls: number): Promise<void> {
  let sent = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(PORT, host);
      socket.setNoDelay(true);
      try {
        while (sent < calls) {
          const answer = await exchange(socket, requests[sent++ % requests.length]);
          if (!answer.startsWith('HTTP/1.1 200 ')) {
            throw new Error(`${name}: ${answer}`);
          }
        }
      } finally {
        socket.destroy();
      }
    }),
  );
}

function exchange(socket: Socket, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const read = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      if (received.length >= lengthOf(received)) {
        socket.off('data', read).off('error', reject);
        resolve(received);
      }
    };
    socket.on('data', read).once('error', reject);
    socket.write(sent);
  });
}

/** Characters of a whole message, as far as its head says: without an end of it, more than there are. */
function lengthOf(message: string): number {
  const end = message.indexOf('\r\n\r\n');
  return end < 0 ? Infinity : end + 4 + Number(/content-length: (\d+)/i.exec(message.slice(0, end))?.[1] ?? 0);
}

/** A server that answers whatever it is asked, as fast as Node can. */
async function answering(address: string): Promise<Server> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: { content: [{ type: 'text', text: 'x'.repeat(200) }] },
  });
  const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const server = createServer(socket => {
    let received = '';
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', chunk => {
      received += chunk.toString('latin1');
      if (received.length >= lengthOf(received)) {
        received = '';
        socket.write(answer);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(PORT, address, resolve);
  });
  return server;
}
