import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { DnsCache, dnsObjects } from './dns';
import { writeImages } from './images';
import { Machine } from './machine';
import { Programs, writeSettings } from './settings';
import { NODE_PACKAGES, POLICY_CONTROLLER, ToolFiles } from './tools';
import { ETCD_SERVER, KUBE_APISERVER, KUBECTL, NODE_PROGRAMS } from '../conformance/kubernetes';

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 200;
const LOG_LINES = 5;

export interface ClusterOptions {
  /** Folder of its state, which is made anew. */
  readonly folder: string;
  readonly tools: ToolFiles;
  /** Whether it outlives this process. */
  readonly kept: boolean;
  /** How its DNS keeps answers. */
  readonly cache?: DnsCache;
}

/** A Kubernetes of one node. */
export class Cluster {
  /** Starts one, up to a node that is ready and names that resolve. */
  public static async start({ folder, tools, kept, cache = 'kubeadm' }: ClusterOptions): Promise<Cluster> {
    // Before anything is removed: the folder may be that of one that runs.
    Machine.check();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const programs = writeSettings(folder);
    const machine = await timed('machine', () => Machine.start(folder, tools(NODE_PACKAGES), kept));
    const cluster = new Cluster(machine, tools(KUBECTL));
    try {
      await cluster.bringUp(programs, tools, cache);
      return cluster;
    } catch (error) {
      await machine.stop();
      throw error;
    }
  }

  private constructor(
    public readonly machine: Machine,
    private readonly client: string,
  ) {}

  /** Arguments by which kubectl is run in the machine. */
  public get kubectlCommand(): string[] {
    return [this.client, '--kubeconfig', join(this.machine.folder, 'admin.kubeconfig')];
  }

  /** Runs kubectl, and returns what it prints. */
  public kubectl(args: readonly string[], input?: string): string {
    const [program, ...rest] = this.kubectlCommand;
    const { status, stdout, stderr } = this.machine.run(program, [...rest, ...args], input);
    if (status !== 0) {
      throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
    }
    return stdout;
  }

  /** Applies objects; kubectl would take it amiss that there are none. */
  public apply(objects: readonly object[]): void {
    if (objects.length === 0) {
      return;
    }
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    this.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], list);
  }

  /** Waits for a workload to have all its pods, in their newest form. */
  public rolledOut(workload: string, namespace: string, seconds = 120): void {
    this.kubectl(['rollout', 'status', workload, '-n', namespace, `--timeout=${seconds}s`]);
  }

  /** Ends it, and removes everything of it. */
  public async stop(): Promise<void> {
    await this.machine.stop();
    rmSync(this.machine.folder, { recursive: true, force: true });
  }

  private async bringUp(programs: Programs, tools: ToolFiles, cache: DnsCache): Promise<void> {
    const { machine } = this;
    const [controllers, scheduler, kubelet, proxy] = NODE_PROGRAMS.map(tools);
    const start = (name: keyof Programs, file: string = name): void => machine.spawn(name, file, programs[name]);
    start('etcd', tools(ETCD_SERVER));
    start('containerd');
    start('kube-apiserver', tools(KUBE_APISERVER));
    await timed('images', () => this.importImages(tools));
    await timed('API server', () =>
      this.until('kube-apiserver', () => this.kubectl(['get', '--raw', '/readyz']) !== ''),
    );
    start('kube-controller-manager', controllers);
    start('kube-scheduler', scheduler);
    start('kubelet', kubelet);
    start('kube-proxy', proxy);
    await timed('node', () =>
      this.until('kubelet', () => this.kubectl(['get', 'nodes', '--no-headers']).includes(' Ready ')),
    );
    await timed('DNS', async () => {
      this.apply(dnsObjects(cache));
      this.rolledOut('deployment/coredns', 'kube-system');
    });
    // It looks for its node once.
    start('policies', tools(POLICY_CONTROLLER));
    await this.until('policies', () => machine.run('iptables', ['-S']).stdout.includes('KUBE-ROUTER-FORWARD'));
    for (const name of machine.ended) {
      throw new Error(this.saying(name, 'has ended'));
    }
  }

  private async importImages(tools: ToolFiles): Promise<void> {
    const { machine } = this;
    await this.until('containerd', () => machine.run('ctr', ['version']).status === 0);
    const work = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-images-'));
    try {
      const archive = join(work, 'images.tar');
      writeImages(archive, work, tools);
      const { status, stderr } = machine.run('ctr', ['--namespace', 'k8s.io', 'images', 'import', archive]);
      if (status !== 0) {
        throw new Error(`containerd takes no images: ${stderr.trim()}`);
      }
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }

  /** Waits for something that a program has to do, and says what it said instead. */
  private async until(program: string, isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        if (isSo()) {
          return;
        }
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
      }
      if (Date.now() > deadline) {
        throw new Error(this.saying(program, 'does not come up'));
      }
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }

  /** A program with what it said last. */
  private saying(program: string, problem: string): string {
    const log = readFileSync(this.machine.logOf(program), 'utf8').trim().split('\n');
    return `${program} ${problem}:\n${log.slice(-LOG_LINES).join('\n')}`;
  }
}

async function timed<T>(what: string, action: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await action();
  console.log(`  ${what}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
