import { closeSync, mkdirSync, openSync, readFileSync } from 'fs';
import { get } from 'http';
import { join } from 'path';
import { NameServer } from './name-server';
import { PodFiles, Secrets } from './pod-files';
import { Pod } from './pods';
import { connects, until } from './until';
import { ProcessGroup } from '../../../scripts/conformance/process-group';
import { Manifest } from '../../support/validate';

const LOG_LINES = 40;
/** Where it is administrated, as it stands in the configuration. Pods of tests share a network, and Node knows files alone. */
const ADMIN_SOCKET = '@envoy-admin';
/** With thousands of routes, on a machine that does other things as well. */
const START_TIMEOUT_MS = 180_000;
const RELOAD_TIMEOUT_MS = 120_000;

/** Addresses that a pod listens on or reaches itself by, as they stand in the configuration. */
const OWN_ADDRESS = /(\baddress"?: ?"?)(?:0\.0\.0\.0|127\.0\.0\.1|::)("?)(?=[\s,}]|$)/gm;

/** Envoy in a gateway's pod: the emitted command, files and ports, at the pod's own address and with the test's DNS. */
export class EnvoyProcess {
  public static async start(
    binary: string,
    pod: Pod,
    objects: readonly Manifest[],
    secrets: Secrets,
    dns: NameServer,
    folder: string,
  ): Promise<EnvoyProcess> {
    const envoy = new EnvoyProcess(binary, pod, secrets, dns, join(folder, pod.namespace, pod.name));
    envoy.mount(objects);
    await envoy.run();
    return envoy;
  }

  private readonly files: PodFiles;
  private readonly container: Manifest;
  private readonly log: string;
  private readonly adminSocket: string;
  private group?: ProcessGroup;

  private constructor(
    private readonly binary: string,
    public readonly pod: Pod,
    secrets: Secrets,
    private readonly dns: NameServer,
    folder: string,
  ) {
    this.container = pod.workload.spec.template.spec.containers.find(({ name }: Manifest) => name === 'gateway')!;
    this.files = new PodFiles(join(folder, 'root'), pod, 'gateway', secrets);
    mkdirSync(folder, { recursive: true });
    this.log = join(folder, 'log');
    this.adminSocket = join(folder, 'admin');
  }

  /** Where clients reach it. */
  public get url(): string {
    const { name, containerPort } = this.container.ports.find(
      (port: Manifest) => port.name === 'http' || port.name === 'https',
    );
    return `${name}://${this.pod.address}:${containerPort}`;
  }

  /** Mounts what stands in ConfigMaps and Secrets now. */
  public mount(objects: readonly Manifest[]): void {
    this.files.mount(objects, text => this.moved(text));
  }

  /** Mounts what stands in ConfigMaps and Secrets now, and waits until Envoy has read it. */
  public async reload(objects: readonly Manifest[]): Promise<void> {
    const before = await this.updates();
    this.mount(objects);
    await until(
      'Envoy reads its configuration',
      async () => {
        const now = await this.updates();
        const rejected = Object.keys(now).filter(
          name => name.endsWith('update_rejected') && now[name] > (before[name] ?? 0),
        );
        if (rejected.length > 0) {
          throw new Error(`refused: ${rejected.join(', ')}`);
        }
        return Object.keys(before)
          .filter(name => name.endsWith('update_success'))
          .every(name => now[name] === undefined || now[name] > before[name]);
      },
      { timeoutMs: RELOAD_TIMEOUT_MS, while: () => this.running, details: () => this.logged() },
    );
  }

  /** Whether its readiness probe succeeds, once. */
  public async isReady(): Promise<boolean> {
    const { path, port } = this.container.readinessProbe.httpGet;
    try {
      const signal = AbortSignal.timeout(1000 * (this.container.readinessProbe.timeoutSeconds ?? 1));
      return (await fetch(`http://${this.pod.address}:${port}${path}`, { signal })).ok;
    } catch {
      // No connection, or no answer in time.
      return false;
    }
  }

  /** Whether the kubelet would take the pod for ready all along: one probe that fails is nothing, several in a row are. */
  public async staysReady(milliseconds: number): Promise<boolean> {
    const { periodSeconds, failureThreshold } = this.container.readinessProbe;
    const end = Date.now() + milliseconds;
    for (let failed = 0; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 1000 * periodSeconds))) {
      failed = (await this.isReady()) ? 0 : failed + 1;
      if (failed === failureThreshold) {
        return false;
      }
    }
    return true;
  }

  /** A counter or gauge of Envoy. */
  public async stat(name: string): Promise<number> {
    return (await this.stats(`^${name.replace(/[.]/g, '\\$&')}$`))[name] ?? 0;
  }

  /** Counters and gauges whose names match. */
  public async stats(filter: string): Promise<Record<string, number>> {
    const text = await this.admin(`/stats?filter=${encodeURIComponent(filter)}`);
    return Object.fromEntries(
      text
        .split('\n')
        .filter(line => /: \d+$/.test(line))
        .map(line => {
          const at = line.lastIndexOf(': ');
          return [line.slice(0, at), Number(line.slice(at + 2))];
        }),
    );
  }

  /** What its administration answers. */
  public admin(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      get({ socketPath: this.adminSocket, path, agent: false }, async response => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) {
          chunks.push(chunk as Buffer);
        }
        resolve(Buffer.concat(chunks).toString('utf8'));
      }).once('error', reject);
    });
  }

  /** Bytes of memory that it holds. */
  public memory(): number {
    return this.group?.memory() ?? 0;
  }

  /** The most that it has held. */
  public peakMemory(): number {
    return this.group?.peakMemory() ?? 0;
  }

  /** Milliseconds of the processor's time that it took. */
  public processorTime(): number {
    return this.group?.processorTime() ?? 0;
  }

  public get running(): boolean {
    return this.group?.running ?? false;
  }

  /** The end of what it logged, without what it is made of. */
  public logged(): string {
    return readFileSync(this.log, 'utf8')
      .split('\n')
      .filter(line => !/^\[[^\]]+\]\[\d+\]\[info\]/.test(line) && !/work-in-progress|"info"/.test(line))
      .slice(-LOG_LINES)
      .join('\n');
  }

  /** The requests that it logged as JSON, in order. */
  public accessLog(): Record<string, unknown>[] {
    return readFileSync(this.log, 'utf8')
      .split('\n')
      .slice(0, -1)
      .filter(line => line.startsWith('{') && line.includes('"http.status"'))
      .map(line => JSON.parse(line));
  }

  /** All that it wrote. */
  public output(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Runs what the pod runs before it is told to end, in as many seconds. */
  public async preStop(seconds: number): Promise<void> {
    await this.hook('preStop', argument => argument.replace(/sleep (\d+)$/, () => `sleep ${seconds - 2}`));
  }

  private async hook(name: 'postStart' | 'preStop', changed = (argument: string): string => argument): Promise<void> {
    const [program, ...args]: string[] = this.container.lifecycle[name].exec.command;
    const relocated = args.map(argument => changed(this.files.relocated(argument)));
    const command = ProcessGroup.start(program, relocated, { env: { PATH: process.env.PATH } });
    const status = await command.ended;
    await command.stop();
    if (status !== 0) {
      throw new Error(`${name} ended with status ${status}`);
    }
  }

  public async stop(): Promise<void> {
    await this.group?.stop();
  }

  /** Starts it anew in its pod, as when its container was ended. */
  public async restart(): Promise<void> {
    await this.stop();
    await this.run();
  }

  private async run(): Promise<void> {
    await this.hook('postStart');
    const output = openSync(this.log, 'w');
    const args = [
      ...this.container.args.map((argument: string) => this.files.relocated(argument)),
      '--concurrency',
      '1',
      '--file-flush-interval-msec',
      '100',
      '--config-yaml',
      JSON.stringify(resolvedBy(this.dns)),
    ];
    const group = ProcessGroup.start(this.binary, args, {
      env: { PATH: process.env.PATH, ...this.files.environment() },
      output,
    });
    closeSync(output);
    this.group = group;
    // It listens once it has read everything. That it is ready it says later, since it looks at itself every few seconds.
    await until('Envoy listens', () => connects(this.pod.address, Number(new URL(this.url).port)), {
      timeoutMs: START_TIMEOUT_MS,
      while: () => group.running,
      details: () => this.logged(),
    });
  }

  private moved(text: string): string {
    // Pods have addresses of IPv4 here, of which Envoy takes no form of IPv6.
    return text
      .replace(OWN_ADDRESS, `$1${this.pod.address}$2`)
      .replace(/,"ipv4_compat":true|\n *ipv4_compat: true/g, '')
      .split(ADMIN_SOCKET)
      .join(this.adminSocket);
  }

  private updates(): Promise<Record<string, number>> {
    return this.stats(
      '^(listener_manager\\.lds|cluster_manager\\.cds|http\\..*\\.rds\\..*)\\.update_(success|rejected)$',
    );
  }
}

/** Resolves every name by the test's DNS, and no other. */
function resolvedBy(dns: NameServer): unknown {
  return {
    typed_dns_resolver_config: {
      name: 'envoy.network.dns_resolver.cares',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig',
        resolvers: [{ socket_address: { address: dns.address, port_value: dns.port } }],
        dns_resolver_options: { no_default_search_domain: true },
      },
    },
  };
}
