import { selectorJson } from '../../api/common';
import { ClusterProfile } from '../../model/cluster';
import { NetworkPeer, NetworkRule, WorkloadNetwork } from '../../model/network';
import { NamespaceChoice, NetworkPort } from '../../model/permissions';
import { canonicalText, Json } from '../../values/json';

/** Label that the API server puts on every namespace. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** The NetworkPolicy of a workload: what it does not name is denied. */
export function networkPolicy({ name, labels, pods, profile, ingress, egress }: WorkloadNetwork): Json {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: pods.namespace, labels: { ...labels } },
    spec: {
      podSelector: { matchLabels: { ...pods.labels } },
      policyTypes: [...(ingress === undefined ? [] : ['Ingress']), ...(egress === undefined ? [] : ['Egress'])],
      // Empty lists are not stored, so that they would be a change each time they are applied.
      ...(ingress === undefined || ingress.length === 0
        ? {}
        : { ingress: byPorts(ingress).map(({ ports, rules }) => rule('from', ports, rules, profile)) }),
      ...(egress === undefined || egress.length === 0
        ? {}
        : { egress: byPorts(egress).map(({ ports, rules }) => rule('to', ports, rules, profile)) }),
    },
  };
}

/** Rules that share their ports, in the order of the first of each. */
export function byPorts(
  rules: readonly NetworkRule[],
): { readonly ports: readonly NetworkPort[]; readonly rules: readonly NetworkRule[] }[] {
  const groups = new Map<string, { ports: readonly NetworkPort[]; rules: NetworkRule[] }>();
  for (const one of rules) {
    const key = canonicalText(one.ports);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { ports: one.ports, rules: [one] });
    } else {
      group.rules.push(one);
    }
  }
  return [...groups.values()];
}

function rule(
  direction: 'from' | 'to',
  ports: readonly NetworkPort[],
  rules: readonly NetworkRule[],
  profile: ClusterProfile,
): Json {
  const peers = rules.map(({ peer }) => peersOf(peer, profile));
  return {
    // Without peers a rule is about everyone.
    ...(peers.some(list => list === undefined) ? {} : { [direction]: peers.flatMap(list => list!) }),
    ...(ports.length === 0
      ? {}
      : {
          ports: ports.map(({ protocol, port, endPort }) => ({
            protocol,
            ...(port === undefined ? {} : { port }),
            ...(endPort === undefined ? {} : { endPort }),
          })),
        }),
  };
}

/** A peer as NetworkPolicies write it; undefined for everyone. */
function peersOf(peer: NetworkPeer, profile: ClusterProfile): Json[] | undefined {
  switch (peer.kind) {
    case 'podSet':
      return [
        {
          namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: peer.pods.namespace } },
          podSelector: { matchLabels: { ...peer.pods.labels } },
        },
      ];
    case 'pods':
      return [
        {
          namespaceSelector: namespaceSelector(peer.namespaces),
          ...(peer.pods === undefined ? {} : { podSelector: selectorJson(peer.pods) }),
        },
      ];
    case 'cidr':
      return [ipBlock(peer.cidr, peer.except)];
    case 'apiServer':
      return profile.apiServerCidrs.length === 0 ? undefined : profile.apiServerCidrs.map(cidr => ipBlock(cidr, []));
    case 'anywhere':
      return undefined;
    case 'fqdn':
      throw new Error(`a NetworkPolicy cannot name ${peer.host}`);
  }
}

function ipBlock(cidr: string, except: readonly string[]): Json {
  return { ipBlock: { cidr, ...(except.length === 0 ? {} : { except: [...except] }) } };
}

function namespaceSelector(namespaces: NamespaceChoice): Json {
  switch (namespaces.kind) {
    case 'all':
      return {};
    case 'labels':
      return selectorJson(namespaces.selector);
    case 'names':
      return namespaces.names.length === 1
        ? { matchLabels: { [NAMESPACE_NAME]: namespaces.names[0] } }
        : { matchExpressions: [{ key: NAMESPACE_NAME, operator: 'In', values: [...namespaces.names] }] };
  }
}
