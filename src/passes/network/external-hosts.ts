import { knownNamespaces, readHost } from './host-names';
import { formatPorts } from './services';
import { Reached, reached } from './workload';
import { ClusterProfile, EgressProxy } from '../../model/cluster';
import { errorKind, findingOf } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { NetworkPeer, NetworkRule } from '../../model/network';
import { NetworkPort } from '../../model/permissions';
import { Entry } from '../../model/plan';
import { PolicyOrigin } from '../../model/policy';
import { Endpoint, Server } from '../../model/server';
import { Topology } from '../../model/topology';

const EGRESS_NAME_OUTSIDE = errorKind(
  'egress-name-outside',
  'is a name outside the cluster, and {why}',
  '{give} its addresses with EgressTarget.cidr, allow EgressTarget.publicInternet(), or tell by a ClusterProfile that the cluster has Cilium (NetworkEnforcement.cilium()), Istio (NetworkEnforcement.istio()) or a proxy',
);

/** What becomes of a host that no policy can name: an error, every public address in its place, or nothing, where its addresses are allowed by themselves. */
export type UnnameableHosts = 'refuse' | 'publicAddresses' | 'declared';

/** How pods reach what is outside the cluster. */
export interface Outbound {
  readonly profile: ClusterProfile;
  readonly unnameable: UnnameableHosts;
  /** Whether a mesh can put a sidecar into the pods. */
  readonly sidecar: boolean;
}

/** Who wants to reach a host outside the cluster, and how. */
export interface ExternalTarget {
  readonly host: string;
  readonly ports: readonly NetworkPort[];
  readonly origin: PolicyOrigin;
}

/** Resolves a host outside the cluster that no proxy stands before. */
export function externalHost(
  { host, ports, origin }: ExternalTarget,
  { profile, unnameable, sidecar }: Outbound,
): Reached {
  const words = `${host}${ports.length === 0 ? '' : `:${formatPorts(ports)}`}`;
  const { network } = profile;
  if (network === 'cilium' || network === 'none' || (network === 'istio' && sidecar)) {
    return reached({ rules: [{ peer: { kind: 'fqdn', host }, ports, origin, words }] });
  }
  if (unnameable === 'declared') {
    return reached({});
  }
  if (unnameable === 'publicAddresses') {
    return reached({ rules: publicAddresses(ports, origin, words), publicHosts: [words] });
  }
  const why =
    network === 'istio'
      ? 'Istio knows names by a sidecar, which cannot be in a pod with agentgateway, be it the adapter of a stdio server or what protects a server: both take the ports 15000, 15020 and 15021'
      : 'NetworkPolicies know addresses only';
  return reached({
    findings: [
      findingOf(EGRESS_NAME_OUTSIDE, origin.path, origin.property, host, {
        why,
        give: host.split('.').length === 2 ? `Write ${host}.svc if it is a Service. Else give` : 'Give',
      }),
    ],
  });
}

/** Rules for every public address. */
export function publicAddresses(ports: readonly NetworkPort[], origin: PolicyOrigin, words: string): NetworkRule[] {
  return PUBLIC_ADDRESSES.map(peer => ({ peer, ports, origin, words }));
}

/** Whether a host outside the cluster is reached without the proxy. */
export function bypassesProxy({ noProxy }: EgressProxy, host: string): boolean {
  return noProxy.some(entry => {
    const domain = entry.replace(/^\./, '');
    return host === domain || host.endsWith(`.${domain}`);
  });
}

/** Ranges that are not of the public internet (IANA's registries of special-purpose addresses). */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// Not ::ffff:0:0/96, IPv4 addresses written in IPv6: no packet has them, and the API server refuses them as a part of ::/0.
const SPECIAL_IPV6 = ['::/128', '::1/128', 'fc00::/7', 'fe80::/10', 'ff00::/8'];

/** Every public address. */
export const PUBLIC_ADDRESSES: readonly NetworkPeer[] = [
  { kind: 'cidr', cidr: '0.0.0.0/0', except: SPECIAL_IPV4 },
  { kind: 'cidr', cidr: '::/0', except: SPECIAL_IPV6 },
];

/** An entry whose servers outside the cluster are reached through the proxy of the gateway's cluster, where it has one. */
export function throughProxy(entry: Entry, { profile, workloadNamespace }: Gateway, topology: Topology): Entry {
  const proxy = profile?.proxy;
  if (profile === undefined || proxy === undefined) {
    return entry;
  }
  const namespaces = knownNamespaces(topology);
  const context = {
    namespace: workloadNamespace,
    clusterDomain: profile.clusterDomain,
    isNamespace: (name: string) => namespaces.has(name),
  };
  const { hostname, port } = new URL(proxy.url);
  const reach = (endpoint: Endpoint): Endpoint => {
    const found = readHost(endpoint.host, context);
    return found.kind === 'external' && !bypassesProxy(proxy, found.host)
      ? { ...endpoint, proxy: `${hostname}:${port || 80}` }
      : endpoint;
  };
  const proxied = (server: Server): Server =>
    server.workloadNamespace === undefined ? { ...server, endpoints: server.endpoints.map(reach) } : server;
  return {
    ...entry,
    groups: entry.groups.map(group => ({
      ...group,
      servers: group.servers.map(({ server, weight }) => ({ server: proxied(server), weight })),
    })),
  };
}
