import { EnvReference, EnvTemplate, EnvText, escapeDollars, holdsEnvText } from './escape';
import { denseYamlFollowing } from '../../../values/dense-yaml';
import { digest } from '../../../values/text';
import { blockYaml } from '../../../values/yaml';

/*
 * The part of agentgateway's configuration that this back end writes (1.4.1). The names are agentgateway's own;
 * the conformance tests hold the output against its published schema.
 */

/** CEL; with a template where it holds a secret. */
export type Expression = string | EnvTemplate;

/** One rule in CEL. Rules are ANDed, and an error denies: only `require` is ever written, never `deny`. */
export interface Rule {
  readonly require: Expression;
}

/** A set of rules. */
export interface Rules {
  readonly rules: readonly Rule[];
}

/** Changes to headers, by name. */
export interface HeaderChanges {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** TLS towards a server. */
export interface BackendTls {
  /** Path of a PEM file: the schema takes no inline certificates. */
  readonly root?: string;
  readonly hostname?: string;
  readonly insecure?: boolean;
  /** Paths of PEM files: a certificate of the gateway's own. */
  readonly cert?: string;
  readonly key?: string;
}

/** A value from a file, put into a header of requests to a server. */
export interface BackendAuthCredential {
  readonly location: { readonly header: { readonly name: string; readonly prefix?: string } };
  readonly key: { readonly file: string };
}

/** What is proved to a server; `passthrough` is the token that the caller was authenticated by. */
export interface BackendAuth {
  readonly passthrough?: {};
  readonly credentials?: readonly BackendAuthCredential[];
}

/** Changes to a message, made in this order. All values are CEL. */
export interface MessageChanges {
  /** Values for later expressions; one that errs is missing. */
  readonly metadata?: Readonly<Record<string, Expression>>;
  /** Headers, and `:status` of an answer; a header whose value errs is taken out. */
  readonly set?: Readonly<Record<string, Expression>>;
  readonly remove?: readonly string[];
  /** A body that errs becomes an empty one. */
  readonly body?: Expression;
}

/** Changes to requests and answers. */
export interface Transformations {
  readonly request?: MessageChanges;
  readonly response?: MessageChanges;
}

/** Policies on the connection to a server. */
export interface ConnectionPolicies {
  readonly requestHeaderModifier?: HeaderChanges;
  readonly transformations?: Transformations;
  readonly backendAuth?: BackendAuth;
  readonly backendTLS?: BackendTls;
  readonly backendTunnel?: { readonly proxy: { readonly host: string } };
}

/** Where an MCP server answers. */
export interface HostParts {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Where a REST service answers; its base path stands in the document. */
export interface OpenApiParts extends HostParts {
  readonly schema: { readonly file: string };
}

/** A program started for each session. */
export interface StdioParts {
  readonly cmd: string | EnvText;
  readonly args?: readonly (string | EnvText)[];
}

/** One server of an MCP backend. */
export interface McpTarget {
  readonly name: string;
  readonly mcp?: HostParts;
  readonly sse?: HostParts;
  readonly stdio?: StdioParts;
  readonly openapi?: OpenApiParts;
  readonly policies?: ConnectionPolicies;
}

/** Servers presented as one virtual server. */
export interface McpBackend {
  readonly targets: readonly McpTarget[];
  readonly statefulMode?: 'stateless' | 'stateful';
  readonly prefixMode?: 'always' | 'conditional' | 'never';
  readonly failureMode?: 'failClosed' | 'failOpen';
}

/** A backend of a route: MCP servers, by a name or themselves, any HTTP server as `host:port`, or whatever a group of routes says. */
export interface RouteBackend {
  readonly weight?: number;
  /** The name of a backend, behind a slash. */
  readonly backend?: string;
  readonly mcp?: McpBackend;
  readonly host?: string;
  readonly routeGroup?: string;
  readonly policies?: ConnectionPolicies & { readonly mcpAuthorization?: Rules };
}

/** MCP servers under a name, by which agentgateway finds the sessions that they keep. */
export interface NamedBackend {
  readonly name: string;
  readonly mcp: McpBackend;
}

/** A condition on a header. */
export interface HeaderCondition {
  readonly name: string;
  readonly value: { readonly exact: string } | { readonly regex: string };
}

/** Which requests a route takes. A route without matches would take every path. */
export interface RouteMatch {
  /** One of the two. */
  readonly path: { readonly exact?: string; readonly pathPrefix?: string };
  readonly method?: string;
  readonly headers?: readonly HeaderCondition[];
}

/** Where a credential stands in a request. */
export interface CredentialLocation {
  readonly header: { readonly name: string; readonly prefix?: string };
}

/** Whether a credential must be there, must be right if it is, or may even be wrong. The default is `optional`. */
export type AuthenticationMode = 'strict' | 'optional' | 'permissive';

/** An issuer of tokens. */
export interface JwtProvider {
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly jwks: string | { readonly url: string };
  readonly jwtValidationOptions: { readonly requiredClaims: readonly string[] };
}

/** Verifies a token of one issuer, or of any of several. */
export type JwtAuth = { readonly mode: AuthenticationMode; readonly location: CredentialLocation } & (
  JwtProvider | { readonly providers: readonly JwtProvider[] }
);

/** Verifies a token, and tells clients where to get one. */
export interface McpAuthentication extends JwtProvider {
  readonly mode: 'strict';
  /** Named otherwise than in the other policies. */
  readonly authorizationLocation: CredentialLocation;
  readonly resourceMetadata: {
    readonly resource?: string;
    readonly scopesSupported?: readonly string[];
    readonly bearerMethodsSupported: readonly string[];
  };
}

/** Verifies an API key. */
export interface ApiKeyAuth {
  readonly mode: AuthenticationMode;
  readonly location: CredentialLocation;
  readonly keys: readonly (({ readonly key: EnvText } | { readonly keyHash: string }) & {
    readonly metadata: { readonly user?: string; readonly groups: readonly string[] };
  })[];
}

/** Verifies a user name and a password. */
export interface BasicAuth {
  readonly mode: Exclude<AuthenticationMode, 'permissive'>;
  readonly htpasswd: { readonly file: string };
}

/** One limit as the rate-limit service is asked about it. Values are CEL; a descriptor of which one errs is not sent. */
export interface RateLimitDescriptor {
  readonly entries: readonly { readonly key: string; readonly value: string }[];
}

/** Asks a rate-limit service about each request. */
export interface RemoteRateLimit {
  readonly domain: string;
  readonly host: string;
  readonly failureMode: 'failClosed';
  readonly descriptors: readonly RateLimitDescriptor[];
}

/** Web pages that may ask, and what of the answers they may read. Before everything else that is asked. */
export interface Cors {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAge: string;
}

/** Policies of a route. */
export interface RoutePolicies {
  readonly cors?: Cors;
  readonly jwtAuth?: JwtAuth;
  readonly mcpAuthentication?: McpAuthentication;
  readonly basicAuth?: BasicAuth;
  readonly apiKey?: ApiKeyAuth;
  readonly authorization?: Rules;
  readonly remoteRateLimit?: RemoteRateLimit;
  readonly requestHeaderModifier?: HeaderChanges;
  readonly responseHeaderModifier?: HeaderChanges;
  readonly urlRewrite?: {
    /** One of the two. */ readonly path: { readonly full?: string; readonly prefix?: string };
    /** What is asked for, in the place of the name that is looked up. */ readonly authority?: {
      readonly full: string;
    };
  };
  readonly timeout?: { readonly requestTimeout?: string; readonly backendRequestTimeout?: string };
  readonly retry?: { readonly attempts: number; readonly backoff?: string; readonly codes: readonly number[] };
  readonly buffer?: { readonly request?: BodyLimit; readonly response?: BodyLimit };
  readonly transformations?: Transformations;
  readonly directResponse?: DirectResponse | { readonly conditional: readonly ConditionalResponse[] };
}

/** How much of a body is held back, and whether a longer one is refused or goes on as it comes. */
export interface BodyLimit {
  readonly maxBytes: number;
  readonly failureMode: 'failClosed' | 'failOpen';
}

/** An answer of the gateway itself. Text and headers are CEL. */
export interface DirectResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bodyExpression?: string;
}

/** An answer of the gateway itself to requests for which something holds. */
export interface ConditionalResponse extends DirectResponse {
  readonly condition: string;
}

/** A route of a listener. */
export interface AgwRoute {
  readonly name: string;
  readonly matches: readonly RouteMatch[];
  readonly policies?: RoutePolicies;
  readonly backends: readonly RouteBackend[];
}

/**
 * Routes that another route leaves the choice of its backend to. The policies of that one hold for them. A reload adds routes to
 * a group and changes them, but takes none out: another set of routes needs another name.
 */
export interface RouteGroup {
  readonly name: string;
  readonly routes: readonly AgwRoute[];
}

/** A listener. Named always: two without a name share one key, even on different binds, and so each other's policies. */
export interface Listener {
  readonly name: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Paths of PEM files. With `root`, connections without a certificate of that authority are refused. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly root?: string };
  /** Headers that are computed before a route is selected. */
  readonly policies?: { readonly transformations?: Transformations };
  readonly routes: readonly AgwRoute[];
}

