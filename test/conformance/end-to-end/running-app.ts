import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { nextAddress } from './addresses';
import { EnvoyProcess } from './envoy-process';
import { Executed } from './mcp-server';
import { NameServer } from './name-server';
import { Secrets } from './pod-files';
import { names, Pod, podsOf, portsOf } from './pods';
import { RateLimitProcess, startStore } from './rate-limit-process';
import { ServerPool } from './server-pool';
import { ServerProcess } from './server-process';
import { ProcessGroup } from '../../../scripts/conformance/process-group';
import { Manifest } from '../../support/validate';

/** Binaries of what runs. */
export interface Binaries {
  readonly envoy: string;
  readonly rateLimit?: string;
  readonly redis?: string;
}

/** What an app finds outside of itself. */
export interface Surroundings {
  readonly secrets?: Secrets;
  /** Addresses of servers that the test runs itself, by `{namespace}/{name}`. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Addresses of hosts, or the pods that they lead to, by `{namespace}/{name}`. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** An app's objects, run on loopback: its servers, gateways and what counts their calls, as pods of a cluster would. */
export class RunningApp {
  public static async start(
    objects: readonly Manifest[],
    pool: ServerPool,
    binaries: Binaries,
    surroundings: Surroundings = {},
  ): Promise<RunningApp> {
    const app = new RunningApp(objects, pool, binaries, surroundings);
    try {
      await app.run();
      return app;
    } catch (error) {
      await app.stop();
      throw error;
    }
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'app-'));
  private readonly servers = new Map<string, ServerProcess>();
  private readonly gateways: EnvoyProcess[] = [];
  private readonly limiters: RateLimitProcess[] = [];
  private readonly stores: ProcessGroup[] = [];
  private readonly secrets: Record<string, Readonly<Record<string, string>>>;
  private pods: Pod[] = [];
  private dns?: NameServer;

  private constructor(
    private objects: readonly Manifest[],
    private readonly pool: ServerPool,
    private readonly binaries: Binaries,
    private readonly surroundings: Surroundings,
  ) {
    this.secrets = { ...surroundings.secrets };
  }

  /** The gateway of a name, and one of its replicas. */
  public gateway(name?: string, replica = 0): EnvoyProcess {
    const found = this.gateways.filter(({ pod }) => name === undefined || pod.workload.metadata.name === name)[replica];
    if (found === undefined) {
      throw new Error(`no gateway ${name ?? ''} ${replica}`);
    }
    return found;
  }

  /** The process of a server's replica. */
  public server(name: string, replica = 0): ServerProcess {
    const found = [...this.servers.entries()].find(([key]) => key.endsWith(`/${name}-${replica}`));
    if (found === undefined) {
      throw new Error(`no server ${name}, replica ${replica}`);
    }
    return found[1];
  }

  /** All processes of servers. */
  public allServers(): ServerProcess[] {
    return [...this.servers.values()];
  }

  /** What all servers executed. */
  public async executed(): Promise<Executed[]> {
    return (await Promise.all(this.allServers().map(server => server.executed()))).flat();
  }

  /** Names that the DNS was asked for so far, in order. */
  public get askedNames(): readonly string[] {
    return this.dns!.asked;
  }

  /** Applies changed objects: ConfigMaps change in the running pods. What changes pods is not for this. */
  public async apply(objects: readonly Manifest[]): Promise<void> {
    this.objects = objects;
    this.limiters.forEach(limiter => limiter.reload(objects));
    await Promise.all(this.gateways.map(gateway => gateway.reload(objects)));
  }

  /** Changes a Secret, also where it is mounted. */
  public replaceSecret(name: string, data: Readonly<Record<string, string>>): void {
    this.secrets[name] = data;
    this.gateways.forEach(gateway => gateway.mount(this.objects));
  }

  /** The pod of the store of the rate-limit service. */
  public store(): Pod {
    return this.of('mcp-rate-limit-store')[0];
  }

  /** Ends the store of the rate-limit service, as when its pod is gone. */
  public async stopStores(): Promise<void> {
    await Promise.all(this.stores.map(store => store.stop()));
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.gateways, ...this.limiters, ...this.stores].map(running => running.stop()));
    this.dns?.stop();
    this.dns = undefined;
    this.pool.give(this.allServers());
    this.servers.clear();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const { elsewhere = {}, hosts = {} } = this.surroundings;
    const planned = podsOf(this.objects);
    const ownAddress = ({ namespace, workload }: Omit<Pod, 'address'>): string | undefined =>
      elsewhere[`${namespace}/${workload.metadata.name}`];
    const serverPods = planned.filter(pod => pod.component === 'mcp-server' && ownAddress(pod) === undefined);
    const processes = await this.pool.take(serverPods.length);
    serverPods.forEach((pod, i) => this.servers.set(`${pod.namespace}/${pod.name}`, processes[i]));
    this.pods = planned.map(pod => ({
      ...pod,
      address: this.servers.get(`${pod.namespace}/${pod.name}`)?.address ?? ownAddress(pod) ?? nextAddress(),
    }));
    const lookup = names(
      this.objects,
      this.pods,
      Object.fromEntries(
        Object.entries(hosts).map(([host, where]) => [
          host,
          this.pods.find(({ namespace, name }) => `${namespace}/${name}` === where)?.address ?? where,
        ]),
      ),
    );
    this.dns = await NameServer.start(lookup);
    await Promise.all(
      this.pods
        .filter(({ namespace, name }) => this.servers.has(`${namespace}/${name}`))
        .map(pod => this.startServer(pod)),
    );
    for (const pod of this.of('mcp-rate-limit-store')) {
      this.stores.push(await startStore(this.binaries.redis!, pod, this.folder));
    }
    for (const pod of this.of('mcp-rate-limit')) {
      const addressOf = (name: string): string => lookup(name)![0];
      this.limiters.push(
        await RateLimitProcess.start(this.binaries.rateLimit!, pod, this.objects, this.secrets, addressOf, this.folder),
      );
    }
    for (const pod of this.of('mcp-gateway')) {
      this.gateways.push(
        await EnvoyProcess.start(this.binaries.envoy, pod, this.objects, this.secrets, this.dns, this.folder),
      );
    }
  }

  private of(component: Pod['component']): Pod[] {
    return this.pods.filter(pod => pod.component === component);
  }

  /** Tells a process what it is, which the resource says of its server. */
  private async startServer(pod: Pod): Promise<void> {
    const { name, namespace } = pod.workload.metadata;
    const resource = this.objects.find(
      ({ kind, metadata }) =>
        ((kind === 'MCPServer' && metadata.namespace === namespace) || kind === 'ClusterMCPServer') &&
        metadata.name === name,
    )!;
    await this.servers.get(`${namespace}/${pod.name}`)!.become({
      server: `${namespace}/${name}`,
      replica: pod.index,
      ports: portsOf(pod, this.objects),
      stateful: resource.spec.sessions === 'stateful',
      tools: (resource.spec.tools ?? []).map((tool: Manifest) => tool.name),
      json: (name.length + pod.index) % 2 === 0,
    });
  }
}
