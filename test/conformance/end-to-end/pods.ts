import { Manifest } from '../../support/validate';

/*
 * The pods that workloads would have, and the names that Services give them.
 */

/** What runs in a pod, as its label says. */
export type Component = 'mcp-server' | 'mcp-gateway' | 'mcp-rate-limit' | 'mcp-rate-limit-store';

/** A pod, by name and place. */
export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly component: Component;
  readonly workload: Manifest;
  readonly index: number;
  readonly address: string;
}

const COMPONENT = 'app.kubernetes.io/component';

/** The pods of a workload of this library, without addresses. */
export function podsOf(objects: readonly Manifest[]): Omit<Pod, 'address'>[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .flatMap(workload => {
      const { name, namespace } = workload.metadata;
      const replicas = workload.spec.replicas ?? scaledReplicas(objects, workload) ?? 1;
      return Array.from({ length: replicas }, (_, index) => ({
        name: `${name}-${index}`,
        namespace,
        component: workload.spec.template.metadata.labels[COMPONENT],
        workload,
        index,
      }));
    });
}

/**
 * Addresses by name, as the cluster's DNS has them. A Service with an address of its own has that of one of its pods: nothing
 * here balances connections, and whoever resolves the name should see one server.
 */
export function names(
  objects: readonly Manifest[],
  pods: readonly Pod[],
  outside: Readonly<Record<string, string>> = {},
): (name: string) => readonly string[] | undefined {
  const table = new Map<string, readonly string[]>(Object.entries(outside).map(([name, address]) => [name, [address]]));
  for (const { metadata, spec } of objects.filter(({ kind }) => kind === 'Service')) {
    const service = `${metadata.name}.${metadata.namespace}.svc`;
    const selected = pods.filter(
      ({ namespace, workload }) =>
        namespace === metadata.namespace && selects(spec.selector, workload.spec.template.metadata.labels),
    );
    const headless = spec.clusterIP === 'None';
    table.set(
      service,
      selected.slice(0, headless ? undefined : 1).map(({ address }) => address),
    );
    selected
      .filter(({ workload }) => headless && workload.spec.serviceName === metadata.name)
      .forEach(({ name, address }) => table.set(`${name}.${service}`, [address]));
  }
  return name => table.get(name.replace(/\.$/, '').replace(/\.cluster\.local$/, ''));
}

/** Ports that a pod must listen on: its own, and those by which Services reach it, since there is nobody who translates. */
export function portsOf(pod: Pod, objects: readonly Manifest[]): number[] {
  const services = objects.filter(
    ({ kind, metadata, spec }) =>
      kind === 'Service' &&
      metadata.namespace === pod.namespace &&
      selects(spec.selector, pod.workload.spec.template.metadata.labels),
  );
  const own = pod.workload.spec.template.spec.containers.flatMap((container: Manifest) =>
    (container.ports ?? []).map((port: Manifest) => port.containerPort),
  );
  return [
    ...new Set<number>([...own, ...services.flatMap(({ spec }) => spec.ports.map((port: Manifest) => port.port))]),
  ].sort((a, b) => a - b);
}

function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function scaledReplicas(objects: readonly Manifest[], { kind, metadata }: Manifest): number | undefined {
  return objects.find(
    object =>
      object.kind === 'HorizontalPodAutoscaler' &&
      object.metadata.namespace === metadata.namespace &&
      object.spec.scaleTargetRef.kind === kind &&
      object.spec.scaleTargetRef.name === metadata.name,
  )?.spec.minReplicas;
}
