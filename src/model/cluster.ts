import { DEFAULT_IMAGES, ImageRegistry, Images } from './images';

/** What keeps pods from connections that nobody declared. */
export type NetworkEnforcement = 'networkPolicy' | 'cilium' | 'istio' | 'none';

/** What is installed in a cluster besides Kubernetes. */
export type AddOn = 'cert-manager' | 'gateway-api' | 'prometheus-operator';

/** Families of addresses that pods may have. */
export type IpFamily = 'IPv4' | 'IPv6';

/** Pods by namespace and labels. */
export interface PodReference {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods that answer DNS queries. */
export interface DnsPods extends PodReference {
  /** Port that the pods themselves listen on, by UDP and TCP: policies act on ports of pods. */
  readonly port: number;
}

/** A proxy through which pods reach what is outside the cluster. */
export interface EgressProxy {
  /** `http://host:port`. */
  readonly url: string;
  /** What is reached without it, as in `NO_PROXY`. */
  readonly noProxy: readonly string[];
}

/** The cluster that a scope is compiled for. */
export interface ClusterProfile {
  /** Path of the scope that it is attached to; undefined for the default. */
  readonly path?: string;
  readonly network: NetworkEnforcement;
  /** Why nothing is enforced, for `none`. */
  readonly acknowledgement?: string;
  /** Families of addresses that its pods have. */
  readonly ipFamilies: readonly IpFamily[];
  /** Ranges of the addresses of pods and Services, in CIDR form. */
  readonly clusterCidrs: readonly string[];
  /** Networks of the API server, in CIDR form; empty when nobody said. */
  readonly apiServerCidrs: readonly string[];
  /** Ports that the API server listens on behind its Service. */
  readonly apiServerPorts: readonly number[];
  readonly clusterDomain: string;
  readonly dns: DnsPods;
  /** Pods that scrape metrics; undefined when nobody may. */
  readonly monitoring?: PodReference;
  /** Labels by which Prometheus selects its monitors. */
  readonly monitorLabels: Readonly<Record<string, string>>;
  readonly proxy?: EgressProxy;
  /** Minor version of Kubernetes 1. */
  readonly kubernetesMinor: number;
  readonly addOns: readonly AddOn[];
  /** Whether containers of which nobody says what they may use have a limit of CPU. */
  readonly cpuLimits: boolean;
  /** Images of what runs in it without anybody naming one. */
  readonly images: Images;
  /** Where all images are pulled from; undefined for their own registries. */
  readonly registry?: ImageRegistry;
  /** Names of the Secrets, in each namespace with pods, by which images are pulled. */
  readonly pullSecrets: readonly string[];
}

/** A plain conformant cluster that enforces NetworkPolicies. */
export const DEFAULT_PROFILE: ClusterProfile = {
  network: 'networkPolicy',
  ipFamilies: ['IPv4', 'IPv6'],
  // The ranges for private use (RFC 1918, RFC 6598, RFC 4193): where exactly pods and Services are, only a cluster knows.
  clusterCidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'],
  apiServerCidrs: [],
  apiServerPorts: [443, 6443],
  clusterDomain: 'cluster.local',
  dns: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' }, port: 53 },
  monitorLabels: {},
  kubernetesMinor: 30,
  addOns: [],
  cpuLimits: true,
  images: DEFAULT_IMAGES,
  pullSecrets: [],
};

/** Minor version of Kubernetes since which a pod can wait before it is told to end, without a program to run for it. */
const SLEEP_SINCE = 30;

/** Whether the pods of a cluster can wait without a program of their own. */
export function podsCanWait(kubernetesMinor: number): boolean {
  return kubernetesMinor >= SLEEP_SINCE;
}

/** Whether the nodes of a cluster may have no IPv6 at all: what listens on it would not start there. */
export function isIpv4Alone(profile: ClusterProfile | undefined): boolean {
  return profile !== undefined && !profile.ipFamilies.includes('IPv6');
}
