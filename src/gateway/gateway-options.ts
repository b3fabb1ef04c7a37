import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { GatewayDataPlane } from './data-plane';
import { GatewayExposure } from './gateway-exposure';
import { GatewayTls } from './gateway-tls';
import { GatewayObservabilityOptions } from './observability-options';
import { GatewayPolicyOptions } from './policy/options';
import { McpServerDiscovery } from './server-discovery';
import { EgressTarget } from '../permissions/egress-target';
import { IngressSource } from '../permissions/ingress-source';
import { PolicyOptions } from '../policy/level-policy';
import { RateLimit } from '../policy/rate-limit';
import { PodOptions } from '../workload/pod-options';
import { AutoscalingOptions, DisruptionBudgetOptions } from '../workload/replicas';

/** Which nodes hand on what comes to a Service from outside the cluster. */
export enum ExternalTrafficPolicy {
  /** Those that a pod of the gateway runs on. It sees the addresses of callers; connections to other nodes are dropped. */
  LOCAL = 'Local',

  /** All. A gateway sees addresses of nodes in the place of those of callers. */
  CLUSTER = 'Cluster',
}

/** The Service of a gateway. */
export interface GatewayServiceOptions {
  /**
   * Type of the Service.
   *
   * @default kplus.ServiceType.CLUSTER_IP
   */
  readonly type?: kplus.ServiceType;

  /**
   * Port of the Service. With any other than the default it stands in the URLs of the routes.
   *
   * @default - 80, or 443 for a gateway with `tls`
   */
  readonly port?: number;

  /**
   * Port on each node, for a NodePort or LoadBalancer Service.
   *
   * @default - chosen by the cluster
   */
  readonly nodePort?: number;

  /**
   * Annotations, such as those that a cloud's load balancer reads.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Addresses that a LoadBalancer Service admits, as CIDRs. An empty list is an error.
   *
   * @default - all
   */
  readonly loadBalancerSourceRanges?: string[];

  /**
   * Which nodes hand on what comes to a LoadBalancer or NodePort Service from outside the cluster. Load balancers that end
   * connections themselves show their own addresses all the same.
   *
   * @default - ExternalTrafficPolicy.LOCAL where a rule, a Cedar policy or a limit of the gateway or of a route asks for addresses, else that of
   * Kubernetes: all nodes
   */
  readonly externalTrafficPolicy?: ExternalTrafficPolicy;
}

/** Active checks of the servers' health. Only for data planes that have them. */
export interface GatewayHealthCheckOptions {
  /**
   * Time between checks.
   *
   * @default Duration.seconds(30)
   */
  readonly interval?: Duration;

  /**
   * Time a check may take.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * Successes after which a server is healthy.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * Failures after which a server is not healthy.
   *
   * @default 3
   */
  readonly unhealthyThreshold?: number;
}

/** A store that speaks the Redis protocol, such as one run by a cloud. */
export interface RateLimitStoreOptions {
  /** Host name of the store. */
  readonly host: string;

  /**
   * Port of the store.
   *
   * @default 6379
   */
  readonly port?: number;

  /**
   * Whether the store speaks TLS.
   *
   * @default true
   */
  readonly tls?: boolean;

  /**
   * Password of the store, in a Secret of the namespace of the gateway's pods.
   *
   * @default - none
   */
  readonly password?: kplus.SecretValue;
}

/**
 * The service that counts calls for rate limits. Its pods and those of its store have the `podLabels`, `nodeSelector`,
 * `tolerations`, `priorityClass` and `imagePullSecrets` of the gateway, given as options or in its `podTemplate`.
 */
export interface RateLimitServiceOptions {
  /**
   * Replicas. They share their counts.
   *
   * @default - 2, or 1 for a gateway of one replica
   */
  readonly replicas?: number;

  /**
   * Where counts are kept. One that is full must forget some (such as `maxmemory-policy allkeys-lfu`): what cannot be counted is refused.
   *
   * @default - a store of one replica beside the service
   */
  readonly store?: RateLimitStoreOptions;

  /**
   * Requests and limits of the service's container; a limit that is left out is none.
   *
   * @default - 50m to 1 CPU; 64 to 128 MiB of memory
   */
  readonly resources?: kplus.ContainerResources;

  /**
   * Requests and limits of the container of the store beside the service, which keeps counts in two thirds of its limit of memory
   * (128 MiB where it has none). Not for a store of your own (`store`).
   *
   * @default - 50m to 500m CPU; 64 to 192 MiB of memory
   */
  readonly storeResources?: kplus.ContainerResources;
}

/** Rules by which a gateway admits routes. */
export interface RouteConstraintsOptions {
  /**
   * Whether callers of each route must be authenticated, by the gateway or by the route.
   *
   * @default false
   */
  readonly requireAuthentication?: boolean;

  /**
   * JSON-RPC methods that routes may match.
   *
   * @default - all
   */
  readonly allowedMethods?: string[];

  /**
   * Highest rates that routes may state, by dimension.
   *
   * @default - any rate
   */
  readonly maximumRates?: RateLimit[];
}

/** Options that McpGateway and ClusterMcpGateway share. */
export interface McpGatewayOptions extends PodOptions, PolicyOptions, GatewayPolicyOptions {
  /**
   * Name of the resource and of what it emits. It stands in the URLs of the routes.
   *
   * @default - the construct's id as it is
   */
  readonly name?: string;

  /**
   * Labels of every object emitted.
   *
   * @default - none besides the library's own
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of every object emitted, but not of pods (`podAnnotations`).
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * The proxy that the gateway runs.
   *
   * @default GatewayDataPlane.agentgateway()
   */
  readonly dataPlane?: GatewayDataPlane;

