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

/** A Service of the app, for names that resolve inside it. */
export interface ClusterService {
  readonly namespace: string;
  readonly name: string;
  /** Undefined for a Service without one (ExternalName, or endpoints of its own). */
  readonly selector?: Readonly<Record<string, string>>;
  /** Undefined `targetPort` is a named one that cannot be known. */
  readonly ports: readonly { readonly port: number; readonly targetPort?: number; readonly protocol: 'TCP' | 'UDP' }[];
}

/** A proxy through which pods reach what is outside the cluster. */
export interface EgressProxy {
  /** `http://host:port`. */
  readonly url: string;
  /** What is reached without it, as in `NO_PROXY`. */
  readonly noProxy: readonly string[];
}

/** A mesh that pods are in, as far as policies of the network have to know it. */
export interface Mesh {
  readonly name: 'istio-ambient' | 'istio-sidecars' | 'linkerd';
  /** Port by which proxies take connections for all other ports of their pod; undefined where connections keep their ports. */
  readonly tunnelPort?: number;
  /** Address, as a range of one, that probes of the kubelet come from. */
  readonly probesFrom?: string;
  /** What proxies in pods connect to. */
  readonly controlPlane: readonly { readonly pods: PodReference; readonly port: number }[];
  /** Whether policies of Istio tell ports apart behind that of the mesh. */
  readonly keepsPorts: boolean;
  /** Whether its proxies are sidecars of Istio, beside which agentgateway and gateways cannot run. */
  readonly sidecars: boolean;
}

/** Istio in ambient mode: proxies of nodes carry the connections of pods, and connect to istiod themselves. */
export const ISTIO_AMBIENT: Mesh = {
  name: 'istio-ambient',
  tunnelPort: 15008,
  probesFrom: '169.254.7.127/32',
  controlPlane: [],
  keepsPorts: true,
  sidecars: false,
};

/** Istio with sidecars, which take connections on the ports that they are for. */
export const ISTIO_SIDECARS: Mesh = {
  name: 'istio-sidecars',
  controlPlane: [{ pods: { namespace: 'istio-system', labels: { app: 'istiod' } }, port: 15012 }],
  keepsPorts: false,
  sidecars: true,
};

const LINKERD_CONTROL_PLANE = 'linkerd';
/** Label by which Linkerd's chart says what of the control plane pods are. */
const LINKERD_COMPONENT = 'linkerd.io/control-plane-component';

/** Linkerd: addresses of servers and policies from one component, certificates from another. */
export const LINKERD: Mesh = {
  name: 'linkerd',
  tunnelPort: 4143,
  controlPlane: [
    { pods: { namespace: LINKERD_CONTROL_PLANE, labels: { [LINKERD_COMPONENT]: 'destination' } }, port: 8086 },
    { pods: { namespace: LINKERD_CONTROL_PLANE, labels: { [LINKERD_COMPONENT]: 'destination' } }, port: 8090 },
    { pods: { namespace: LINKERD_CONTROL_PLANE, labels: { [LINKERD_COMPONENT]: 'identity' } }, port: 8080 },
  ],
  keepsPorts: false,
  sidecars: false,
};

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
  /** Services that no app makes, with what is behind them. */
  readonly services: readonly ClusterService[];
  /** Pods that scrape metrics; undefined when nobody may. */
  readonly monitoring?: PodReference;
  /** Labels by which Prometheus selects its monitors. */
  readonly monitorLabels: Readonly<Record<string, string>>;
  readonly proxy?: EgressProxy;
  /** The mesh that namespaces are in; undefined for none. */
  readonly mesh?: Mesh;
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
  services: [],
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
