import { ServiceMesh } from './service-mesh';
import { ClusterProfile, NetworkEnforcement as NetworkEnforcementModel } from '../model/cluster';
import { errorKind, InputCheck } from '../model/findings';

const ACKNOWLEDGEMENT_EMPTY = errorKind('acknowledgement-empty', 'is empty', 'Say why pods may connect as they like');

/** Options of {@link NetworkEnforcement.none}. */
export interface NoNetworkEnforcementOptions {
  /** Why pods may connect as they like, or what restricts them instead. It stands in the warning that reminds of it. */
  readonly acknowledgement: string;
}

/**
 * What keeps the pods of a cluster from connections that nobody declared. Policies are emitted in its language.
 *
 * @example
 *
 * import { NetworkEnforcement } from 'cdk8s-mcp';
 *
 * NetworkEnforcement.networkPolicy();
 * NetworkEnforcement.cilium();
 * NetworkEnforcement.none({ acknowledgement: 'a cluster of one developer' });
 */
export class NetworkEnforcement {
  /**
   * NetworkPolicies (`networking.k8s.io/v1`), which most network plugins enforce: Calico, Cilium, Antrea and those of the
   * large clouds. Flannel alone does not, and the API server accepts what nothing enforces.
   */
  public static networkPolicy(): NetworkEnforcement {
    return new NetworkEnforcement('networkPolicy');
  }

  /**
   * CiliumNetworkPolicies (`cilium.io/v2`), which can tell hosts outside the cluster by their names, and know the API server.
   */
  public static cilium(): NetworkEnforcement {
    return new NetworkEnforcement('cilium');
  }

  /**
   * NetworkPolicies, and for servers with hosts outside the cluster an Istio sidecar that connects to those alone
   * (`ServiceEntry`, and `Sidecar` with `REGISTRY_ONLY`). It needs Istio in sidecar mode with its CNI plugin, and a program
   * that sets out to can go around a sidecar of its own pod, to public addresses on the same ports.
   */
  public static istio(): NetworkEnforcement {
    return new NetworkEnforcement('istio');
  }

  /**
   * Nothing is emitted and nothing enforced: every pod may connect to every other.
   *
   * @param options why that is right
   * @throws when the acknowledgement is empty
   */
  public static none(options: NoNetworkEnforcementOptions): NetworkEnforcement {
    const input = new InputCheck('NetworkEnforcement.none');
    const { acknowledgement } = options;
    input.report(ACKNOWLEDGEMENT_EMPTY, 'acknowledgement', acknowledgement, acknowledgement.trim() === '');
    input.throwIfAny();
    return new NetworkEnforcement('none', acknowledgement.trim());
  }

  private constructor(
    /** Name of the enforcement: `networkPolicy`, `cilium`, `istio` or `none`. */
    public readonly name: string,
    /** Why nothing is enforced, for `none`. */
    public readonly acknowledgement?: string,
  ) {}

  /** @internal */
  public get _model(): NetworkEnforcementModel {
    return this.name as NetworkEnforcementModel;
  }
}

/** What may be installed in a cluster besides Kubernetes. */
export enum ClusterAddOn {
  /** cert-manager (`cert-manager.io/v1`). */
  CERT_MANAGER = 'cert-manager',

  /** Gateway API (`gateway.networking.k8s.io/v1`). */
  GATEWAY_API = 'gateway-api',

  /** Prometheus operator (`monitoring.coreos.com/v1`). Gateways whose metrics are read get a PodMonitor. */
  PROMETHEUS_OPERATOR = 'prometheus-operator',
}

/** Families of addresses that pods may have. */
export enum IpFamily {
  /** 32 bits, as `10.0.0.1`. */
  IPV4 = 'IPv4',

  /** 128 bits, as `fd00::1`. */
  IPV6 = 'IPv6',
}

/** Pods of a cluster that are not of this app. */
export interface ClusterPods {
  /** Their namespace. */
  readonly namespace: string;

  /** Their labels, of which they must have all. */
  readonly podLabels: { [key: string]: string };
}

/** The pods that answer DNS queries. */
export interface ClusterDns {
  /**
   * Their namespace.
   *
   * @default 'kube-system'
   */
  readonly namespace?: string;