  /**
   * Replicas. Sessions do not depend on them: any replica goes on with a session of another.
   *
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Scales the replicas.
   *
   * @default - a fixed number of replicas
   */
  readonly autoscaling?: AutoscalingOptions;

  /**
   * The PodDisruptionBudget.
   *
   * @default - one pod may go at a time when there are several replicas, else none
   */
  readonly disruptionBudget?: DisruptionBudgetOptions;

  /**
   * Port that the pods listen on.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * The certificate of the gateway, which serves HTTPS with it. Renewed certificates need no restart; see {@link GatewayTls}.
   *
   * @default - plain HTTP, for clients in the cluster or behind a mesh or an ingress that encrypts
   */
  readonly tls?: GatewayTls;

  /**
   * The Service.
   *
   * @default - a ClusterIP Service on port 80, or 443 with `tls`
   */
  readonly service?: GatewayServiceOptions;

  /**
   * How the gateway is reached from outside the cluster, besides its Service. The public URLs have the first exact host, of Ingresses
   * before HTTPRoutes.
   *
   * @default - not at all
   */
  readonly exposures?: GatewayExposure[];

  /**
   * Servers to serve together at `/mcp`.
   *
   * @default - none; only routes are served
   */
  readonly discovery?: McpServerDiscovery;

  /**
   * Hosts that the remote servers it serves may be at, by routes and at `/mcp`: names, `*.example.com` for all names below
   * a domain (however many labels, the domain itself not included), or IP addresses. A server elsewhere fails synthesis.
   * It is about servers alone: keys of issuers, collectors of traces and the like may be anywhere.
   *
   * A host inside the cluster (a Service, in whatever spelling, or an address in the profile's `clusterCidrs`) is reached where
   * it is in the server's own namespace, is the Service of a ClusterMcpServer that is shared with that namespace, or is named here:
   * `ledger.finance.svc`, `*.finance.svc` or `10.3.4.5`. Nothing else consents: not the team that writes the server, and not
   * `allowEgress` or `connect`, which only let packets through.
   *
   * @default - all outside the cluster; an empty list allows none
   */
  readonly allowedRemoteHosts?: string[];

  /**
   * Origins of web pages that may use the gateway from a browser, as browsers send them: `['https://chat.example.com']`. Of a request
   * with another `Origin` nothing reaches a server: it is 403; one without `Origin`, as programs send it, is nobody's page. A browser
   * is told that a page may ask (CORS), with tokens and keys in headers, and without cookies or client certificates. A route may
   * have a list of its own, of some of these.
   *
   * @default - none, but for what routes allow
   */
  readonly allowedOrigins?: string[];

  /**
   * Addresses and ranges of the proxies in front of the gateway that say truly where a caller is (load balancers for HTTP,
   * ingress controllers, CDNs): `['10.1.0.0/24', '2001:db8:1::/64']`. Of what comes from them the last address in
   * `X-Forwarded-For` that is none of theirs is the caller's: for {@link Condition.sourceIp}, limits by address and the access log.
   * Whoever is at another address is where the connection comes from, whatever its headers say. No caller is at an address of
   * these ranges: what a proxy sends on without the name of a caller meets no condition on addresses, `notSourceIp` neither.
   *
   * Everyone who connects from these ranges is believed: keep them to the proxies, and do not name a range that other pods
   * are in as well. Envoy only; agentgateway takes the address of the connection, and this is refused.
   *
   * @default - none; the address of a caller is that of the connection
   */
  readonly trustedProxies?: string[];

  /**
   * Who may connect, besides the workloads that are connected to the gateway or to its routes; see
   * {@link McpGateway.allowIngress}. Everyone may where the Service is a LoadBalancer or NodePort.
   *
   * @default - nobody else
   */
  readonly ingress?: IngressSource[];

  /**
   * What the gateway may connect to besides what follows from what it serves; see {@link McpGateway.allowEgress}.
   *
   * @default - its servers, the keys of issuers, its collector of traces and what counts its calls, as far as their names tell where they are
   */
  readonly egress?: EgressTarget[];

  /**
   * The key that protects session ids, shared by all replicas: 64 hexadecimal digits
   * (`openssl rand -hex 32`) in a Secret of the gateway's namespace. Envoy has no such key, and refuses one.
   *
   * @default - key `key` of the Secret `{name}-session-key`, which you create
   */
  readonly sessionKey?: kplus.SecretValue;

  /**
   * Header that tells callers apart, where several servers or several replicas that keep sessions
   * share requests. It must be the same in all requests of a session. agentgateway only; Envoy refuses it.
   *
   * @default - the caller's token, user or API key, else the address it connects from
   */
  readonly sessionAffinityHeader?: string;

  /**
   * Active checks of the servers' health.
   *
   * @default - none; readiness probes take servers out of their Service
   */
  readonly healthCheck?: GatewayHealthCheckOptions;

  /**
   * How calls are counted for rate limits of this gateway and its routes.
   *
   * @default - a rate-limit service of two replicas (one for a gateway of one replica) with a store of its own, which
   * forgets its counts when it restarts, and when it is full those that are asked for least; emitted only when there is a limit
   */
  readonly rateLimitService?: RateLimitServiceOptions;

  /**
   * By what the gateway admits routes. A route that breaks one fails synthesis.
   *
   * @default - every route of the app that names it
   */
  readonly routeConstraints?: RouteConstraintsOptions;

  /**
   * Metrics, logs and traces.
   *
   * @default - metrics for Prometheus, a JSON log, no traces
   */
  readonly observability?: GatewayObservabilityOptions;
}
