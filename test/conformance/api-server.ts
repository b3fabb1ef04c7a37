import { spawnSync } from 'child_process';
import { generateKeyPairSync, randomUUID } from 'crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiClient } from './api-client';
import { freePort } from './end-to-end/free-port';
import { ProcessGroup } from '../../scripts/conformance/process-group';

/**
 * A real API server for tests: kube-apiserver and etcd, started from the folder that the environment variable
 * KUBEBUILDER_ASSETS names (with kube-apiserver, etcd and kubectl in it). Nothing schedules or runs pods: it accepts,
 * validates, defaults, admits and authorizes.
 */

const ASSETS = process.env.KUBEBUILDER_ASSETS;

const START_TIMEOUT_MS = 60_000;
/** Somebody else may take a free port before we do. */
const START_ATTEMPTS = 3;
const POLL_MS = 250;
const LOG_LINES = 20;

export interface KubectlResult {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Tests with an API server of their own; skipped where there is none. `npm run conformance` gets one and says so. */
export function describeWithApiServer(title: string, tests: (server: () => ApiServer) => void): void {
  const assets = ASSETS;
  if (assets === undefined) {
    describe.skip(title, () => tests(() => undefined as never));
    return;
  }
  describe(title, () => {
    let server: ApiServer;
    beforeAll(async () => {
      server = await ApiServer.start(assets);
    }, START_ATTEMPTS * START_TIMEOUT_MS);
    afterAll(async () => server?.stop());
    tests(() => server);
  });
}

export class ApiServer {
  /** Starts both processes and waits until the API server is ready. */
  public static async start(assets: string): Promise<ApiServer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ApiServer.tryStart(assets);
      } catch (error) {
        if (attempt === START_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  private static async tryStart(assets: string): Promise<ApiServer> {
    const dir = mkdtempSync(join(tmpdir(), 'api-server-'));
    const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
    const token = randomUUID();
    writeCredentials(dir, token);

    const log = openSync(join(dir, 'log'), 'w');
    const run = (program: string, args: readonly string[]): ProcessGroup =>
      ProcessGroup.start(join(assets, program), args, { output: log });
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    const etcd = run('etcd', [
      '--data-dir',
      join(dir, 'etcd'),
      '--unsafe-no-fsync',
      '--log-level',
      'error',
      '--listen-client-urls',
      etcdUrl,
      '--advertise-client-urls',
      etcdUrl,
      '--listen-peer-urls',
      peerUrl,
      '--initial-advertise-peer-urls',
      peerUrl,
      '--initial-cluster',
      `default=${peerUrl}`,
    ]);
    const apiServer = run('kube-apiserver', [
      '--etcd-servers',
      etcdUrl,
      '--bind-address',
      '127.0.0.1',
      '--secure-port',
      `${port}`,
      '--cert-dir',
      join(dir, 'certs'),
      '--token-auth-file',
      join(dir, 'tokens.csv'),
      '--authorization-mode',
      'RBAC',
      '--service-account-issuer',
      'https://kubernetes.default.svc',
      '--service-cluster-ip-range',
      '10.96.0.0/16',
      '--service-account-key-file',
      join(dir, 'sa.pub'),
      '--service-account-signing-key-file',
      join(dir, 'sa.key'),
      // It would register an address of this machine as that of the API.
      '--advertise-address',
      '127.0.0.1',
      '--endpoint-reconciler-type',
      'none',
    ]);
    closeSync(log);

    const server = new ApiServer(assets, dir, new ApiClient(port, token), [apiServer, etcd]);
    await server.ready();
    return server;
  }

  private constructor(
    private readonly assets: string,
    private readonly dir: string,
    /** Talks to the server as an administrator. */
    public readonly client: ApiClient,
    private readonly processes: readonly ProcessGroup[],
  ) {}

  /** Runs kubectl as an administrator, with `input` as its standard input: text as it is, anything else as JSON. */
  public kubectl(args: readonly string[], input?: unknown, env: NodeJS.ProcessEnv = {}): KubectlResult {
    const { status, stdout, stderr } = spawnSync(
      join(this.assets, 'kubectl'),
      ['--server', this.client.url, '--token', this.client.token, '--insecure-skip-tls-verify', ...args],
      {
        // Without a home of its own, kubectl would read and write the user's configuration and cache.
        env: { ...process.env, HOME: this.dir, KUBECONFIG: join(this.dir, 'kubeconfig'), ...env },
        input: typeof input === 'string' ? input : JSON.stringify(input),
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return { succeeded: status === 0, stdout, stderr };
  }

  /** Runs kubectl, which has to succeed without a warning, and returns what it prints. */
  public succeed(args: readonly string[], input?: unknown, env?: NodeJS.ProcessEnv): string {
    const { succeeded, stdout, stderr } = this.kubectl(args, input, env);
    expect({ succeeded, stderr }).toEqual({ succeeded: true, stderr: '' });
    return stdout;
  }

  /** Ends both processes and removes their files. */
  public async stop(): Promise<void> {
    this.client.close();
    for (const group of this.processes) {
      await group.stop();
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.client.isReady())) {
      if (Date.now() > deadline || this.processes.some(group => !group.running)) {
        const log = readFileSync(join(this.dir, 'log'), 'utf8').split('\n').slice(-LOG_LINES).join('\n');
        await this.stop();
        throw new Error(`no API server within ${START_TIMEOUT_MS} ms:\n${log}`);
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }
}

/** What the API server signs service account tokens with, and the token of the administrator. */
function writeCredentials(dir: string, token: string): void {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(dir, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(dir, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(dir, 'tokens.csv'), `${token},admin,1,"system:masters"\n`);
}