  /**
   * Their labels, of which they must have all.
   *
   * @default { 'k8s-app': 'kube-dns' }
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Port that the pods themselves listen on, which may not be that of their Service: 5353 on OpenShift.
   *
   * @default 53
   */
  readonly port?: number;
}

/** A proxy through which pods reach what is outside the cluster. */
export interface ClusterEgressProxy {
  /** Its URL, such as `http://proxy.infra.svc:3128`: the name of a Service, or an address. */
  readonly url: string;

  /**
   * Hosts and domains (`.acme.internal`) outside the cluster that are reached without it.
   *
   * @default - none. What is inside the cluster never goes through the proxy.
   */
  readonly noProxy?: string[];
}

/** A port of a {@link ClusterService}. */
export interface ClusterServicePort {
  /** Port of the Service. */
  readonly port: number;

  /**
   * Port that its pods listen on.
   *
   * @default - that of the Service
   */
  readonly podPort?: number;
}

/** A Service that the app does not make, and what is behind it. */
export interface ClusterService {
  /** Its namespace. */
  readonly namespace: string;

  /** Its name. */
  readonly name: string;

  /** Labels of its pods: its `selector`. */
  readonly podLabels: { [key: string]: string };

  /** Its ports. */
  readonly ports: ClusterServicePort[];
}

/**
 * Images of what the library runs by itself, for instance in a registry of your own. They must be of the versions of the
 * defaults: what is emitted is for these. What names an image itself ({@link GatewayDataPlane.envoy}, the source of a server) goes by
 * that.
 */
export interface ClusterImages {
  /**
   * agentgateway: gateways, adapters of stdio servers, and what protects servers in their own pods.
   *
   * @default cr.agentgateway.dev/agentgateway:v1.4.1
   */
  readonly agentgateway?: string;

  /**
   * Envoy, for gateways.
   *
   * @default docker.io/envoyproxy/envoy:v1.40.0
   */
  readonly envoy?: string;

  /**
   * Envoy's rate-limit service.
   *
   * @default docker.io/envoyproxy/ratelimit:3fb70258
   */
  readonly rateLimitService?: string;

  /**
   * Where that service counts: a server of the Redis protocol with `valkey-server` and `valkey-cli`.
   *
   * @default docker.io/valkey/valkey:8.1.9-alpine
   */
  readonly rateLimitStore?: string;

  /**
   * What runs the packages of {@link McpServerSource.npx}.
   *
   * @default node:22.23.1-trixie-slim
   */
  readonly npx?: string;

  /**
   * What runs the packages of {@link McpServerSource.uvx}.
   *
   * @default ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie-slim
   */
  readonly uvx?: string;
}

/** Properties of {@link ClusterProfile}. */
export interface ClusterProfileProps {
  /**
   * What enforces who may connect to whom.
   *
   * @default NetworkEnforcement.networkPolicy()
   */
  readonly network?: NetworkEnforcement;

  /**
   * The mesh that the namespaces of gateways and servers are in. Not with {@link NetworkEnforcement.istio}, which says by itself which pods have a
   * sidecar, nor with {@link NetworkEnforcement.none}, with which there are no policies that could be in its way.
   *
   * @default - none
   */
  readonly mesh?: ServiceMesh;

  /**
   * Families of addresses that pods have. Gateways listen on IPv6 in a way that takes IPv4 too, and so does what stands in front of a
   * server's program; where IPv6 is switched off in the kernel of the nodes (`ipv6.disable=1`) they would not start: say `[IpFamily.IPV4]` there.
   *
   * @default - both
   */
  readonly ipFamilies?: IpFamily[];

  /**
   * Ranges of the addresses of pods and of Services as CIDRs. A remote server at one of them is inside the cluster, and is
   * reached only where the gateway's `allowedRemoteHosts` names it.
   *
   * @default - the ranges for private use: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 and fc00::/7
   */
  readonly clusterCidrs?: string[];

  /**
   * Addresses of the API server as CIDRs: those in `kubectl get endpoints kubernetes`, since policies act behind Services.
   *
   * @default - unknown: servers with Kubernetes permissions may connect to any address on `apiServerPorts`, with a warning
   */
  readonly apiServerCidrs?: string[];

