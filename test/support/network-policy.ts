import { BlockList, isIPv4 } from 'net';
import { Manifest } from './validate';

/*
 * A plain reading of what Kubernetes says about NetworkPolicies (https://kubernetes.io/docs/concepts/services-networking/network-policies/):
 * may one pod open a port of another. It knows nothing of how this library makes policies.
 */

type Labels = Readonly<Record<string, string>>;

/** A pod. Every namespace has the label that the API server puts on it. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Labels;
  /** Labels of its namespace besides that one. */
  readonly namespaceLabels?: Labels;
}

/** One side of a connection: a pod, or an address outside the cluster. */
export type Party = Pod | string;

/** Policies of a cluster that enforces them. */
export class NetworkPolicies {
  private readonly policies: readonly Manifest[];

  constructor(objects: readonly Manifest[]) {
    this.policies = objects.filter(
      ({ apiVersion, kind }) => apiVersion === 'networking.k8s.io/v1' && kind === 'NetworkPolicy',
    );
  }

  /** Whether a connection can be opened: its start lets it go, and its end lets it come. */
  mayConnect(from: Party, to: Party, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): boolean {
    return this.lets('Egress', from, to, port, protocol) && this.lets('Ingress', to, from, port, protocol);
  }

  /** Whether policies let the traffic of one pod in a direction pass. */
  lets(
    direction: 'Ingress' | 'Egress',
    subject: Party,
    peer: Party,
    port: number,
    protocol: 'TCP' | 'UDP' = 'TCP',
  ): boolean {
    if (typeof subject === 'string') {
      return true;
    }
    const selecting = this.policies.filter(
      ({ metadata, spec }) =>
        metadata.namespace === subject.namespace &&
        typesOf(spec).includes(direction) &&
        selects(spec.podSelector, subject.labels),
    );
    // A pod that no policy is about is not restricted.
    return (
      selecting.length === 0 ||
      selecting.some(({ metadata, spec }) =>
        (spec[direction.toLowerCase()] ?? []).some(
          (rule: Manifest) =>
            coversPort(rule.ports, port, protocol) &&
            coversPeer(direction === 'Egress' ? rule.to : rule.from, metadata.namespace, peer),
        ),
      )
    );
  }
}

function typesOf(spec: Manifest): string[] {
  return spec.policyTypes ?? ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];
}

/** A missing or empty list covers everything. */
function coversPort(ports: readonly Manifest[] | undefined, port: number, protocol: string): boolean {
  return (
    (ports ?? []).length === 0 ||
    ports!.some(
      entry =>
        (entry.protocol ?? 'TCP') === protocol &&
        (entry.port === undefined || (port >= entry.port && port <= (entry.endPort ?? entry.port))),
    )
  );
}

function coversPeer(peers: readonly Manifest[] | undefined, own: string, party: Party): boolean {
  return (
    (peers ?? []).length === 0 ||
    peers!.some(peer => {
      if (peer.ipBlock !== undefined) {
        // Whether it covers pods by their addresses is up to each implementation, so nothing may depend on it.
        return (
          typeof party === 'string' &&
          within(party, peer.ipBlock.cidr) &&
          !(peer.ipBlock.except ?? []).some((range: string) => within(party, range))
        );
      }
      if (typeof party === 'string') {
        return false;
      }
      const inNamespace =
        peer.namespaceSelector === undefined
          ? party.namespace === own
          : selects(peer.namespaceSelector, {
              ...party.namespaceLabels,
              'kubernetes.io/metadata.name': party.namespace,
            });
      return inNamespace && (peer.podSelector === undefined || selects(peer.podSelector, party.labels));
    })
  );
}

function selects({ matchLabels = {}, matchExpressions = [] }: Manifest, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }: Manifest) => {
      switch (operator) {
        case 'In':
          return key in labels && values.includes(labels[key]);
        case 'NotIn':
          return !(key in labels) || !values.includes(labels[key]);
        case 'Exists':
          return key in labels;
        case 'DoesNotExist':
          return !(key in labels);
        default:
          throw new Error(`unknown operator ${operator}`);
      }
    })
  );
}

function within(address: string, cidr: string): boolean {
  const [network, prefix] = cidr.split('/');
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  if (isIPv4(address) !== (family === 'ipv4')) {
    return false;
  }
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(address, family);
}

/** The pods of a workload, as its template makes them. */
export function podOfWorkload({ metadata, spec }: Manifest): Pod {
  return { namespace: metadata.namespace, labels: spec.template.metadata.labels };
}

/** The pods that answer DNS queries in a cluster like most. */
export const DNS_POD: Pod = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

/** A pod that nobody has connected to anything. */
export function stranger(namespace: string): Pod {
  return { namespace, labels: { app: 'stranger' } };
}
