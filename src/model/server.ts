import { ClusterProfile } from './cluster';
import { ServerPermissions } from './permissions';
import { LevelPolicy, SecretKey } from './policy';
import { LabelSelector, ServerRef } from './references';
import { RestApi } from './rest';
import { ToolPattern, matchesAnyTool } from './tool-pattern';

// Permissions and routes know servers by these alone, and a server has permissions: so they have files of their own.
export * from './references';

/** What the program itself speaks. */
export type Transport = 'stdio' | 'streamable-http' | 'sse';

/** What a gateway speaks to it: a stdio program sits behind an adapter that answers streamable HTTP. */
export type Protocol = 'streamable-http' | 'sse';

/** Whether a server keeps state between the requests of one session. */
export type Sessions = 'stateful' | 'stateless';

/** A tool as the server declares it. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
}

/** TLS towards a server; its presence means https. */
export interface UpstreamTls {
  /** PEM certificates that the server's certificate must chain to; undefined means the system's roots. */
  readonly caBundle?: string;
  /** The same in a Secret of the gateway's namespace; at most one of the two. */
  readonly caSecret?: SecretKey;
  /** Name for SNI and verification; undefined means the host. */
  readonly serverName?: string;
  /** True disables verification of the server's certificate. */
  readonly insecureSkipVerify: boolean;
}

/** One address that answers MCP. */
export interface Endpoint {
  readonly host: string;
  /** Host that stands for all replicas of the server, where this is the address of one of them. */
  readonly replicasHost?: string;
  /** What the server is asked for where that is not the address: replicas are asked for what a single one would be. */
  readonly authority?: string;
  readonly port: number;
  readonly path: string;
  readonly tls?: UpstreamTls;
  /** Proxy through which the gateway of a plan reaches it, as `host:port`; undefined connects directly. */
  readonly proxy?: string;
}

/** What a gateway proves to a server that it connects to. */
export type BackendCredential =
  /** A header with a value from a Secret, such as `authorization` with the prefix `Bearer `. */
  | {
      readonly kind: 'header';
      /** Lower case. */ readonly name: string;
      readonly prefix: string;
      readonly value: SecretKey;
    }
  | {
      readonly kind: 'basic';
      /** The name itself, or where it stands. */ readonly username: string | SecretKey;
      readonly password: SecretKey;
    }
  /** A certificate of the gateway's own (mTLS), in PEM. */
  | { readonly kind: 'clientCertificate'; readonly certificate: SecretKey; readonly privateKey: SecretKey }
  /** The token that the caller presented to the gateway. */
  | { readonly kind: 'callerToken' }
  /** What the caller sends for the server alone, in a header of its own. */
  | {
      readonly kind: 'callerHeader';
      /** Header of the caller, in lower case. */ readonly from: string;
      /** Header towards the server, in lower case. */ readonly name: string;
      readonly prefix: string;
    };

/** Which namespaces may use a ClusterMCPServer. */
export interface Consent {
  readonly all: boolean;
  readonly namespaces: readonly string[];
  readonly namespaceSelector?: LabelSelector;
}

/** A server of the app, hosted, remote or only referred to. */
export interface Server extends ServerRef {
  /** Construct path, for reports. */
  readonly path: string;
  /** Labels of the resource: what discovery selects by. */
  readonly labels: Readonly<Record<string, string>>;
  readonly transport: Transport;
  readonly protocol: Protocol;
  readonly sessions: Sessions;
  /** One per replica when sessions are stateful and there are several, else a single one for all. Never empty. */
  readonly endpoints: readonly Endpoint[];
  /** Namespace its pods run in; undefined when it runs elsewhere. */
  readonly workloadNamespace?: string;
  /** Header `Host` of requests to it; undefined leaves it to the address. */
  readonly hostHeader?: string;
  /** The declared catalogue; undefined when the user declared none. */
  readonly tools?: readonly Tool[];
  /** For a REST service, which answers no MCP: the requests that gateways make of calls, below the path of its endpoint. */
  readonly rest?: RestApi;
  /** Exposed tools; undefined exposes all. */
  readonly toolsFilter?: readonly ToolPattern[];
  /**
   * What a gateway proves to it, and nothing else: the caller's own credentials stay behind unless `callerToken` is among
   * them. Undefined proves nothing; then they stay behind if the server is remote.
   */
  readonly credentials?: readonly BackendCredential[];
  /** What the server asks of its callers by itself, enforced in front of it. */
  readonly policy?: LevelPolicy;
  /** Port of the program behind its guard, which answers on `podPort`; undefined where nothing stands in front of the program. */
  readonly guardedPort?: number;
  /** What a hosted server may do; undefined for one that runs elsewhere. */
  readonly permissions?: ServerPermissions;
  /** Port that its pods answer MCP on; undefined for one that runs elsewhere. */
  readonly podPort?: number;
  /** The cluster it is compiled for; undefined means the default. */
  readonly profile?: ClusterProfile;
  /** For a ClusterMCPServer: who may use it. */
  readonly consent?: Consent;
  /** True for a server that exists outside this app (`fromMcpServerName`). */
  readonly imported: boolean;
}

/** Whether a server runs outside the cluster. */
export function isRemote(server: Server): boolean {
  return server.workloadNamespace === undefined;
}

/** Tools a server exposes, as far as it declares them; undefined when it declares none. */
export function exposedTools(server: Server): readonly string[] | undefined {
  return server.tools?.map(tool => tool.name).filter(tool => matchesAnyTool(server.toolsFilter, tool));
}
