import { PUBLIC_ADDRESSES } from './public-addresses';
import { Reached, reached } from './reached';
import { formatPorts } from './services';
import { EgressProxy, ClusterProfile } from '../../model/cluster';
import { errorKind, findingOf } from '../../model/finding-kind';
import { NetworkRule } from '../../model/network';
import { NetworkPort } from '../../model/permissions';
import { PolicyOrigin } from '../../model/policy';

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
