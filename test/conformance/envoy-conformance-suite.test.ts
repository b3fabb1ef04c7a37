import { Server } from 'net';
import { join } from 'path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { App, Chart } from 'cdk8s';
import { nextAddress } from './end-to-end/addresses';
import { describeWithEnvoy, EnvoyTests } from './end-to-end/describe';
import { freePort } from './end-to-end/free-port';
import { ISSUER } from './end-to-end/identities';
import { RunningApp } from './end-to-end/running-app';
import { runSuite } from './end-to-end/suite';
import { forward } from './end-to-end/tcp-forwarder';
import { connects, until } from './end-to-end/until';
import { ProcessGroup } from '../../scripts/conformance/process-group';
import {
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';

/*
 * The protocol's own conformance tests, and a client of its SDK that uses what they do not, against server-everything: straight, and
 * through a real Envoy.
 */

const { MCP_CONFORMANCE, MCP_SERVER_EVERYTHING } = process.env;

/** What passes straight and not through the gateway, and why that is right. */
const DIFFERENCES: Readonly<Record<string, string>> = {};

const TIMEOUT_MS = 60_000;

if (MCP_CONFORMANCE === undefined || MCP_SERVER_EVERYTHING === undefined) {
  process.stderr.write(
    "SKIPPED: MCP's conformance tests: set MCP_CONFORMANCE and MCP_SERVER_EVERYTHING, or run `npm run conformance`\n",
  );
  test.skip("MCP's conformance tests", () => undefined);
} else {
  describeWithEnvoy("MCP's conformance tests", envoy => compare(envoy, MCP_CONFORMANCE, MCP_SERVER_EVERYTHING));
}

function compare(envoy: () => EnvoyTests, suiteFolder: string, serverFolder: string): void {
  let server: ProcessGroup;
  const forwarders: Server[] = [];
  let running: RunningApp;
  let direct: string;
  /** Where the gateway is reached on this machine. */
  let front: number;

  beforeAll(async () => {
    const port = await freePort();
    const program = join(
      serverFolder,
      'node_modules',
      '@modelcontextprotocol',
      'server-everything',
      'dist',
      'index.js',
    );
    server = ProcessGroup.start(process.execPath, [program, 'streamableHttp'], {
      env: { PATH: process.env.PATH, PORT: String(port) },
      quiet: true,
    });
    await until('server-everything listens', () => connects('127.0.0.1', port), { while: () => server.running });
    direct = `http://127.0.0.1:${port}/mcp`;
    const address = nextAddress();
    forwarders.push(await forward(address, 8080, { host: '127.0.0.1', port }));
    front = await freePort();
    running = await envoy().start(objectsOf(app(front)), { elsewhere: { 'finance/everything': address } });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await running?.stop();
    await server?.stop();
    forwarders.forEach(forwarder => forwarder.close());
  });

  it(
    'pass through the gateway as they do straight',
    async () => {
      const straight = await runSuite(suiteFolder, direct);
      // Some of it is for servers of the same machine alone, and this is how they are told.
      const gateway = new URL(running.gateway('public').url);
      forwarders.push(await forward('127.0.0.1', front, { host: gateway.hostname, port: Number(gateway.port) }));
      const through = await runSuite(suiteFolder, `http://127.0.0.1:${front}/routes/finance/everyone`);
      const passed = [...straight].filter(([, status]) => status === 'SUCCESS').map(([check]) => check);
      expect(passed.length).toBeGreaterThanOrEqual(13);
      expect(passed.filter(check => through.get(check) !== 'SUCCESS' && DIFFERENCES[check] === undefined)).toEqual([]);
      expect(
        Object.keys(DIFFERENCES).filter(check => straight.get(check) !== 'SUCCESS' || through.get(check) === 'SUCCESS'),
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'a client of the SDK sees the same through a gateway that asks who it is and what it may',
    async () => {
      const headers = { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub: 'alice' })}` };
      const straight = await everything(direct);
      expect(straight).toMatchObject({ asked: ['elicitation', 'roots', 'sampling'], progress: 4 });
      expect(await everything(`${running.gateway('guarded').url}/routes/finance/users`, headers)).toEqual(straight);
    },
    TIMEOUT_MS,
  );
}

/** One gateway for everybody, and one whose rules name everything that a client does. */
function app(front: number): App {
  const result = new App();
  const chart = new Chart(result, 'finance', { namespace: 'finance' });
  const server = new McpServer(chart, 'everything', { source: McpServerSource.image('ghcr.io/acme/everything:1.0.0') });
  // Web pages of this machine may ask, and no others.
  const allowedOrigins = ['127.0.0.1', 'localhost'].map(host => `http://${host}:${front}`);
  const open = new McpGateway(chart, 'public', { dataPlane: GatewayDataPlane.envoy(), allowedOrigins });
  new McpRoute(chart, 'everyone', { gateway: open, backends: [{ server }] });
  const guarded = new McpGateway(chart, 'guarded', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
  });
  const route = new McpRoute(chart, 'users', { gateway: guarded, backends: [{ server }] });
  route.allow(Principal.user('alice'), { tools: ['*'], actions: [ToolAction.CALL] });
  route.allow(Principal.user('alice'), { tools: ['*'], actions: [ToolAction.LIST] });
  return result;
}

/** What a client comes to know that can do everything: what servers ask of it included. */
async function everything(url: string, headers: Record<string, string> = {}): Promise<object> {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: { sampling: {}, elicitation: {}, roots: { listChanged: true } } },
  );
  const asked = new Set<string>();
  const progress: number[] = [];
  client.setRequestHandler(CreateMessageRequestSchema, () => {
    asked.add('sampling');
    return { model: 'test', role: 'assistant', content: { type: 'text', text: 'sampled' } };
  });
  client.setRequestHandler(ElicitRequestSchema, () => {
    asked.add('elicitation');
    return { action: 'decline' };
  });
  client.setRequestHandler(ListRootsRequestSchema, () => {
    asked.add('roots');
    return { roots: [{ uri: 'file:///work', name: 'work' }] };
  });
  client.setNotificationHandler(LoggingMessageNotificationSchema, () => undefined);
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport);
  const call = async (name: string, given: Record<string, unknown> = {}): Promise<unknown> => {
    const { content, isError } = await client.callTool({ name, arguments: given }, undefined, {
      onprogress: item => progress.push(item.progress),
      resetTimeoutOnProgress: true,
    });
    // What comes of it may hold times and names of sessions.
    return { kinds: (content as { type: string }[]).map(({ type }) => type), isError };
  };
  await client.ping();
  await client.setLoggingLevel('debug');
  const { tools } = await client.listTools();
  const results: Record<string, unknown> = { tools: tools.map(({ name }) => name).sort() };
  for (const [name, given] of CALLS) {
    results[name] = tools.some(tool => tool.name === name)
      ? await call(name, given).catch(error => `error ${(error as { code?: number }).code}`)
      : 'not there';
  }
  await until('the server has asked for roots', () => asked.has('roots'), { timeoutMs: 3000 }).catch(() => undefined);
  await transport.terminateSession();
  await client.close();
  return { ...results, asked: [...asked].sort(), progress: progress.length };
}

const CALLS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['echo', { message: 'hello' }],
  ['get-sum', { a: 1, b: 2 }],
  ['trigger-long-running-operation', { duration: 1, steps: 4 }],
  ['trigger-sampling-request', { prompt: 'x', maxTokens: 10 }],
  ['trigger-elicitation-request', {}],
  ['get-roots-list', {}],
  ['get-annotated-message', { messageType: 'success' }],
  ['get-tiny-image', {}],
];
