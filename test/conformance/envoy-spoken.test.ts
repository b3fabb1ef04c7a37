import { execFile } from 'child_process';
import { promisify } from 'util';
import { App, Chart } from 'cdk8s';
import { describeWithEnvoy, EnvoyTests } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { RunningApp } from './end-to-end/running-app';
import { pythonProgram, SpokenProgram, SpokenServer, typescriptProgram } from './end-to-end/spoken-server';
import {
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';

/* MCP as the SDKs for TypeScript and Python speak it, in each of their modes, with servers of both eras, through a real Envoy. */

const { MCP_SDK_2, MCP_PYTHON } = process.env;

/** How clients choose a version: by asking, the older way, or by insisting on one. */
const NEWEST = '2026-07-28';
const MODES = ['auto', 'legacy', NEWEST];
const CLIENTS = ['typescript', 'python'] as const;
type ClientName = (typeof CLIENTS)[number];

/** Servers, and the modes that they cannot be spoken with. */
const SERVERS: Readonly<Record<string, { readonly sessions: McpSessions; readonly not: readonly string[] }>> = {
  // Of both SDKs' second generation: both eras.
  ts: { sessions: McpSessions.STATELESS, not: [] },
  py: { sessions: McpSessions.STATEFUL, not: [] },
  // The newest revision alone.
  modern: { sessions: McpSessions.STATELESS, not: ['legacy'] },
  // Sessions alone: of the first generation of the SDK for TypeScript.
  old: { sessions: McpSessions.STATEFUL, not: [NEWEST] },
};

/** Whoever starts on a busy machine gets there. */
const START_MS = 180_000;

interface Spoken {
  readonly version?: string;
  readonly tools?: readonly string[];
  readonly answer?: string;
  readonly error?: string;
}

function speak(envoy: () => EnvoyTests, sdk: string, python: string): void {
  const servers: SpokenServer[] = [];
  const programs: Readonly<Record<ClientName, SpokenProgram>> = {
    typescript: typescriptProgram(sdk, 'client'),
    python: pythonProgram(python, 'client'),
  };
  let running: RunningApp;

  beforeAll(async () => {
    servers.push(
      ...(await Promise.all([
        SpokenServer.typescript(sdk, 'ts', 'stateless'),
        SpokenServer.typescript(sdk, 'modern', 'reject'),
        SpokenServer.python(python, 'py'),
      ])),
    );
    const [ts, modern, py] = servers.map(({ address }) => address);
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const open = new McpGateway(chart, 'open', { dataPlane: GatewayDataPlane.envoy() });
    const guarded = new McpGateway(chart, 'guarded', {
      dataPlane: GatewayDataPlane.envoy(),
      authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    });
    for (const [name, { sessions }] of Object.entries(SERVERS)) {
      const source = McpServerSource.image('ghcr.io/acme/tools:1.0.0', { path: '/mcp' });
      const server = new McpServer(chart, name, { source, sessions, tools: ['whoami'] });
      new McpRoute(chart, `open-${name}`, { gateway: open, backends: [{ server }] });
      const route = new McpRoute(chart, `users-${name}`, { gateway: guarded, backends: [{ server }] });
      route.allow(Principal.user('alice'), { tools: ['*'], actions: [ToolAction.LIST] });
      route.allow(Principal.user('alice'), { tools: ['whoami'], actions: [ToolAction.CALL] });
    }
    running = await envoy().start(objectsOf(app), {
      elsewhere: { 'finance/ts': ts, 'finance/modern': modern, 'finance/py': py },
    });
  }, 2 * START_MS);
  afterAll(async () => {
    await running?.stop();
    await Promise.all(servers.map(server => server.stop()));
  });

  /** What a client says of a route. */
  const ask = async (
    client: ClientName,
    gateway: string,
    route: string,
    mode: string,
    token?: string,
  ): Promise<Spoken> => {
    const { command, env, file } = programs[client];
    const url = `${running.gateway(gateway).url}/routes/finance/${route}`;
    const args = [file, url, mode, ...(token === undefined ? [] : [token])];
    const { stdout } = await promisify(execFile)(command, args, { env });
    return JSON.parse(stdout) as Spoken;
  };

  describe.each(CLIENTS)('of %s', client => {
    describe.each(Object.keys(SERVERS))('with the server %s', server => {
      it.each(MODES)(
        'in the mode %s',
        async mode => {
          const said = await ask(client, 'open', `open-${server}`, mode);
          if (SERVERS[server].not.includes(mode)) {
            // Where nothing is asked first, it is the first request that fails.
            expect([said.tools, said.answer, typeof said.error]).toEqual([undefined, undefined, 'string']);
            return;
          }
          expect(said).toEqual({
            version: expect.any(String),
            tools: ['whoami'],
            answer: expect.stringContaining(server),
          });
          const newest = mode !== 'legacy' && !SERVERS[server].not.includes(NEWEST);
          expect(said.version === NEWEST).toBe(newest);
        },
        START_MS,
      );

      it(
        'under rules',
        async () => {
          const token = ISSUER.token({ aud: 'mcp', sub: 'alice' });
          const said = await ask(client, 'guarded', `users-${server}`, 'auto', token);
          expect(said).toEqual({
            version: expect.any(String),
            tools: ['whoami'],
            answer: expect.stringContaining(server),
          });
          const other = await ask(
            client,
            'guarded',
            `users-${server}`,
            'auto',
            ISSUER.token({ aud: 'mcp', sub: 'bob' }),
          );
          expect(other.tools).toBeUndefined();
          expect(other.answer).toBeUndefined();
          expect(other.error).toEqual(expect.any(String));
        },
        START_MS,
      );
    });
  });
}

if (MCP_SDK_2 === undefined || MCP_PYTHON === undefined) {
  process.stderr.write('SKIPPED: clients of the SDKs: set MCP_SDK_2 and MCP_PYTHON, or run `npm run conformance`\n');
  test.skip('clients of the SDKs', () => undefined);
} else {
  describeWithEnvoy('clients of the SDKs', envoy => speak(envoy, MCP_SDK_2, MCP_PYTHON));
}
