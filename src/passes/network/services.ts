import { keyAddresses, mayBeService } from './host-names';
import { ClusterProfile, ClusterService, DEFAULT_PROFILE } from '../../model/cluster';
import { Gateway, otlpAddress } from '../../model/gateway';
import { PodSet } from '../../model/network';
import { NetworkPort } from '../../model/permissions';
import { LevelPolicy } from '../../model/policy';
import { Route } from '../../model/route';
import { Server } from '../../model/server';

/** The Services that an app knows. */
export class ServiceIndex {
  private readonly byKey: ReadonlyMap<string, ClusterService>;
  private readonly namespaces: ReadonlySet<string>;

  constructor(services: readonly ClusterService[]) {
    this.byKey = new Map(services.map(service => [keyOf(service.namespace, service.name), service]));
    this.namespaces = new Set(services.map(({ namespace }) => namespace));
  }

  find(namespace: string, name: string): ClusterService | undefined {
    return this.byKey.get(keyOf(namespace, name));
  }

  /** The Services of a namespace, or all, that lead to pods. */
  leadingToPods(namespace?: string): ClusterService[] {
    return [...this.byKey.values()].filter(
      service => service.selector !== undefined && (namespace === undefined || service.namespace === namespace),
    );
  }

  hasNamespace(name: string): boolean {
    return this.namespaces.has(name);
  }
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The pods behind a Service, and the ports on them. */
export interface ServicePods {
  readonly pods: PodSet;
  readonly ports: readonly NetworkPort[];
  /** A port of the Service leads to a port of the pods by its name, so that its number is not known, and all are meant. */
  readonly byName: boolean;
}

/** What clients that connect to ports of a Service reach: policies act on the pods behind it. Undefined where it has none of the ports. */
export function podsBehind(service: ClusterService, wanted: readonly NetworkPort[]): ServicePods | undefined {
  const reached = service.ports.filter(port => wanted.length === 0 || wanted.some(range => covers(range, port)));
  if (service.selector === undefined || (reached.length === 0 && service.ports.length > 0)) {
    return undefined;
  }
  const byName = reached.some(({ targetPort }) => targetPort === undefined);
  return {
    pods: { namespace: service.namespace, labels: service.selector },
    // A headless Service may have no ports at all, and maps none.
    ports: byName
      ? []
      : service.ports.length === 0
        ? wanted
        : reached.map(({ targetPort, protocol }) => ({ protocol, port: targetPort })),
    byName,
  };
}

/** Whether some wanted port is not there. */
export function missingPorts(service: ClusterService, wanted: readonly NetworkPort[]): NetworkPort[] {
  return service.ports.length === 0 ? [] : wanted.filter(range => !service.ports.some(port => covers(range, port)));
}

function covers(range: NetworkPort, { port, protocol }: ClusterService['ports'][number]): boolean {
  return (
    range.protocol === protocol &&
    (range.port === undefined || (port >= range.port && port <= (range.endPort ?? range.port)))
  );
}

/** Ports in words: `5432`, `8000 to 8100`, `53/UDP`. */
export function formatPorts(ports: readonly NetworkPort[]): string {
  return ports
    .map(({ protocol, port, endPort }) => {
      const range = port === undefined ? 'all' : endPort === undefined ? String(port) : `${port} to ${endPort}`;
      return protocol === 'UDP' ? `${range}/UDP` : range;
    })
    .join(', ');
}

/** Whether the Services of an app have to be known to read the names that its servers and gateways connect to. To find them costs more than most apps need. */
export function needsServices(
  servers: readonly Server[],
  routes: readonly Route[],
  gateways: readonly Gateway[],
): boolean {
  const hosted = gateways.filter(({ imported }) => !imported);
  const ofGateways = [
    ...servers
      .filter(({ workloadNamespace }) => workloadNamespace === undefined)
      .flatMap(({ endpoints }) => endpoints.map(({ host }) => host)),
    ...[...hosted, ...routes].flatMap(({ policy }) => hostsOfKeys(policy)),
    ...hosted.flatMap(({ tracing, rateLimitService }) => [
      tracing && otlpAddress(tracing).host,
      rateLimitService?.store?.host,
    ]),
  ].filter(host => host !== undefined);
  const profiles = new Set<ClusterProfile>([...servers, ...hosted].map(({ profile }) => profile ?? DEFAULT_PROFILE));
  return (
    servers.some(
      ({ permissions, policy, profile = DEFAULT_PROFILE }) =>
        permissions?.egress.some(
          ({ target }) =>
            target.kind === 'service' || (target.kind === 'host' && mayBeService(target.host, profile.clusterDomain)),
        ) === true || hostsOfKeys(policy).some(host => mayBeService(host, profile.clusterDomain)),
    ) ||
    [...profiles].some(
      ({ clusterDomain, proxy }) => proxy !== undefined || ofGateways.some(host => mayBeService(host, clusterDomain)),
    )
  );
}

function hostsOfKeys(policy: LevelPolicy | undefined): string[] {
  return keyAddresses(policy?.authentication ?? []).map(({ host }) => host);
}
