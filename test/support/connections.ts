import { NetworkPolicies, Pod, podOfWorkload, stranger } from './network-policy';
import { Manifest } from './validate';

/* Who may connect to whom, by a reading of the emitted policies that knows nothing of this library. */

/** Something with pods, and the ports that it listens on. */
export interface Workload {
  readonly id: string;
  readonly pod: Pod;
  readonly ports: readonly number[];
}

/** A connection as text: `gateway -> server:8080`. */
export function connection(from: string, to: string, port: number): string {
  return `${from} -> ${to}:${port}`;
}

/** Every connection that the policies let through, between workloads, and between them and pods of these namespaces that nobody connected to anything. */
export function permitted(
  cluster: NetworkPolicies,
  workloads: readonly Workload[],
  namespaces: readonly string[],
): string[] {
  const strangers = namespaces.map((namespace): Workload => ({
    id: `${namespace}/stranger`,
    pod: stranger(namespace),
    ports: [80],
  }));
  const all = [...workloads, ...strangers];
  const pairs = all.flatMap(from =>
    all.filter(to => to !== from && (workloads.includes(from) || workloads.includes(to))).map(to => ({ from, to })),
  );
  return pairs
    .flatMap(({ from, to }) =>
      to.ports.filter(port => cluster.mayConnect(from.pod, to.pod, port)).map(port => connection(from.id, to.id, port)),
    )
    .sort();
}

/** What of an app has pods. */
export function workloadsOf(objects: readonly Manifest[]): Workload[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map(object => ({
      id: `${object.metadata.namespace}/${object.metadata.name}`,
      pod: podOfWorkload(object),
      ports: [
        ...new Set<number>(
          object.spec.template.spec.containers.flatMap((container: Manifest) =>
            (container.ports ?? []).map((port: Manifest) => port.containerPort),
          ),
        ),
      ],
    }));
}
