import { spawnSync } from 'child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'fs';
import { AddressInfo, createServer } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import { POD_ADDRESS, answers, starts } from './kubelet';
import { Container, serverContainer } from './pod-container';
import { PodProcess, confinedProcesses, unconfinedBecause } from './pod-process';
import { ProcessGroup } from '../../scripts/conformance/process-group';
import {
  ClusterProfile,
  McpPackageOptions,
  McpServer,
  McpServerSource,
  McpTransport,
  NetworkEnforcement,
} from '../../src';
import { find, objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/**
 * A real MCP server from npm's registry, started as the pod of an npx server starts it: command, environment, user, volumes
 * and read-only root as emitted, probes asked as emitted. No gateway: clients ask the server itself.
 */

const PACKAGE = '@modelcontextprotocol/server-everything@2026.8.31';

/** What programs have to be told about the network of this machine, and a chart about that of its cluster. */
const NETWORK_VARIABLES = ['NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

const UNCONFINED = unconfinedBecause();
if (UNCONFINED !== undefined) {
  process.stderr.write(
    `\n!!! PODS ARE ONLY HALF IMITATED: ${UNCONFINED}. No read-only root, no volumes at their paths and no other user; what shows those is skipped.\n\n`,
  );
}
const testConfined = UNCONFINED === undefined ? test : test.skip;

const START_TIMEOUT_MS = 600_000;

/** A server of the package, as an app emits it. */
function emitted(
  options: McpPackageOptions,
  variables: Readonly<Record<string, string>> = {},
): { readonly container: Container; readonly path: string; readonly objects: readonly Manifest[] } {
  const app = new App();
  // Only names of hosts let a registry outside the cluster through.
  new ClusterProfile({ network: NetworkEnforcement.cilium() }).applyTo(app);
  const server = new McpServer(new Chart(app, 'tools', { namespace: 'tools' }), 'everything', {
    source: McpServerSource.npx(PACKAGE, { registry: registry(), ...options }),
    env: Object.fromEntries(
      Object.entries({ ...networkVariables(), ...variables }).map(([name, value]) => [
        name,
        kplus.EnvValue.fromValue(value),
      ]),
    ),
  });
  const objects = objectsOf(app);
  return {
    container: serverContainer(objects, find(objects, 'Deployment', 'everything')),
    path: new URL(server.url!).pathname,
    objects,
  };
}

/** The registry that npm uses here. */
function registry(): string {
  const { stdout } = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' });
  return stdout.trim();
}

function networkVariables(): Record<string, string> {
  return Object.fromEntries(
    NETWORK_VARIABLES.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** The program that the adapter of a stdio server is configured to start. */
function adaptedCommand(objects: readonly Manifest[]): string[] {
  const { data } = find(objects, 'ConfigMap', 'everything-stdio-adapter');
  const { cmd, args } = parse(data['config.yaml']).binds[0].listeners[0].routes[0].backends[0].mcp.targets[0].stdio;
  return [cmd, ...args];
}

/** A client that has said hello, does something and takes its leave. */
async function asClient(transport: Transport, action: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ name: 'conformance', version: '1.0.0' });
  try {
    await client.connect(transport);
    await action(client);
  } finally {
    await client.close();
    // A client that never got through would try for ever.
    await transport.close();
  }
}

async function usesTools(client: Client): Promise<void> {
  expect(client.getServerVersion()!.name).toContain('everything');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('echo');
  const { content } = await client.callTool({ name: 'echo', arguments: { message: 'from a pod' } });
  expect(content).toEqual([{ type: 'text', text: 'Echo: from a pod' }]);
}

/** Environment of the server, as it says itself. */
async function environmentOf(client: Client): Promise<Record<string, string>> {
  const { content } = await client.callTool({ name: 'get-env', arguments: {} });
  return JSON.parse((content as Manifest[])[0].text);
}

/** What npx tells the programs that it starts. */
const isOfNpm = (name: string): boolean =>
  /^(npm_|NODE$|INIT_CWD$|COLOR$|EDITOR$|PATH$|PWD$|SHLVL$|OLDPWD$|_$)/.test(name);

/** Runs a program to its end in a pod of its own. */
function run(
  container: Container,
  command?: readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const pod = new PodProcess(container, UNCONFINED === undefined);
  try {
    const { program, args } = pod.commandLine(command);
    return spawnSync(program, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: START_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
  } finally {
    pod.remove();
  }
}

/** Tries to write to each folder, and says what happened. */
const WRITE = `
  const { writeFileSync } = require('fs');
  const attempt = (folder) => { try { writeFileSync(folder + '/written', 'x'); return 'written'; } catch ({ code }) { return code; } };
  console.log(JSON.stringify(Object.fromEntries(process.argv.slice(1).map((folder) => [folder, attempt(folder)]))));
`;

const FORMS: readonly (readonly [string, string, McpTransport, (url: URL) => Transport])[] = [
  ['streamable HTTP', 'streamableHttp', McpTransport.STREAMABLE_HTTP, url => new StreamableHTTPClientTransport(url)],
  ['SSE', 'sse', McpTransport.SSE, url => new SSEClientTransport(url)],
];

describe.each(FORMS)('the pod of an npx server that speaks %s', (_, argument, transport, connect) => {
  const logs = mkdtempSync(join(tmpdir(), 'server-pod-'));
  const log = join(logs, 'log');
  let container: Container;
  let pod: PodProcess;
  let server: ProcessGroup;
  let url: URL;

  beforeAll(async () => {
    const port = await freePort();
    const { path, ...rest } = emitted({ args: [argument], transport, port }, { PORT: `${port}` });
    container = rest.container;
    url = new URL(`http://${POD_ADDRESS}:${port}${path}`);
    pod = new PodProcess(container, UNCONFINED === undefined);
    expect(await answers(container.startupProbe)).toBe(false);
    const { program, args } = pod.commandLine();
    const output = openSync(log, 'w');
    server = ProcessGroup.start(program, args, { output });
    closeSync(output);
  });

  afterAll(async () => {
    await server?.stop();
    pod?.remove();
    rmSync(logs, { recursive: true, force: true });
  });

  test(
    'starts within the time of its startup probe, and then answers the others',
    async () => {
      expect((await starts(container.startupProbe, () => server.running)) ? '' : readFileSync(log, 'utf8')).toBe('');
      expect([await answers(container.readinessProbe), await answers(container.livenessProbe)]).toEqual([true, true]);
    },
    START_TIMEOUT_MS,
  );

  test('serves clients', async () => {
    await asClient(connect(url), usesTools);
    await asClient(connect(url), usesTools);
  });

  test('is told what its pod says, and nothing else', async () => {
    await asClient(connect(url), async client => {
      const told = Object.entries(await environmentOf(client)).filter(([name]) => !isOfNpm(name));
      expect(Object.fromEntries(told)).toEqual(
        UNCONFINED === undefined ? container.env : expect.objectContaining({ PORT: container.env.PORT }),
      );
    });
  });

  testConfined('runs as the user of its pod, without any privilege', () => {
    const processes = confinedProcesses();
    expect(processes.some(({ innerPid }) => innerPid === 1)).toBe(true);
    expect(container.user).toBeGreaterThan(0);
    expect(
      processes.map(({ user, group, privileged, noNewPrivileges }) => ({ user, group, privileged, noNewPrivileges })),
    ).toEqual(
      processes.map(() => ({ user: container.user, group: container.group, privileged: false, noNewPrivileges: true })),
    );
  });

  testConfined('has not needed more memory than its pod may have', () => {
    const needed = confinedProcesses().reduce((sum, { peakBytes }) => sum + peakBytes, 0);
    expect(needed).toBeGreaterThan(0);
    expect(needed).toBeLessThan(container.memoryLimitBytes);
  });

  testConfined('ends when it is told to, before it is killed', async () => {
    process.kill(confinedProcesses().find(({ innerPid }) => innerPid === 1)!.pid, 'SIGTERM');
    const killed = new Promise(resolve =>
      setTimeout(resolve, container.terminationGraceSeconds * 1000, 'killed').unref(),
    );
    expect(await Promise.race([server.ended, killed])).not.toBe('killed');
    expect(await answers(container.livenessProbe)).toBe(false);
  });
});

describe('the pod of an npx server that speaks over standard input and output', () => {
  const { container, objects } = emitted({});
  const program = adaptedCommand(objects);

  test(
    'starts its program as the adapter does, which serves clients',
    async () => {
      const pod = new PodProcess(container, UNCONFINED === undefined);
      const { program: command, args } = pod.commandLine(program);
      try {
        await asClient(new StdioClientTransport({ command, args, stderr: 'ignore' }), async client => {
          await usesTools(client);
          expect(await environmentOf(client)).toMatchObject(UNCONFINED === undefined ? container.env : {});
        });
      } finally {
        pod.remove();
      }
    },
    START_TIMEOUT_MS,
  );

  test('gives a program the variables of the pod and the path of the image alone', () => {
    const given = run(container, ['env'])
      .stdout.trim()
      .split('\n')
      .map(text => text.split('=')[0]);
    expect(given.sort()).toEqual([...Object.keys(container.env), 'PATH'].sort());
  });

  testConfined('lets a program write to its volumes and nowhere else', () => {
    const open = container.mounts.filter(({ readOnly }) => !readOnly).map(({ path }) => path);
    const closed = [
      '/',
      '/usr',
      '/etc',
      '/var',
      '/var/cache',
      ...container.mounts.filter(({ readOnly }) => readOnly).map(({ path }) => path),
    ];
    expect(open).not.toEqual([]);
    const { stdout } = run(container, [process.execPath, '-e', WRITE, ...open, ...closed]);
    expect(JSON.parse(stdout)).toEqual(
      Object.fromEntries([...open.map(folder => [folder, 'written']), ...closed.map(folder => [folder, 'EROFS'])]),
    );
  });

  testConfined('runs programs as its user, who cannot become another', () => {
    const { status, stdout } = run(container, ['sh', '-c', 'id -u; id -g; id -G; setpriv --reuid 0 id -u']);
    expect([status, stdout.trim().split('\n')]).toEqual([
      expect.any(Number),
      [container.user, container.group, container.group].map(String),
    ]);
    expect(status).not.toBe(0);
  });

  testConfined('ends a program that fills a volume over its size', () => {
    const { path, sizeBytes } = container.mounts.find(({ path: folder }) => folder === '/tmp')!;
    const { status, stderr } = run(container, [
      'dd',
      'if=/dev/zero',
      `of=${path}/file`,
      'bs=1M',
      `count=${sizeBytes! / 1024 ** 2 + 1}`,
    ]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('No space left on device')]);
  });

  testConfined.each([
    ['a folder for its packages', '/var/cache/mcp-packages'],
    ['a folder for what is temporary', '/tmp'],
  ])('needs %s', (__, folder) => {
    const without = { ...container, mounts: container.mounts.filter(({ path }) => path !== folder) };
    const { status, stdout } = run(without, [process.execPath, '-e', WRITE, folder]);
    expect([status, Object.values(JSON.parse(stdout))]).toEqual([0, [expect.stringMatching(/^(ENOENT|EROFS)$/)]]);
  });

  testConfined(
    'cannot be downloaded without its folder for packages',
    () => {
      const without = {
        ...container,
        mounts: container.mounts.filter(({ path }) => path !== '/var/cache/mcp-packages'),
      };
      const { status, stderr } = run(without, program);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/EROFS|ENOENT/);
    },
    START_TIMEOUT_MS,
  );
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
