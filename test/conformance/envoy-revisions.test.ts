import { Server } from 'net';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { nextAddress } from './end-to-end/addresses';
import { describeWithEnvoy, EnvoyTests } from './end-to-end/describe';
import { freePort } from './end-to-end/free-port';
import { RunningApp } from './end-to-end/running-app';
import { SpokenServer } from './end-to-end/spoken-server';
import { runSuite } from './end-to-end/suite';
import { forward } from './end-to-end/tcp-forwarder';
import { connects, until } from './end-to-end/until';
import { nodeProgram } from '../../scripts/conformance/mcp-packages';
import { ProcessGroup } from '../../scripts/conformance/process-group';
import { GatewayDataPlane, McpGateway, McpRoute, McpServer, McpServerSource, McpSessions } from '../../src';
import { objectsOf } from '../support/synth';

/*
 * What each revision requires of servers, by the protocol's own tests: what passes straight passes through a real Envoy. That of sessions
 * with server-everything, that without with a server of the SDK's second generation.
 */

const { MCP_CONFORMANCE_2, MCP_SERVER_EVERYTHING, MCP_SDK_2, NODE_22 } = process.env;
const TIMEOUT_MS = 300_000;

/** What passes straight and not through the gateway, and why that is right. */
const DIFFERENCES: Readonly<Record<string, string>> = {};

interface Folders {
  readonly suite: string;
  readonly everything: string;
  readonly sdk: string;
  readonly node: string;
}

function compare(envoy: () => EnvoyTests, { suite, everything, sdk, node }: Folders): void {
  const processes: { stop(): Promise<void> }[] = [];
  const forwarders: Server[] = [];
  const straight: Record<string, string> = {};
  let running: RunningApp;
  /** Where the gateway is reached on this machine: some tests are for servers of the same machine alone. */
  let front: number;

  beforeAll(async () => {
    const port = await freePort();
    const program = join(everything, 'node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js');
    const older = ProcessGroup.start(process.execPath, [program, 'streamableHttp'], {
      env: { PATH: process.env.PATH, PORT: String(port) },
      quiet: true,
    });
    processes.push(older);
    const newer = await SpokenServer.typescript(sdk, 'newer', 'stateless');
    processes.push(newer);
    await until('server-everything listens', () => connects('127.0.0.1', port), {
      while: () => older.running,
      timeoutMs: TIMEOUT_MS,
    });
    const address = nextAddress();
    forwarders.push(await forward(address, 8080, { host: '127.0.0.1', port }));
    straight.older = `http://127.0.0.1:${port}/mcp`;
    straight.newer = `http://${newer.address}:8080/mcp`;
    front = await freePort();
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    // Web pages of this machine may ask, and no others.
    const allowedOrigins = ['127.0.0.1', 'localhost'].map(host => `http://${host}:${front}`);
    const gateway = new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy(), allowedOrigins });
    for (const name of ['older', 'newer']) {
      const source = McpServerSource.image('ghcr.io/acme/tools:1.0.0', { path: '/mcp' });
      const sessions = name === 'older' ? McpSessions.STATEFUL : McpSessions.STATELESS;
      new McpRoute(chart, `route-${name}`, {
        gateway,
        backends: [{ server: new McpServer(chart, name, { source, sessions }) }],
      });
    }
    running = await envoy().start(objectsOf(app), {
      elsewhere: { 'finance/older': address, 'finance/newer': newer.address },
    });
    const { hostname, port: listening } = new URL(running.gateway().url);
    forwarders.push(await forward('127.0.0.1', front, { host: hostname, port: Number(listening) }));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await running?.stop();
    await Promise.all(processes.map(started => started.stop()));
    forwarders.forEach(forwarder => forwarder.close());
  });

  it.each([
    // So many checks pass straight, at least: a comparison of nothing would pass, too.
    ['2025-11-25', 'older', 13],
    ['2026-07-28', 'newer', 60],
  ])(
    'what revision %s requires passes as it does straight, of the %s server',
    async (requirements, server, least) => {
      const options = { node: nodeProgram(node), requirements };
      const found = await runSuite(suite, straight[server], options);
      const through = await runSuite(suite, `http://127.0.0.1:${front}/routes/finance/route-${server}`, options);
      const passed = [...found].filter(([, status]) => status === 'SUCCESS').map(([check]) => check);
      expect(passed.length).toBeGreaterThanOrEqual(least);
      expect(passed.filter(check => through.get(check) !== 'SUCCESS' && DIFFERENCES[check] === undefined)).toEqual([]);
      expect(
        Object.keys(DIFFERENCES).filter(check => found.get(check) === 'SUCCESS' && through.get(check) === 'SUCCESS'),
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );
}

if (
  MCP_CONFORMANCE_2 === undefined ||
  MCP_SERVER_EVERYTHING === undefined ||
  MCP_SDK_2 === undefined ||
  NODE_22 === undefined
) {
  process.stderr.write(
    "SKIPPED: MCP's conformance tests of both eras: set MCP_CONFORMANCE_2, MCP_SERVER_EVERYTHING, MCP_SDK_2 and NODE_22, or run `npm run conformance`\n",
  );
  test.skip("MCP's conformance tests of both eras", () => undefined);
} else {
  const folders = {
    suite: MCP_CONFORMANCE_2,
    everything: MCP_SERVER_EVERYTHING,
    sdk: MCP_SDK_2,
    node: NODE_22,
  };
  describeWithEnvoy("MCP's conformance tests of both eras", envoy => compare(envoy, folders));
}
