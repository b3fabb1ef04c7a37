import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { App, Chart } from 'cdk8s';
import { ISSUER } from './identities';
import { McpCaller } from './mcp-caller';
import { RunningApp } from './running-app';
import { until } from './until';
import {
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
  ToolMatch,
} from '../../../src';
import { objectsOf } from '../../support/synth';
import { Manifest } from '../../support/validate';

/* What is done to a gateway, again and again, with the answers that its policies explain. */

/** One kind of load. `run` does it once, for someone of a name, and returns the answers that should not be. */
export interface Load {
  readonly name: string;
  /** How many do it at once. */
  readonly workers: number;
  readonly run: (running: RunningApp, id: string) => Promise<string[]>;
}

const LIMIT = 3;

/** A gateway with routes of each kind, of which one shares its calls with a canary. */
export function loadObjects(weight: number): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const common = {
    source: McpServerSource.image('ghcr.io/acme/tools:1.0.0'),
    tools: ['db_query', 'db_drop', 'yearly_report'],
  };
  const server = (id: string, options: { replicas?: number; sessions?: McpSessions } = {}): McpServer =>
    new McpServer(chart, id, { ...common, ...options });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
  });
  const books = new McpRoute(chart, 'books', {
    gateway,
    backends: [
      { server: server('ledger', { replicas: 2 }), weight },
      { server: server('canary'), weight: 100 - weight },
    ],
  });
  books.allow(Principal.group('interns'), { tools: ['db_query'], actions: [ToolAction.CALL] });
  books.allow(Principal.group('interns'), { tools: ['*'], actions: [ToolAction.LIST] });
  const stateless = { sessions: McpSessions.STATELESS };
  const reports = new McpRoute(chart, 'reports-route', {
    gateway,
    backends: [{ server: server('reports', stateless) }],
  });
  reports.addMatch({
    tools: ToolMatch.prefix('yearly_'),
    method: 'tools/call',
    backends: [{ server: server('heavy', stateless) }],
  });
  new McpRoute(chart, 'counted', { gateway, backends: [{ server: server('small', stateless) }] }).addRateLimit(
    RateLimit.perUser(LIMIT, RateLimitUnit.DAY),
  );
  return objectsOf(app);
}

const urlOf = (running: RunningApp, route: string): string => `${running.gateway().url}/routes/finance/${route}`;

function headersOf(sub: string, claims: object = {}): Record<string, string> {
  return { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub, groups: ['interns'], ...claims })}` };
}

function unlike(what: string, got: unknown, expected: unknown): string[] {
  return JSON.stringify(got) === JSON.stringify(expected)
    ? []
    : [`${what}: ${JSON.stringify(got)?.slice(0, 300)} instead of ${JSON.stringify(expected)}`];
}

/** A session of some calls, of which some are refused, that stays where it is. */
async function session(running: RunningApp, id: string): Promise<string[]> {
  const caller = new McpCaller(urlOf(running, 'books'), { headers: headersOf(id) });
  try {
    const first = await caller.call('db_query');
    const problems = unlike('a first call', first.status, 200);
    for (let i = 0; i < 5; i++) {
      const { status, answer } = await caller.call('db_query', { pad: 'x'.repeat(i * 5000) });
      problems.push(
        ...unlike(
          'a call',
          [status, answer?.server, answer?.replica, answer?.session],
          [200, first.answer?.server, first.answer?.replica, first.answer?.session],
        ),
      );
      problems.push(...unlike('a call that is forbidden', (await caller.call('db_drop')).status, 403));
    }
    problems.push(
      ...unlike('a list', (await caller.post('tools/list', {})).status, 200),
      ...unlike('an end', (await caller.raw({ method: 'DELETE' })).status, 200),
    );
    return problems;
  } finally {
    caller.close();
  }
}

/** Calls that go by their tool. */
async function routed(running: RunningApp, id: string): Promise<string[]> {
  const caller = new McpCaller(urlOf(running, 'reports-route'), { headers: headersOf(id) });
  caller.session = '';
  try {
    const [light, heavy] = [await caller.call('db_query'), await caller.call('yearly_report', { delayMs: 20 })];
    return unlike('who answered', [light.answer?.server, heavy.answer?.server], ['finance/reports', 'finance/heavy']);
  } finally {
    caller.close();
  }
}

/** Who is nobody, and what is no call. */
async function strangers(running: RunningApp, id: string): Promise<string[]> {
  const expired = new McpCaller(urlOf(running, 'books'), { headers: headersOf(id, { exp: 1 }) });
  const intern = new McpCaller(urlOf(running, 'books'), { headers: headersOf(id) });
  try {
    return [
      ...unlike('an expired token', (await expired.post('ping', {})).status, 401),
      ...unlike(
        'a batch',
        (await intern.send([{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'db_drop' } }])).status,
        400,
      ),
      ...unlike('no route', (await intern.raw({ url: urlOf(running, 'nowhere'), body: '{}' })).status, 404),
    ];
  } finally {
    expired.close();
    intern.close();
  }
}

/** One who calls too often. */
async function counted(running: RunningApp, id: string): Promise<string[]> {
  const caller = new McpCaller(urlOf(running, 'counted'), { headers: headersOf(`${id}-${Math.random()}`) });
  caller.session = '';
  try {
    const statuses: number[] = [];
    for (let i = 0; i < LIMIT + 2; i++) {
      statuses.push((await caller.call('db_query')).status);
    }
    return unlike('calls of one who has three', statuses, [...Array.from({ length: LIMIT }, () => 200), 429, 429]);
  } finally {
    caller.close();
  }
}

/** A client of the SDK that listens for a while, whatever is changed meanwhile. */
async function listener(running: RunningApp, id: string): Promise<string[]> {
  const client = new Client({ name: 'listener', version: '1' });
  let heard = 0;
  client.setNotificationHandler(LoggingMessageNotificationSchema, () => {
    heard++;
  });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(urlOf(running, 'books')), { requestInit: { headers: headersOf(id) } }),
  );
  try {
    for (let i = 0; i < 4; i++) {
      await new Promise(resolve => setTimeout(resolve, 2000));
      const before = heard;
      await until(
        'a message arrives',
        async () => {
          await Promise.all(
            ['ledger', 'canary']
              .map(name => running.server(name).notify('news'))
              .concat(running.server('ledger', 1).notify('news')),
          );
          return heard > before;
        },
        { timeoutMs: 5000 },
      );
      await client.callTool({ name: 'db_query', arguments: {} });
    }
    return [];
  } finally {
    await client.close();
  }
}

export const LOADS: readonly Load[] = [
  { name: 'sessions', workers: 8, run: session },
  { name: 'calls by tool', workers: 3, run: routed },
  { name: 'strangers', workers: 2, run: strangers },
  { name: 'limited callers', workers: 2, run: counted },
  { name: 'listeners', workers: 4, run: listener },
];
