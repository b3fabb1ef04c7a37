import { ClusterProfile } from './cluster';
import { EgressRule, IngressRule } from './permissions';
import { CertificateIssuer, LevelPolicy, RouteConstraints, SecretKey } from './policy';
import { GatewayRef } from './route';
import { BackendCredential, LabelSelector, ServerRef } from './server';
import { TrafficPolicy } from './traffic-policy';
import { Json } from '../values/json';

/** Path on a gateway that serves its discovered servers together. */
export const DISCOVERY_PATH = '/mcp';

/** Which servers a gateway serves at `/mcp`. */
export interface Discovery {
  readonly servers: readonly ServerRef[];
  /** Servers whose labels match; undefined selects none. */
  readonly selector?: LabelSelector;
  /** Namespaces the selector looks in; undefined means the gateway's own (or all, for a ClusterMCPGateway). */
  readonly namespaceSelector?: LabelSelector;
  /** Whether a server that does not answer fails the session of a client, or its tools are left out. */
  readonly skipUnavailable: boolean;
  /** What is proved to servers in place of what they declare themselves. */
  readonly credentials?: readonly ServerCredentials[];
}

/** What a gateway proves to one server; undefined proves nothing. */
export interface ServerCredentials {
  readonly server: ServerRef;
  readonly credentials?: readonly BackendCredential[];
}

/** By what the callers of session-keeping servers are told apart. */
export interface SessionAffinity {
  /** Lower-case header that identifies the caller; undefined means the address it calls from. */
  readonly header?: string;
}

/** An OTLP collector for traces. */
export interface Tracing {
  readonly endpoint: string;
  readonly protocol: 'grpc' | 'http';
  /** Share of requests traced, 0 to 1. */
  readonly sampling: number;
}

/** An extra field of the access log: a plane-neutral name of what to log. */
export interface AccessLogField {
  readonly name: string;
  readonly source: AccessLogSource;
}

/** Where an access-log field comes from. */
export type AccessLogSource =
  | { readonly kind: 'toolName' }
  | { readonly kind: 'toolArguments' }
  | { readonly kind: 'requestHeader'; readonly header: string }
  | { readonly kind: 'literal'; readonly value: string };

/** Passive health: a server that fails is left out for a while. */
export interface CircuitBreaker {
  readonly consecutiveFailures: number;
  readonly ejection: string;
  /** Percentage of failures that leaves a server out, once there were `minimumRequests`. */
  readonly errorRate?: number;
  readonly minimumRequests?: number;
  /** Requests that try whether it is back, and how many of them have to succeed. */
  readonly trialRequests?: number;
  readonly trialSuccesses?: number;
  /** Time after which a request counts as failed. */
  readonly requestTimeout?: string;
}

