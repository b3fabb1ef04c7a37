import { World } from './world';
import { Cluster } from '../../../scripts/cluster/cluster';
import { connection, workloadsOf } from '../../support/connections';
import { NetworkPolicies, podOfWorkload } from '../../support/network-policy';
import { Manifest } from '../../support/validate';

/* Who really connects to whom: each pod of an app tries each port of each other one. */

/** Prints those of its arguments, an address and a port each, that take connections. */
const TRY = `
const net = require('net');
const open = (target) => new Promise((resolve) => {
  const [port, ...host] = target.split(':').reverse();
  const socket = net.connect({ host: host.reverse().join(':'), port: Number(port), timeout: 5000 });
  const end = (is) => { socket.destroy(); resolve(is ? [target] : []); };
  socket.on('connect', () => end(true)).on('timeout', () => end(false)).on('error', () => end(false));
});
Promise.all(process.argv.slice(1).map(open)).then((found) => console.log(JSON.stringify(found.flat())));
`;

/** A program of a container, whose id is in the name of its group. */
const PROCESS = 'grep -l "$1" /proc/[0-9]*/cgroup | head -n 1 | cut -d / -f 3';

/** Which of some addresses, with ports, a pod can connect to. */
export function connectsTo({ machine }: Cluster, { status }: Manifest, targets: readonly string[]): string[] {
  const id = status.containerStatuses[0].containerID.replace('containerd://', '');
  const pid = machine.run('sh', ['-c', PROCESS, 'sh', id]).stdout.trim();
  const { stdout, stderr } = machine.run('nsenter', ['-t', pid, '-n', process.execPath, '-e', TRY, ...targets]);
  if (!stdout.startsWith('[')) {
    throw new Error(`nothing tried to connect: ${stderr}`);
  }
  return JSON.parse(stdout);
}

/** Connections among the pods of an app: those that are there, and those that should be. */
export interface Connections {
  readonly found: readonly string[];
  readonly declared: readonly string[];
}

/** Tries all pairs of workloads, a pod each, and compares with the policies. */
export function connectionsOf(world: World): Connections {
  const policies = new NetworkPolicies(world.app.objects);
  const objects = world.app.objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const pods = objects.flatMap(object => {
    const { kind, metadata } = object;
    const name = `${kind.toLowerCase()}/${metadata.name}`;
    const running = world
      .pods({ name, namespace: metadata.namespace })
      .filter(({ status }) => status.containerStatuses?.[0].state.running !== undefined);
    const [{ id, ports }] = workloadsOf([object]);
    return running.slice(0, 1).map(pod => {
      const addresses = ports.map(port => `${pod.status.podIP}:${port}`);
      // What a pod itself cannot connect to is not listened on.
      const listens = connectsTo(world.cluster, pod, addresses).map(address => Number(address.split(':').pop()));
      return { id, pod, party: podOfWorkload(object), ports: listens };
    });
  });
  const found: string[] = [];
  const declared: string[] = [];
  for (const from of pods) {
    const others = pods.filter(to => to !== from);
    const targets = others.flatMap(to =>
      to.ports.map(port => ({ to, port, address: `${to.pod.status.podIP}:${port}` })),
    );
    const open = new Set(
      connectsTo(
        world.cluster,
        from.pod,
        targets.map(({ address }) => address),
      ),
    );
    for (const { to, port, address } of targets) {
      const text = connection(from.id, to.id, port);
      found.push(...(open.has(address) ? [text] : []));
      declared.push(...(policies.mayConnect(from.party, to.party, port) ? [text] : []));
    }
  }
  return { found: found.sort(), declared: declared.sort() };
}
