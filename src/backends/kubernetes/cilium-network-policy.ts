import { byPorts } from './network-policy';
import { NetworkPeer, NetworkRule, WorkloadNetwork } from '../../model/network';
import { NamespaceChoice, NetworkPort } from '../../model/permissions';
import { LabelSelector } from '../../model/server';
import { Json } from '../../values/json';

/** Labels by which Cilium knows the namespace of a pod, and the labels of that namespace. */
const NAMESPACE_LABEL = 'k8s:io.kubernetes.pod.namespace';
const NAMESPACE_LABELS_PREFIX = 'k8s:io.cilium.k8s.namespace.labels.';

/** Most ports of one list. */
const MAX_PORTS = 40;

/** A rule of Cilium holds peers of one kind. */
type Kind = 'Endpoints' | 'CIDRSet' | 'Entities' | 'FQDNs';
type Direction = 'from' | 'to';

/** The CiliumNetworkPolicy of a workload: what it does not name is denied. */
export function ciliumNetworkPolicy({ name, labels, pods, ingress, egress, profile }: WorkloadNetwork): Json {
  const dns = egress?.some(({ peer }) => peer.kind === 'fqdn') === true ? profile.dns : undefined;
  const isDns = ({ peer }: NetworkRule) =>
    dns !== undefined &&
    peer.kind === 'podSet' &&
    peer.pods.namespace === dns.namespace &&
    sameLabels(peer.pods.labels, dns.labels);
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace: pods.namespace, labels: { ...labels } },
    spec: {
      endpointSelector: { matchLabels: { ...pods.labels } },
      ...(ingress === undefined ? {} : { ingress: orNothing(rules('from', ingress)) }),
      ...(egress === undefined
        ? {}
        : {
            egress: orNothing([
              ...rules(
                'to',
                egress.filter(rule => !isDns(rule)),
              ),
              // Cilium learns the addresses of names from the answers that pass through its DNS proxy.
              ...rules('to', egress.filter(isDns)).map(rule => ({
                ...rule,
                toPorts: rule.toPorts.map((list: Json) => ({ ...list, rules: { dns: [{ matchPattern: '*' }] } })),
              })),
            ]),
          }),
    },
  };
}

/** An empty rule selects nobody, and makes the policy one that denies; without any rule it would be about nothing. */
function orNothing(list: readonly Json[]): Json[] {
  return list.length === 0 ? [{}] : [...list];
}

function rules(direction: Direction, all: readonly NetworkRule[]): Json[] {
  return byPorts(all).flatMap(({ ports, rules: group }) => {
    const byKind = new Map<Kind, Json[]>();
    for (const { peer } of group) {
      const { kind, values } = peersOf(peer);
      byKind.set(kind, [...(byKind.get(kind) ?? []), ...values]);
    }
    return [...byKind].map(([kind, values]) => ({ [`${direction}${kind}`]: values, ...portLists(ports) }));
  });
}

function peersOf(peer: NetworkPeer): { readonly kind: Kind; readonly values: readonly any[] } {
  switch (peer.kind) {
    case 'podSet':
      return {
        kind: 'Endpoints',
        values: [{ matchLabels: { [NAMESPACE_LABEL]: peer.pods.namespace, ...k8s(peer.pods.labels) } }],
      };
    case 'pods':
      return { kind: 'Endpoints', values: endpoints(peer.namespaces, peer.pods) };
    case 'cidr':
      return {
        kind: 'CIDRSet',
        values: [{ cidr: peer.cidr, ...(peer.except.length === 0 ? {} : { except: [...peer.except] }) }],
      };
    case 'fqdn':
      return {
        kind: 'FQDNs',
        values: [peer.host.startsWith('*.') ? { matchPattern: `*${peer.host}` } : { matchName: peer.host }],
      };
    case 'apiServer':
      return { kind: 'Entities', values: ['kube-apiserver'] };
    case 'anywhere':
      return { kind: 'Entities', values: ['all'] };
  }
}

function endpoints(
  namespaces: NamespaceChoice,
  pods: LabelSelector = { matchLabels: {}, matchExpressions: [] },
): Json[] {
  const matchLabels = k8s(pods.matchLabels);
  const matchExpressions = expressions('k8s:', pods);
  switch (namespaces.kind) {
    case 'names':
      return namespaces.names.map(name => selector({ [NAMESPACE_LABEL]: name, ...matchLabels }, matchExpressions));
    case 'labels':
      return [
        selector({ ...prefixed(NAMESPACE_LABELS_PREFIX, namespaces.selector.matchLabels), ...matchLabels }, [
          ...expressions(NAMESPACE_LABELS_PREFIX, namespaces.selector),
          ...matchExpressions,
        ]),
      ];
    case 'all':
      return [selector(matchLabels, [{ key: NAMESPACE_LABEL, operator: 'Exists' }, ...matchExpressions])];
  }
}

function selector(matchLabels: Json, matchExpressions: readonly Json[]): Json {
  return {
    ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels }),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions }),
  };
}

function k8s(labels: Readonly<Record<string, string>>): Json {
  return prefixed('k8s:', labels);
}

function prefixed(prefix: string, labels: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [`${prefix}${key}`, value]));
}

function expressions(prefix: string, { matchExpressions }: LabelSelector): Json[] {
  return matchExpressions.map(({ key, operator, values }) => ({
    key: `${prefix}${key}`,
    operator,
    ...(values.length === 0 ? {} : { values: [...values] }),
  }));
}

function portLists(ports: readonly NetworkPort[]): Json {
  const list = ports.map(({ protocol, port, endPort }) => ({
    port: String(port ?? 0),
    ...(endPort === undefined ? {} : { endPort }),
    protocol,
  }));
  const lists = Array.from({ length: Math.ceil(list.length / MAX_PORTS) }, (_, i) => ({
    ports: list.slice(i * MAX_PORTS, (i + 1) * MAX_PORTS),
  }));
  return lists.length === 0 ? {} : { toPorts: lists };
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
}
