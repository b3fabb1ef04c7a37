import { ClusterProfile, DEFAULT_PROFILE } from '../../../src/model/cluster';
import { NetworkPeer, NetworkRule, WorkloadNetwork } from '../../../src/model/network';
import { NetworkPort } from '../../../src/model/permissions';

const origin = { path: 'finance/ledger', property: 'egress[0]' };

/** A TCP port. */
export const tcp = (port?: number, endPort?: number): NetworkPort => ({
  protocol: 'TCP',
  ...(port === undefined ? {} : { port }),
  ...(endPort === undefined ? {} : { endPort }),
});

/** A rule about a peer. */
export const rule = (peer: NetworkPeer, ...ports: readonly NetworkPort[]): NetworkRule => ({
  peer,
  ports,
  origin,
  words: 'something',
});

/** Pods of one workload. */
export const pods = (namespace: string, app: string): NetworkPeer => ({
  kind: 'podSet',
  pods: { namespace, labels: { app } },
});

/** DNS, as every workload has it. */
export const DNS = rule(
  { kind: 'podSet', pods: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } } },
  { protocol: 'UDP', port: 53 },
  tcp(53),
);

/** A peer of each kind that every enforcement knows. */
export const PEERS: Readonly<Record<string, NetworkPeer>> = {
  'pods of a workload': pods('finance', 'db'),
  'pods of a namespace': { kind: 'pods', namespaces: { kind: 'names', names: ['hr'] } },
  'pods of several namespaces': {
    kind: 'pods',
    namespaces: { kind: 'names', names: ['audit', 'hr'] },
    pods: { matchLabels: { app: 'db' }, matchExpressions: [{ key: 'old', operator: 'DoesNotExist', values: [] }] },
  },
  'pods of namespaces by label': {
    kind: 'pods',
    namespaces: {
      kind: 'labels',
      selector: {
        matchLabels: { tier: 'data' },
        matchExpressions: [{ key: 'env', operator: 'In', values: ['prod', 'test'] }],
      },
    },
  },
  'pods of all namespaces': {
    kind: 'pods',
    namespaces: { kind: 'all' },
    pods: { matchLabels: { app: 'db' }, matchExpressions: [] },
  },
  'a range': { kind: 'cidr', cidr: '10.20.0.0/16', except: ['10.20.7.0/24'] },
  'the API server': { kind: 'apiServer' },
  anywhere: { kind: 'anywhere' },
};

/** A workload of a cluster. */
export function networkOf(parts: Partial<WorkloadNetwork>, profile: Partial<ClusterProfile> = {}): WorkloadNetwork {
  return {
    path: 'finance/ledger',
    name: 'ledger',
    labels: { app: 'ledger' },
    pods: { namespace: 'finance', labels: { app: 'ledger' } },
    profile: { ...DEFAULT_PROFILE, apiServerCidrs: ['10.0.0.10/32'], ...profile },
    proxied: false,
    ingress: [],
    egress: [],
    ...parts,
  };
}
