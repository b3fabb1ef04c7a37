import { INJECT_LABEL } from './labels';
import { networkPolicy } from './network-policy';
import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { NetworkPeer, NetworkRule, WorkloadNetwork } from '../../model/network';
import { NetworkPort } from '../../model/permissions';
import { PUBLIC_ADDRESSES, publicAddresses } from '../../passes/network/external-hosts';
import { distinctRules } from '../../passes/network/workload';
import { Json } from '../../values/json';
import { compareText } from '../../values/text';

/*
 * Istio in sidecar mode, for workloads that connect to hosts outside the cluster. Who connects to whom inside it is a
 * matter of NetworkPolicies. Gateways have no sidecar: behind one, every caller would have its address.
 */

const EXCLUDED_RANGES = 'traffic.sidecar.istio.io/excludeOutboundIPRanges';

/** Where sidecars get their configuration and certificates. */
const ISTIOD: NetworkPeer = { kind: 'podSet', pods: { namespace: 'istio-system', labels: { app: 'istiod' } } };
const ISTIOD_PORT: NetworkPort = { protocol: 'TCP', port: 15012 };

/** Ports whose connections say which host they are for, so that several hosts may share them. */
const PROTOCOLS: Readonly<Record<number, string>> = { 80: 'HTTP', 443: 'TLS' };

/** A host outside the cluster. */
interface Host {
  readonly host: string;
  readonly rule: NetworkRule;
}

/** The policies of a workload: a NetworkPolicy, and what its sidecar needs to know, where it has one. */
export function istioPolicies(network: WorkloadNetwork): Json[] {
  const hosts = hostsOf(network);
  if (hosts.length === 0) {
    return [networkPolicy(withoutNames(network))];
  }
  const {
    name,
    pods: { namespace, labels: podLabels },
    profile,
  } = network;
  const labels = { ...network.labels };
  const selector = { matchLabels: { ...podLabels } };
  const ports = (network.ingress ?? []).flatMap(rule => rule.ports).map(({ port }) => String(port));
  return [
    networkPolicy(
      withoutNames({
        ...network,
        egress: [
          ...network.egress!,
          { peer: ISTIOD, ports: [ISTIOD_PORT], origin: hosts[0].rule.origin, words: 'istiod' },
        ],
      }),
    ),
    ...hosts.map(({ host, rule }) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: `${name}-${host.replace(/^\*/, 'any')}`, namespace, labels },
      spec: {
        hosts: [host],
        exportTo: ['.'],
        location: 'MESH_EXTERNAL',
        ports: rule.ports.map(({ port }) => ({
          number: port,
          name: `${protocolOf(port!).toLowerCase()}-${port}`,
          protocol: protocolOf(port!),
        })),
        resolution: host.startsWith('*') ? 'NONE' : 'DNS',
      },
    })),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name, namespace, labels },
      spec: {
        workloadSelector: { labels: { ...podLabels } },
        outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
        egress: [{ hosts: [...hosts.map(({ host }) => `./${host}`), ...insideHosts(network, profile.clusterDomain)] }],
      },
    },
    // Gateways have no identity in the mesh: that they alone connect is up to the NetworkPolicy.
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name, namespace, labels },
      spec: { selector, mtls: { mode: 'PERMISSIVE' } },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name, namespace, labels },
      spec: {
        selector,
        action: 'ALLOW',
        rules: ports.length === 0 ? [] : [{ to: [{ operation: { ports: [...new Set(ports)].sort(compareText) } }] }],
      },
    },
  ];
}

/** Metadata of the pods of a workload: whether they have a sidecar, and what goes past it. */
export function istioPodMetadata(network: WorkloadNetwork | undefined): Json {
  if (network === undefined || hostsOf(network).length === 0) {
    return { labels: { [INJECT_LABEL]: 'false' } };
  }
  const ranges = network.egress!.flatMap(({ peer }) => (peer.kind === 'cidr' ? [peer.cidr] : [])).sort(compareText);
  return {
    labels: { [INJECT_LABEL]: 'true' },
    ...(ranges.length === 0 ? {} : { annotations: { [EXCLUDED_RANGES]: [...new Set(ranges)].join(',') } }),
  };
}