/** Active health checks by the gateway. */
export interface HealthCheck {
  readonly interval: string;
  readonly timeout: string;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** The certificate a gateway presents to its clients, as keys of a Secret such as cert-manager writes (`tls.crt`, `tls.key`). */
export interface GatewayTls {
  /** PEM chain, the gateway's own certificate first. */
  readonly certificate: SecretKey;
  /** PEM private key. */
  readonly privateKey: SecretKey;
  /** Who issued it, where cert-manager is asked for it; undefined where the Secret is someone else's. */
  readonly issuer?: CertificateIssuer;
}

/** A store that speaks the Redis protocol, outside of what the library emits. */
export interface ExternalStore {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly password?: SecretKey;
}

/** The service that counts calls for rate limits, one for each gateway. */
export interface RateLimitService {
  /** Undefined: one for a gateway of one replica, else two. */
  readonly replicas?: number;
  /** Where it keeps its counts; undefined emits a store of one replica, which forgets them when it restarts. */
  readonly store?: ExternalStore;
  /** What its container asks for and may use, as Kubernetes writes it; undefined for the default. */
  readonly resources?: Json;
  /** The same of the container of the store. */
  readonly storeResources?: Json;
}

/** How a gateway is reached from outside the cluster. */
export interface GatewayExposure {
  readonly kind: 'Ingress' | 'HTTPRoute';
  /** Whether clients come by HTTPS. */
  readonly https: boolean;
  /** Scheme and host; undefined where only wildcard hosts are known. */
  readonly publicUrl?: string;
  /** Whether nobody said which pods pass requests on. */
  readonly anyPod: boolean;
}

/** Scheme and host by which clients outside the cluster reach a gateway: of an Ingress before an HTTPRoute, which resources list apart. */
export function publicUrlOf(exposures: readonly GatewayExposure[]): string | undefined {
  const known = exposures.filter(({ publicUrl }) => publicUrl !== undefined);
  return (known.find(({ kind }) => kind === 'Ingress') ?? known[0])?.publicUrl;
}

/** A gateway of the app. */
export interface Gateway extends GatewayRef {
  readonly path: string;
  /** Namespace its pods run in. */
  readonly workloadNamespace: string;
  /** Name of the back end that serves it. */
  readonly plane: string;
  /** Port its pods listen on. */
  readonly port: number;
  readonly replicas: number;
  /** Bytes that each of its pods may use; undefined where nothing limits them. */
  readonly memoryLimit?: number;
  /** Whether nobody said what memory they have, so that they have what their configuration asks for. */
  readonly memoryUnsaid?: boolean;
  /** Whether its Service can be reached from outside the cluster. */
  readonly exposed: boolean;
  /** Which nodes hand on what comes from outside to that Service: those of its pods, or all; undefined leaves it to what is asked of addresses. */
  readonly externalTraffic?: 'Local' | 'Cluster';
  /** TLS towards clients; undefined serves plain HTTP. */
  readonly tls?: GatewayTls;
  /** What the pods that run beside its own have of theirs, as a pod template: labels, nodes, priority and Secrets for images. */
  readonly companionPods?: Json;
  /** How rate limits are counted; undefined means the defaults. */
  readonly rateLimitService?: RateLimitService;
  readonly discovery?: Discovery;
  /** Hosts outside the cluster that its servers may be at, exact or `*.example.com`; undefined allows all. */
  readonly allowedRemoteHosts?: readonly string[];
  /** Origins of web pages that may ask, on all its routes; undefined leaves it to each. */
  readonly allowedOrigins?: readonly string[];
  /** Ranges of the proxies in front of it whose word for a caller's address counts, canonical; undefined trusts none. */
  readonly trustedProxies?: readonly string[];
  /** Who may use what it serves and how often. */
  readonly policy?: LevelPolicy;
  /** By what it admits routes. */
  readonly routeConstraints?: RouteConstraints;
  /** What it records, filters and isolates; undefined asks for nothing. */
  readonly traffic?: TrafficPolicy;
  readonly affinity: SessionAffinity;
  readonly circuitBreaker?: CircuitBreaker;
  readonly healthCheck?: HealthCheck;
  readonly accessLog: readonly AccessLogField[];
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
  readonly logFormat: 'json' | 'text';
  readonly tracing?: Tracing;
  /** Labels of the monitors by which Prometheus' operator finds the metrics of its pods; undefined where there are none. */
  readonly monitorLabels?: Readonly<Record<string, string>>;
  /** What stands in front of it. */
  readonly exposures?: readonly GatewayExposure[];
  /** Who may connect besides what the app connects itself. */
  readonly ingress?: readonly IngressRule[];
  /** What it may connect to besides what follows from what it serves. */
  readonly egress?: readonly EgressRule[];
  /** The cluster it is compiled for; undefined means the default. */
  readonly profile?: ClusterProfile;
  /** True when this app emits no configuration for it: it exists outside, or an operator reconciles it. */
  readonly imported: boolean;
  /** Whether it exists outside the app, and nobody is known to turn the app's routes into its configuration. */
  readonly unattended?: boolean;
}

/** Ports of OTLP, where the endpoint names none. */
const OTLP_PORTS = { grpc: 4317, http: 4318 };

/** Where an OTLP collector listens. */
export function otlpAddress({ endpoint, protocol }: Pick<Tracing, 'endpoint' | 'protocol'>): {
  readonly host: string;
  readonly port: number;
} {
  const url = new URL(endpoint);
  const defaultPort = url.protocol === 'https:' ? 443 : OTLP_PORTS[protocol];
  return { host: url.hostname, port: Number(url.port || explicitPort(endpoint) || defaultPort) };
}

/** The port as written: URL drops one that is its scheme's default. */
function explicitPort(endpoint: string): string | undefined {
  return /^[a-z]+:\/\/[^/]*:(\d+)(?:\/|$)/.exec(endpoint)?.[1];
}
