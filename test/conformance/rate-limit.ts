import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { freePort } from './end-to-end/free-port';
import { MountedFolder } from './end-to-end/mounted-folder';
import { connects } from './end-to-end/until';
import { ProcessGroup } from '../../scripts/conformance/process-group';
import { RATE_LIMIT_SETTINGS } from '../../src/backends/kubernetes/rate-limit';

/**
 * Envoy's rate-limit service and its store for tests, started from the binaries that the environment variables
 * RATELIMIT_BINARY and REDIS_SERVER name, on loopback. No gateway: tests ask what a gateway would ask.
 */

const { RATELIMIT_BINARY, REDIS_SERVER } = process.env;

const START_TIMEOUT_MS = 20_000;
/** Somebody else may take a free port before we do. */
const START_ATTEMPTS = 3;
const POLL_MS = 50;
const SUBDIRECTORY = 'ratelimit';

/** Entries of one descriptor, as a gateway sends them. */
export type Descriptor = readonly { readonly key: string; readonly value: string }[];

/** What the service says of one descriptor; `currentLimit` is missing where it has no limit for it. */
export interface LimitStatus {
  readonly code: string;
  readonly currentLimit?: { readonly requestsPerUnit: number; readonly unit: string };
}

export interface Answer {
  /** 200, or 429 where a limit is reached. */
  readonly status: number;
  readonly statuses: readonly LimitStatus[];
}

/** Tests with a service of their own; skipped, and said to be, where it is not there. */
export function describeWithRateLimitService(title: string, tests: (service: () => RateLimitServer) => void): void {
  if (RATELIMIT_BINARY === undefined || REDIS_SERVER === undefined) {
    process.stderr.write(
      `SKIPPED: ${title}: set RATELIMIT_BINARY (github.com/envoyproxy/ratelimit, src/service_cmd) and REDIS_SERVER (redis-server)\n`,
    );
    describe.skip(title, () => tests(() => undefined as never));
    return;
  }
  describe(title, () => {
    let service: RateLimitServer;
    beforeAll(async () => {
      service = await RateLimitServer.start(RATELIMIT_BINARY, REDIS_SERVER);
    }, START_ATTEMPTS * START_TIMEOUT_MS);
    afterAll(async () => service?.stop());
    tests(() => service);
  });
}

export class RateLimitServer {
  /** Starts both processes and waits until the service is ready. Its configuration is empty. */
  public static async start(binary: string, redis: string): Promise<RateLimitServer> {
    for (let attempt = 1; ; attempt++) {
      const server = new RateLimitServer(binary, redis);
      try {
        await server.startBoth();
        return server;
      } catch (error) {
        await server.stop();
        if (attempt === START_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'rate-limit-'));
  private readonly log = openSync(join(this.folder, 'log'), 'w');
  private store?: ProcessGroup;
  private service?: ProcessGroup;
  private port = 0;
  private readonly configuration = new MountedFolder(join(this.folder, SUBDIRECTORY, 'config'));

  private constructor(
    private readonly binary: string,
    private readonly redis: string,
  ) {}

  private async startBoth(): Promise<void> {
    const [storePort, port, grpcPort, debugPort, metricsPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    this.port = port;
    this.mount({ 'empty.yaml': 'domain: empty\ndescriptors: []\n' });
    this.store = ProcessGroup.start(
      this.redis,
      ['--port', `${storePort}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { cwd: this.folder, output: this.log },
    );
    // It ends where there is no store yet; in a cluster it is started again.
    await this.until(
      () => connects('127.0.0.1', storePort),
      () => this.store!.running,
    );
    this.service = ProcessGroup.start(this.binary, [], {
      cwd: this.folder,
      output: this.log,
      env: {
        PATH: process.env.PATH,
        ...RATE_LIMIT_SETTINGS,
        RUNTIME_ROOT: this.folder,
        RUNTIME_SUBDIRECTORY: SUBDIRECTORY,
        REDIS_URL: `127.0.0.1:${storePort}`,
        HOST: '127.0.0.1',
        PORT: `${port}`,
        GRPC_HOST: '127.0.0.1',
        GRPC_PORT: `${grpcPort}`,
        DEBUG_HOST: '127.0.0.1',
        DEBUG_PORT: `${debugPort}`,
        PROMETHEUS_ADDR: `127.0.0.1:${metricsPort}`,
      },
    });
    await this.until(
      async () => (await fetch(`http://127.0.0.1:${port}/healthcheck`)).ok,
      () => this.service!.running && this.store!.running,
    );
  }

  /** Mounts files as Kubernetes mounts a ConfigMap. Returns before the service has read them. */
  public mount(files: Readonly<Record<string, string>>): void {
    this.configuration.mount(files);
  }

  /** Mounts files and waits until the service knows a descriptor with the given number of requests. */
  public async load(
    files: Readonly<Record<string, string>>,
    domain: string,
    descriptor: Descriptor,
    requests: number,
  ): Promise<void> {
    this.mount(files);
    await this.until(
      async () => (await this.ask(domain, [descriptor])).statuses[0].currentLimit?.requestsPerUnit === requests,
      () => this.service!.running,
    );
  }

  /** Asks as a gateway does before each call. */
  public async ask(domain: string, descriptors: readonly Descriptor[]): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.port}/json`, {
      method: 'POST',
      body: JSON.stringify({ domain, descriptors: descriptors.map(entries => ({ entries })) }),
    });
    const text = await response.text();
    if (response.status !== 200 && response.status !== 429) {
      throw new Error(`the service answered ${response.status}: ${text}`);
    }
    return { status: response.status, statuses: JSON.parse(text).statuses };
  }

  /** Ends the store, as when its pod is gone. */
  public async stopStore(): Promise<void> {
    await this.store?.stop();
  }

  public async stop(): Promise<void> {
    await Promise.all([this.service?.stop(), this.store?.stop()]);
    closeSync(this.log);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async until(holds: () => Promise<boolean>, alive: () => boolean): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await holds().catch(() => false))) {
      if (!alive() || Date.now() > deadline) {
        throw new Error(`the rate-limit service is not ready:\n${readFileSync(join(this.folder, 'log'), 'utf8')}`);
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }
}
