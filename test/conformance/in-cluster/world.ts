import { tmpdir } from 'os';
import { join } from 'path';
import {
  clusterApp,
  ClusterApp,
  CONNECTED,
  deployment,
  INSPECTOR,
  KEYS,
  keySecret,
  PLATFORM,
  Shape,
  STRANGER,
  TEAM,
  Workload,
} from './app';
import { Call, Load, startCalling } from './load';
import { Cluster } from '../../../scripts/cluster/cluster';
import { chosenCache } from '../../../scripts/cluster/dns';
import { provideCluster } from '../../../scripts/cluster/tools';
import { CLUSTERS_FILE, CONFIG_DIRECTORY, ROUTES_FILE } from '../../../src/backends/envoy/config/names';
import { describe as describeObject, Manifest } from '../../support/validate';

/** Calls that an event has to stand. */
const CALLS = 3000;
/** Milliseconds of calls before an event, and after it. */
export const SETTLE_MS = 3000;
const POLL_MS = 500;
const PATIENCE_MS = 240_000;

export const GATEWAY = deployment('gateway', PLATFORM);
export const LIMITS = deployment('gateway-rate-limit', PLATFORM);
export const STORE = deployment('gateway-rate-limit-store', PLATFORM);
export const STATELESS = deployment('tools', TEAM);
export const DESK = deployment('desk', TEAM);
export const STATEFUL: Workload = { name: 'statefulset/everything', namespace: TEAM };
/** What waits for a Secret. */
export const WAITING = deployment(INSPECTOR, TEAM);
export const DNS = deployment('coredns', 'kube-system');

/** An app that runs on a cluster, and what is done to it while clients call. */
export class World {
  /** Starts a cluster with the app, up to the end of all rollouts. */
  public static async start(): Promise<World> {
    const cluster = await Cluster.start({
      folder: join(tmpdir(), 'cluster'),
      tools: await provideCluster(),
      kept: false,
      cache: chosenCache(),
    });
    const app = clusterApp();
    cluster.apply(app.foundation);
    cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    cluster.apply([keySecret(KEYS[0]), ...app.objects]);
    const world = new World(cluster, app);
    for (const workload of [GATEWAY, LIMITS, STORE, STATELESS, STATEFUL, DESK, CONNECTED, STRANGER]) {
      world.rolledOut(workload);
    }
    return world;
  }

  private objects: readonly Manifest[];

  private constructor(
    public readonly cluster: Cluster,
    public readonly app: ClusterApp,
  ) {
    this.objects = app.objects;
  }

  /** A client calls steadily, in the midst of which something happens; the seconds that it took, and what came of the calls. */
  public async during(
    url: string,
    call: Call,
    event: () => Promise<void> | void,
    { client = CONNECTED, calls = CALLS }: { readonly client?: Workload; readonly calls?: number } = {},
  ): Promise<Load & { readonly took: number }> {
    const calling = startCalling(this.cluster, url, call, calls, client);
    await pause(SETTLE_MS);
    const started = Date.now();
    await event();
    await this.settled();
    const took = (Date.now() - started) / 1000;
    await pause(SETTLE_MS);
    return { ...(await calling.end()), took };
  }

  /** Has all pods of a workload replaced, as a change of its template does. */
  public restart(workload: Workload): void {
    this.cluster.kubectl(['rollout', 'restart', workload.name, '-n', workload.namespace]);
    this.rolledOut(workload);
  }

