import { ChildProcess, spawn, spawnSync } from 'child_process';
import { generateKeyPairSync, randomUUID } from 'crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { AddressInfo, createServer } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';

/**
 * A real API server for tests: kube-apiserver and etcd, started from the folder that the environment variable
 * KUBEBUILDER_ASSETS names (with kube-apiserver, etcd and kubectl in it). Nothing schedules or runs pods: it accepts,
 * validates, defaults, admits and authorizes.
 */

export const ASSETS = process.env.KUBEBUILDER_ASSETS;

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

export interface KubectlResult {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export class ApiServer {
  /** Starts both processes and waits until the API server is ready. */
  public static async start(assets: string): Promise<ApiServer> {
    const dir = mkdtempSync(join(tmpdir(), 'api-server-'));
    const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
    const token = randomUUID();
    writeCredentials(dir, token);

    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    const etcd = run(assets, 'etcd', [
      '--data-dir', join(dir, 'etcd'), '--unsafe-no-fsync',
      '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl,
      '--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`,
    ]);
    const apiServer = run(assets, 'kube-apiserver', [
      '--etcd-servers', etcdUrl, '--bind-address', '127.0.0.1', '--secure-port', `${port}`,
      '--cert-dir', join(dir, 'certs'), '--token-auth-file', join(dir, 'tokens.csv'), '--authorization-mode', 'RBAC',
      '--service-account-issuer', 'https://kubernetes.default.svc', '--service-cluster-ip-range', '10.96.0.0/16',
      '--service-account-key-file', join(dir, 'sa.pub'), '--service-account-signing-key-file', join(dir, 'sa.key'),
    ]);

    const server = new ApiServer(assets, dir, `https://127.0.0.1:${port}`, token, [apiServer, etcd]);
    await server.ready();
    return server;
  }

  private constructor(
    private readonly assets: string,
    private readonly dir: string,
    private readonly url: string,
    private readonly token: string,
    private readonly processes: readonly ChildProcess[],
  ) {}

  /** Runs kubectl as an administrator, with `input` as its standard input: text as it is, anything else as JSON. */
  public kubectl(args: readonly string[], input?: unknown): KubectlResult {
    const { status, stdout, stderr } = spawnSync(join(this.assets, 'kubectl'), [
      '--server', this.url, '--token', this.token, '--insecure-skip-tls-verify', ...args,
    ], {
      // Without a home of its own, kubectl would read and write the user's configuration and cache.
      env: { ...process.env, HOME: this.dir, KUBECONFIG: join(this.dir, 'kubeconfig') },
      input: typeof input === 'string' ? input : JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return { succeeded: status === 0, stdout, stderr };
  }

  /** Ends both processes and removes their files. */
  public async stop(): Promise<void> {
    for (const child of this.processes) {
      await ended(child);
    }
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!this.kubectl(['get', '--raw', '/readyz']).succeeded) {
      if (Date.now() > deadline || this.processes.some((child) => child.exitCode !== null)) {
        await this.stop();
        throw new Error(`no API server within ${START_TIMEOUT_MS} ms`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

const run = (assets: string, program: string, args: readonly string[]): ChildProcess =>
  spawn(join(assets, program), args, { stdio: 'ignore' });

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }
}

/** What the API server signs service account tokens with, and the token of the administrator. */
function writeCredentials(dir: string, token: string): void {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(dir, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(dir, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(dir, 'tokens.csv'), `${token},admin,1,"system:masters"\n`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