  /**
   * Ports of the API server at those addresses.
   *
   * @default [443, 6443]
   */
  readonly apiServerPorts?: number[];

  /**
   * Services that the app does not make, and that its servers and gateways connect to: a server of another repository, Keycloak.
   * Policies act on pods and their ports, which the name of a Service does not say.
   *
   * @default - none: every pod of the namespace of such a Service is opened, on the port of the Service, with a warning
   */
  readonly services?: ClusterService[];

  /**
   * DNS domain of the cluster. Gateways of Envoy look up servers in it: with another than the cluster has, they find none.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * The pods that answer DNS queries.
   *
   * @default - pods labelled `k8s-app=kube-dns` in `kube-system`, on port 53
   */
  readonly dns?: ClusterDns;

  /**
   * The pods that scrape metrics. They may connect to the metrics ports of gateways, which are else closed.
   *
   * @default - nobody
   */
  readonly monitoring?: ClusterPods;

  /**
   * Labels by which Prometheus selects PodMonitors and PrometheusRules (its `podMonitorSelector` and `ruleSelector`), such as
   * `release: prometheus`. Its `podMonitorNamespaceSelector` and `ruleNamespaceSelector` must select their namespaces, too. Needs `ClusterAddOn.PROMETHEUS_OPERATOR`.
   *
   * @default - none besides those of all objects
   */
  readonly monitorLabels?: { [key: string]: string };

  /**
   * The proxy for what is outside the cluster.
   *
   * Servers that may connect to hosts outside the cluster get `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, and may connect
   * to the proxy instead; it is then the proxy that decides which hosts. Gateways reach remote servers through it by
   * CONNECT. What is declared as a CIDR is reached directly.
   *
   * @default - none
   */
  readonly proxy?: ClusterEgressProxy;

  /**
   * Version of Kubernetes, as `1.30`.
   *
   * @default '1.30'
   */
  readonly kubernetesVersion?: string;

  /**
   * What is installed. Options that need more fail.
   *
   * @default - nothing besides Kubernetes
   */
  readonly addOns?: ClusterAddOn[];

  /**
   * Whether containers have a limit of CPU where nobody says what they may use (`resources`). Without one they use what is idle on
   * their node, and are not slowed down while some is; their requests stay.
   *
   * @default true
   */
  readonly cpuLimits?: boolean;

  /**
   * Images of what the library runs by itself.
   *
   * @default - exact versions in the public registries
   */
  readonly images?: ClusterImages;

  /**
   * The registry that has the images of all others, as `registry.acme.dev` or `registry.acme.dev/mirror`: every container of pods of
   * this library gets its image from there, whoever named it, under the path that it has in its own registry
   * (`ghcr.io/acme/ledger:1.4.0` is `registry.acme.dev/acme/ledger:1.4.0`, `node:22` is `registry.acme.dev/library/node:22`).
   * Images of this registry, those of `images` and those of `directRegistries` stay as they are named.
   *
   * @default - images are pulled as they are named
   */
  readonly imageRegistry?: string;

  /**
   * Registries whose images are pulled as they are named, by host: `harbor.acme.dev`. Needs `imageRegistry`.
   *
   * @default - none
   */
  readonly directRegistries?: string[];

  /**
   * Names of the Secrets with credentials for registries of images. Every pod of this library has them, so each namespace with pods
   * needs Secrets of these names; those of a construct (`imagePullSecrets`) come on top.
   *
   * @default - none
   */
  readonly imagePullSecrets?: string[];
}

const ADD_ON_MISSING = errorKind(
  'add-on-missing',
  'needs {addOn}, and the profile of the cluster does not say that it is installed',
  'If it is, say so before anything is created: new ClusterProfile({ addOns: [ClusterAddOn.{member}] }).applyTo(app)',
);

/** Refuses what needs something that is not installed in a cluster. */
export function requireAddOn(
  { addOns }: ClusterProfile,
  input: InputCheck,
  addOn: ClusterAddOn,
  property: string,
): void {
  const member = Object.entries(ClusterAddOn).find(([, value]) => value === addOn)![0];
  input.report(ADD_ON_MISSING, property, '(given)', addOns.includes(addOn) ? undefined : { addOn, member });
}