  /** Has each pod of a workload evicted, one after the other, as the drain of a node does. */
  public async evict(workload: Workload): Promise<void> {
    for (const { metadata } of this.pods(workload)) {
      const { name, namespace, uid } = metadata;
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
      const eviction = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } });
      // A budget may ask to come again later.
      await until(
        `${name} may be evicted`,
        () => this.cluster.kubectl(['create', '--raw', path, '-f', '-'], eviction) !== '',
      );
      await until(`${workload.name} is whole`, () => this.isWhole(workload, pod => pod.metadata.uid !== uid));
    }
  }

  /** Ends the programs of one pod of a workload as the kernel does when memory is short: at once, with nobody told. */
  public async kill(workload: Workload): Promise<void> {
    const [{ metadata, status }] = this.pods(workload);
    const [{ containerID, restartCount }] = status.containerStatuses;
    this.cluster.machine.run('sh', ['-c', KILL, 'sh', containerID.replace('containerd://', '')]);
    await until(`${metadata.name} has started anew`, () =>
      this.isWhole(
        workload,
        pod => pod.metadata.name !== metadata.name || pod.status.containerStatuses[0].restartCount > restartCount,
      ),
    );
  }

  /** Scales a workload, until the pods that go are gone. */
  public async scale(workload: Workload, replicas: number): Promise<void> {
    this.cluster.kubectl(['scale', workload.name, '-n', workload.namespace, `--replicas=${replicas}`]);
    await until(`${workload.name} is whole`, () => this.isWhole(workload));
  }

  /** Applies another shape of the app and removes what it has not, until all gateways have its configuration; the seconds of each. */
  public async change(shape: Shape): Promise<number[]> {
    const { objects } = clusterApp(shape);
    const started = Date.now();
    this.remove(this.replaceBy(objects));
    return this.configured(objects, started);
  }

  /**
   * Applies another form of the app, and removes what it has not once all of it is rolled out and all gateways have its configuration, as
   * those do who prune last.
   */
  public async upgrade({ objects }: Pick<ClusterApp, 'objects'>): Promise<number[]> {
    const started = Date.now();
    const gone = this.replaceBy(objects);
    objects
      .filter(({ kind, metadata }) => WORKLOADS.includes(kind) && metadata.name !== INSPECTOR)
      .forEach(({ kind, metadata }) =>
        this.rolledOut({ name: `${kind.toLowerCase()}/${metadata.name}`, namespace: metadata.namespace }),
      );
    const seconds = await this.configured(objects, started);
    this.remove(gone);
    return seconds;
  }

  /** Applies objects in place of those that there are, and says which of these are not among them. */
  private replaceBy(objects: readonly Manifest[]): readonly Manifest[] {
    const stay = new Set(objects.map(describeObject));
    const gone = this.objects.filter(object => !stay.has(describeObject(object)));
    this.objects = objects;
    this.cluster.apply(objects);
    return gone;
  }

  private remove(objects: readonly Manifest[]): void {
    if (objects.length > 0) {
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      this.cluster.kubectl(['delete', '--wait=false', '-f', '-'], list);
    }
  }

  /** Waits until all gateways have the configuration that is among objects; the seconds of each, since a time. */
  private async configured(objects: readonly Manifest[], since: number): Promise<number[]> {
    const seconds: number[] = [];
    for (const { metadata } of this.pods(GATEWAY).filter(pod => !isEnding(pod))) {
      const files = CONFIG_FILES.map(file => `${CONFIG_DIRECTORY}/${file}`);
      const read = ['exec', '-n', metadata.namespace, metadata.name, '--', 'cat', ...files];
      await until(
        `${metadata.name} has the configuration`,
        () => this.cluster.kubectl(read) === configuration(objects),
      );
      seconds.push((Date.now() - since) / 1000);
    }
    return seconds;
  }

  /** Waits until a workload has all its pods, in their newest form. */
  public rolledOut({ name, namespace }: Workload): void {
    this.cluster.rolledOut(name, namespace, PATIENCE_MS / 1000);
  }

  /** The pods of a workload. */
  public pods({ name, namespace }: Workload): Manifest[] {
    const { spec } = this.read(name, namespace);
    const labels = Object.entries(spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`);
    return this.read('pods', namespace, '-l', labels.join(',')).items;
  }

  /** Waits until no pod is on its way out. */
  private settled(): Promise<void> {
    return until('no pod is ending', () =>
      this.read('pods', PLATFORM)
        .items.concat(this.read('pods', TEAM).items)
        .every((pod: Manifest) => !isEnding(pod)),
    );
  }

  /** Whether a workload has exactly the pods that it should have, ready, and such as it takes. */
  private isWhole(workload: Workload, takes: (pod: Manifest) => boolean = () => true): boolean {
    const pods = this.pods(workload);
    return (
      pods.length === this.read(workload.name, workload.namespace).spec.replicas &&
      pods.every(pod => !isEnding(pod) && isReady(pod) && takes(pod))
    );
  }

  private read(what: string, namespace: string, ...more: readonly string[]): Manifest {
    return JSON.parse(this.cluster.kubectl(['get', what, '-n', namespace, '-o', 'json', ...more]));
  }
}

/** Kills all processes of a container, the id of which is in the name of their group. */
const KILL =
  'grep -l "$1" /proc/[0-9]*/cgroup | while read -r file; do kill -9 "$(echo "$file" | cut -d / -f 3)"; done';

const WORKLOADS = ['Deployment', 'StatefulSet'];

/** Files of the gateway that change while it runs. */
const CONFIG_FILES = [ROUTES_FILE, CLUSTERS_FILE];

function configuration(objects: readonly Manifest[]): string {
  const { data } = objects.find(({ kind, data: files }) => kind === 'ConfigMap' && files[ROUTES_FILE] !== undefined)!;
  return CONFIG_FILES.map(file => data[file]).join('');
}

function isEnding({ metadata }: Manifest): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isReady({ status }: Manifest): boolean {
  return (status.conditions ?? []).some(({ type, status: is }: Manifest) => type === 'Ready' && is === 'True');
}

/** Waits for something; what goes wrong fails with meanwhile is said where it does not come. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let trouble = '';
  for (;;) {
    try {
      if (await isSo()) {
        return;
      }
    } catch (error) {
      trouble = `: ${(error as Error).message}`;
    }
    if (Date.now() > deadline) {
      throw new Error(`not in ${PATIENCE_MS / 1000} seconds: ${what}${trouble}`);
    }
    await pause(POLL_MS);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