const ISTIO_WITHOUT_PORTS = errorKind(
  'istio-without-ports',
  'Istio lets connections to single TCP ports of a host pass, and needs to know them',
  'Name the ports',
);
const ISTIO_HOSTS_ALIKE = errorKind(
  'istio-hosts-alike',
  'Istio cannot tell it from {others}: on ports other than 443 and 80 a connection does not say which host it is for',
  'Give the addresses with EgressTarget.cidr',
);
const ISTIO_BESIDE_ADDRESSES = errorKind(
  'istio-beside-addresses',
  'a sidecar that knows hosts stops connections to other public addresses, which are allowed as well',
  'Allow hosts by name, or EgressTarget.publicInternet() for these ports too',
);

/** What a sidecar cannot do. */
export function istioProblems(network: WorkloadNetwork): Diagnostic[] {
  const hosts = hostsOf(network);
  const all = network.egress ?? [];
  const wide = all.some(isPublic);
  return hosts.flatMap(({ host, rule: { ports, origin } }) => {
    const unsure = ports.filter(port => port.port !== undefined && PROTOCOLS[port.port] === undefined);
    const others = hosts.filter(
      other => other.host !== host && other.rule.ports.some(({ port }) => unsure.some(one => one.port === port)),
    );
    const at = [origin.path, origin.property, host] as const;
    if (
      ports.length === 0 ||
      ports.some(({ port, endPort, protocol }) => port === undefined || endPort !== undefined || protocol !== 'TCP')
    ) {
      return [findingOf(ISTIO_WITHOUT_PORTS, ...at)];
    }
    if (others.length > 0) {
      const names = others
        .map(other => other.host)
        .sort(compareText)
        .join(', ');
      return [findingOf(ISTIO_HOSTS_ALIKE, ...at, { others: names })];
    }
    return wide ? [findingOf(ISTIO_BESIDE_ADDRESSES, ...at)] : [];
  });
}

/** Hosts by name that are not covered by wider rules, each with all of its ports. */
function hostsOf({ egress = [] }: WorkloadNetwork): Host[] {
  if (egress.some(({ peer, ports }) => peer.kind === 'anywhere' && ports.length === 0)) {
    return [];
  }
  const covering = egress.filter(isPublic);
  const byHost = new Map<string, NetworkRule>();
  for (const rule of egress) {
    const { peer } = rule;
    const open = rule.ports.filter(
      port =>
        !covering.some(
          ({ ports }) =>
            ports.length === 0 || ports.some(other => other.port === port.port && other.protocol === port.protocol),
        ),
    );
    if (peer.kind === 'fqdn' && (open.length > 0 || (rule.ports.length === 0 && covering.length === 0))) {
      const known = byHost.get(peer.host);
      byHost.set(
        peer.host,
        known === undefined
          ? { ...rule, ports: open }
          : { ...known, ports: [...known.ports, ...open].sort((a, b) => (a.port ?? 0) - (b.port ?? 0)) },
      );
    }
  }
  return [...byHost].sort(([a], [b]) => compareText(a, b)).map(([host, rule]) => ({ host, rule }));
}

function isPublic({ peer }: NetworkRule): boolean {
  return peer.kind === 'cidr' && PUBLIC_ADDRESSES.some(range => range.kind === 'cidr' && range.cidr === peer.cidr);
}

/** The addresses of a host are not known: which of the public ones are let through is up to the sidecar. */
function withoutNames(network: WorkloadNetwork): WorkloadNetwork {
  return {
    ...network,
    egress:
      network.egress &&
      distinctRules(
        network.egress.flatMap(rule =>
          rule.peer.kind === 'fqdn' ? publicAddresses(rule.ports, rule.origin, rule.words) : [rule],
        ),
      ),
  };
}

/** What a sidecar that knows its hosts must know of the cluster: Services, and not the hosts outside that are allowed to other workloads of a namespace. */
function insideHosts({ egress = [] }: WorkloadNetwork, clusterDomain: string): string[] {
  const services = (namespace: string): string => `${namespace}/*.${namespace}.svc.${clusterDomain}`;
  const hosts = egress.flatMap(({ peer }) => {
    switch (peer.kind) {
      case 'podSet':
        return [services(peer.pods.namespace)];
      case 'pods':
        return peer.namespaces.kind === 'names' ? peer.namespaces.names.map(services) : [`*/*.svc.${clusterDomain}`];
      case 'apiServer':
        return [`default/kubernetes.default.svc.${clusterDomain}`];
      default:
        return [];
    }
  });
  return [...new Set(hosts)].sort(compareText);
}

function protocolOf(port: number): string {
  return PROTOCOLS[port] ?? 'TCP';
}
