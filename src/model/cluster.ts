/** What keeps pods from connections that nobody declared. */
export type NetworkEnforcement = 'networkPolicy' | 'cilium' | 'istio' | 'none';

/** What is installed in a cluster besides Kubernetes. */
export type AddOn = 'cert-manager' | 'gateway-api' | 'prometheus-operator';

/** Pods by namespace and labels. */
export interface PodReference {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A proxy through which pods reach what is outside the cluster. */
export interface EgressProxy {
  readonly url: string;
  /** What is reached without it, as in `NO_PROXY`. */
  readonly noProxy: readonly string[];
}

/** The cluster that a scope is compiled for. */
export interface ClusterProfile {
  readonly network: NetworkEnforcement;
  /** Networks of the API server, in CIDR form; empty when nobody said. */
  readonly apiServerCidrs: readonly string[];
  /** Ports that the API server listens on behind its Service. */
  readonly apiServerPorts: readonly number[];
  readonly clusterDomain: string;
  readonly dns: PodReference;
  /** Pods that scrape metrics; undefined when nobody may. */
  readonly monitoring?: PodReference;
  readonly proxy?: EgressProxy;
  /** Minor version of Kubernetes 1. */
  readonly kubernetesMinor: number;
  readonly addOns: readonly AddOn[];
}

/** A plain conformant cluster that enforces NetworkPolicies. */
export const DEFAULT_PROFILE: ClusterProfile = {
  network: 'networkPolicy',
  apiServerCidrs: [],
  apiServerPorts: [443, 6443],
  clusterDomain: 'cluster.local',
  dns: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  kubernetesMinor: 30,
  addOns: [],
};
