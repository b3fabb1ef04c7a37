import * as kplus from 'cdk8s-plus-28';
import { PolicyProgram } from './policy-program';
import { AntiAffinity, GatewayLogFormat, GatewayLogLevel, OtlpProtocol } from '../../src';

/*
 * Apps as plain data: what a user would write, without constructs, so that a test can change it (leave something out, write
 * it in another order), print it, and build it more than once.
 */

/** A whole app. Its lists may be permuted without a change of meaning; `id`s are how its parts refer to each other. */
export interface Program {
  /** One chart for each namespace with ids as names, or one chart for everything with names and namespaces given. */
  readonly layout: 'chart-per-namespace' | 'one-chart';
  readonly namespaces: readonly NamespaceProgram[];
  readonly gateways: readonly GatewayProgram[];
  readonly servers: readonly ServerProgram[];
  readonly routes: readonly RouteProgram[];
}

/** A namespace; with labels the app declares it as an object. */
export interface NamespaceProgram {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is proved to a server. */
export type CredentialProgram = 'header' | 'basic' | 'certificate';

/** How a server's program is started. */
export type SourceProgram =
  | {
      readonly kind: 'image';
      readonly transport: 'streamable-http' | 'sse';
      readonly port?: number;
      readonly path?: string;
      readonly args?: readonly string[];
      readonly credentials?: readonly CredentialProgram[];
    }
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly writablePaths: readonly string[] }
  | {
      readonly kind: 'npx' | 'uvx';
      readonly packageSpec: string;
      readonly args: readonly string[];
      readonly transport?: 'streamable-http' | 'sse';
    }
  | {
      readonly kind: 'podTemplate';
      readonly transport: 'streamable-http' | 'sse' | 'stdio';
      readonly port?: number;
      readonly sidecar: boolean;
    }
  | {
      readonly kind: 'remote';
      readonly url: string;
      readonly transport: 'streamable-http' | 'sse';
      readonly caBundle?: string;
      readonly serverName?: string;
      readonly credentials?: readonly CredentialProgram[];
    };

/** What pods are given. */
export interface PodProgram {
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly podAnnotations?: Readonly<Record<string, string>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly toleratedTaint?: string;
  /** Names of Secrets outside the app. */
  readonly imagePullSecrets?: readonly string[];
  readonly terminationGraceSeconds?: number;
  readonly cpuMillis?: number;
  readonly podTemplate?: object;
}

/** A server. */
export interface ServerProgram {
  readonly id: string;
  readonly kind: 'MCPServer' | 'ClusterMCPServer';
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly source: SourceProgram;
  readonly labels: Readonly<Record<string, string>>;
  readonly sessions?: 'stateful' | 'stateless';
  readonly replicas?: number;
  readonly autoscaling?: { readonly minReplicas: number; readonly maxReplicas: number };
  readonly disruptionBudget?: { readonly minAvailable?: number; readonly maxUnavailablePercent?: number };
  readonly tools?: readonly string[];
  readonly toolsFilter?: readonly string[];
  readonly consent?:
    | { readonly all: true }
    | { readonly names: readonly string[] }
    | { readonly labels: Readonly<Record<string, string>> };
  /** Variables: plain, from a Secret outside the app, from a ConfigMap of the app. */
  readonly env: { readonly plain?: string; readonly secret?: string; readonly configMap?: string };
  /** Volumes: scratch space, a ConfigMap of the app, a claim outside the app. */
  readonly volumes: readonly ('emptyDir' | 'configMap' | 'claim')[];
  readonly user?: number;
  readonly httpReadiness?: string;
  readonly pod: PodProgram;
  readonly permissions?: PermissionsProgram;
  /** What the user does to the workload afterwards. */
  readonly customization?: 'sidecar' | 'label' | 'jsonPatch';
}

/** What a server may do. */
export interface PermissionsProgram {
  readonly profile?: 'none' | 'network-only' | 'full-access';
  /** Granted by calls, so in any order. */
  readonly kubernetes: readonly GrantProgram[];
  /** Folders it may write. */
  readonly write: readonly string[];
}

/** Rights on the Kubernetes API. */
export interface GrantProgram {
  /** As `group/resource`. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly namespaces?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly clusterWide?: boolean;
}

/** A share of requests. */
export interface BackendProgram {
  /** `id` of a server. */
  readonly server: string;
  readonly weight?: number;
}

/** A rule of a route. */
export interface MatchProgram {
  readonly tools?: { readonly kind: 'exact' | 'prefix' | 'regex' | 'glob'; readonly values: readonly string[] };
  readonly method?: string;
  readonly headers: readonly {
    readonly kind: 'exact' | 'prefix' | 'regex';
    readonly name: string;
    readonly value: string;
  }[];
  readonly backends: readonly BackendProgram[];
}

/** A route. */
export interface RouteProgram {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** `id` of a gateway; undefined for the only one. */
  readonly gateway?: string;
  readonly backends: readonly BackendProgram[];
  readonly matches: readonly MatchProgram[];
  readonly requestHeaders?: {
    readonly set?: Readonly<Record<string, string>>;
    readonly add?: Readonly<Record<string, string>>;
    readonly remove?: readonly string[];
  };
  readonly responseHeaders?: { readonly set?: Readonly<Record<string, string>>; readonly remove?: readonly string[] };
  /** Milliseconds. */
  readonly timeouts?: { readonly request?: number; readonly backendRequest?: number };
  readonly retry?: { readonly attempts: number; readonly backoff?: number; readonly codes?: readonly number[] };
  readonly policy?: PolicyProgram;
}

/** A gateway. */
export interface GatewayProgram {
  readonly id: string;
  readonly kind: 'MCPGateway' | 'ClusterMCPGateway';
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly replicas?: number;
  readonly autoscaling?: { readonly minReplicas: number; readonly maxReplicas: number };
  readonly minAvailable?: number;
  readonly antiAffinity?: AntiAffinity;
  readonly port?: number;
  /** Its certificate, and whose certificates it asks callers for. */
  readonly tls?: { readonly from: 'secret' | 'issuer'; readonly clients?: 'secret' | 'issuer' | 'otherIssuer' };
  readonly service: {
    readonly type?: kplus.ServiceType;
    readonly port?: number;
    readonly nodePort?: number;
    readonly sourceRanges?: readonly string[];
  };
  /** Name of a Secret outside the app. */
  readonly sessionKey?: string;
  readonly sessionAffinityHeader?: string;
  readonly allowedRemoteHosts?: readonly string[];
  readonly observability: {
    readonly prometheusScrape?: boolean;
    readonly logLevel?: GatewayLogLevel;
    readonly logFormat?: GatewayLogFormat;
    readonly accessLog: readonly ('tool' | 'arguments' | 'header' | 'text')[];
    readonly tracing?: { readonly protocol?: OtlpProtocol; readonly sampling?: number };
  };
  readonly discovery?: {
    /** `id`s of servers. */
    readonly servers?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly labelExists?: string;
    readonly namespaceLabels?: Readonly<Record<string, string>>;
    readonly skipUnavailable?: boolean;
  };
  readonly policy?: PolicyProgram;
  readonly pod: PodProgram;
}