/** A port and what listens there. */
export interface Bind {
  readonly port: number;
  readonly listeners: readonly Listener[];
}

/** Where traces go. */
export interface FrontendTracing {
  readonly host: string;
  readonly protocol: 'grpc' | 'http';
  readonly path?: string;
  readonly randomSampling: number;
  readonly policies?: ConnectionPolicies;
}

/** A whole configuration file. */
export interface AgwConfig {
  readonly config: {
    /** Where it answers administrators, scrapers and probes: `off`, or an address and a port. */
    readonly adminAddr?: 'off';
    readonly statsAddr?: 'off';
    readonly readinessAddr?: string;
    /** Whether it listens on IPv6, and looks for its addresses. */
    readonly enableIpv6?: false;
    readonly session?: { readonly key: EnvReference };
    readonly logging?: { readonly level: string | readonly string[]; readonly format: 'json' | 'text' };
    /** How long a session that nobody uses is kept in memory. */
    readonly mcp?: { readonly sessionTtl: string };
    readonly connectionMinTerminationDeadline?: string;
    readonly connectionTerminationDeadline?: string;
  };
  readonly frontendPolicies?: {
    readonly accessLog?: {
      readonly filter?: string;
      readonly add?: Readonly<Record<string, string>>;
      readonly remove?: readonly string[];
    };
    readonly http?: FrontendHttp;
    readonly tracing?: FrontendTracing;
  };
  readonly binds: readonly Bind[];
  readonly routeGroups?: readonly RouteGroup[];
  readonly backends?: readonly NamedBackend[];
}

/** How HTTP is spoken with clients. */
export interface FrontendHttp {
  /** Longest body that is held in memory. */
  readonly maxBufferSize?: number;
  /** How long nothing may come on a connection. */
  readonly http1IdleTimeout?: string;
}

/** Bytes of JSON up to which a configuration is written for people. */
const READABLE = 128 * 1024;
/** Aliases that agentgateway follows for each thing in a file, on the whole: half of what its reader of YAML allows. */
const FOLLOWED = 50;

/**
 * The text of a configuration file. Of a gateway with many routes, a ConfigMap would hold too few as people read them: there what
 * repeats stands once, unless it has what must stand in a block of lines.
 */
export function formatConfig(config: AgwConfig): string {
  const escaped = escapeDollars(config) as object;
  const isLong = !holdsEnvText(config) && Buffer.byteLength(JSON.stringify(escaped)) > READABLE;
  return (isLong ? denseYamlFollowing(escaped, FOLLOWED) : undefined) ?? blockYaml(escaped);
}

/** Name of the file that holds a CA bundle: from its content, so that a changed bundle changes the configuration too. */
export function caFileName(pem: string): string {
  return `ca-${digest(pem, 16)}.pem`;
}
