import { createHash } from 'crypto';
import { EnvReference, EnvText, escapeDollars } from './escape';
import { yamlLibrary } from '../yaml-library';

/*
 * The part of agentgateway's configuration that this back end writes (1.4.1). The names are agentgateway's own;
 * the conformance tests hold the output against its published schema.
 */

/** One rule in CEL. Rules are ANDed, and an error denies: only `require` is ever written, never `deny`. */
export interface Rule {
  readonly require: string;
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
}

/** Policies on the connection to a server. */
export interface ConnectionPolicies {
  readonly requestHeaderModifier?: HeaderChanges;
  readonly backendTLS?: BackendTls;
}

/** Where an MCP server answers. */
export interface HostParts {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** A program started for each session. */
export interface StdioParts {
  readonly cmd: string;
  readonly args?: readonly string[];
}

/** One server of an MCP backend. */
export interface McpTarget {
  readonly name: string;
  readonly mcp?: HostParts;
  readonly sse?: HostParts;
  readonly stdio?: StdioParts;
  readonly policies?: ConnectionPolicies;
}

/** Servers presented as one virtual server. */
export interface McpBackend {
  readonly targets: readonly McpTarget[];
  readonly statefulMode?: 'stateless' | 'stateful';
  readonly prefixMode?: 'always' | 'conditional' | 'never';
  readonly failureMode?: 'failClosed' | 'failOpen';
}

/** A backend of a route: MCP servers, or any HTTP server as `host:port`. */
export interface RouteBackend {
  readonly weight?: number;
  readonly mcp?: McpBackend;
  readonly host?: string;
  readonly policies?: ConnectionPolicies & { readonly mcpAuthorization?: Rules };
}

/** A condition on a header. */
export interface HeaderCondition {
  readonly name: string;
  readonly value: { readonly exact: string } | { readonly regex: string };
}

/** Which requests a route takes. A route without matches would take every path. */
export interface RouteMatch {
  readonly path: { readonly exact: string };
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
export type JwtAuth = { readonly mode: AuthenticationMode; readonly location: CredentialLocation } & (JwtProvider | { readonly providers: readonly JwtProvider[] });

/** Verifies a token, and tells clients where to get one. */
export interface McpAuthentication extends JwtProvider {
  readonly mode: 'strict';
  /** Named otherwise than in the other policies. */
  readonly authorizationLocation: CredentialLocation;
  readonly resourceMetadata: { readonly scopesSupported?: readonly string[]; readonly bearerMethodsSupported: readonly string[] };
}

/** Verifies an API key. */
export interface ApiKeyAuth {
  readonly mode: AuthenticationMode;
  readonly location: CredentialLocation;
  readonly keys: readonly (({ readonly key: EnvText } | { readonly keyHash: string }) & { readonly metadata: { readonly user?: string; readonly groups: readonly string[] } })[];
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

/** Policies of a route. */
export interface RoutePolicies {
  readonly jwtAuth?: JwtAuth;
  readonly mcpAuthentication?: McpAuthentication;
  readonly basicAuth?: BasicAuth;
  readonly apiKey?: ApiKeyAuth;
  readonly authorization?: Rules;
  readonly remoteRateLimit?: RemoteRateLimit;
  readonly requestHeaderModifier?: HeaderChanges;
  readonly responseHeaderModifier?: HeaderChanges;
  readonly urlRewrite?: { readonly path: { readonly full: string } };
  readonly timeout?: { readonly requestTimeout?: string; readonly backendRequestTimeout?: string };
  readonly retry?: { readonly attempts: number; readonly backoff?: string; readonly codes: readonly number[] };
  readonly buffer?: { readonly response: { readonly maxBytes: number; readonly failureMode: 'failOpen' } };
}

/** A route of a listener. */
export interface AgwRoute {
  readonly name: string;
  readonly matches: readonly RouteMatch[];
  readonly policies?: RoutePolicies;
  readonly backends: readonly RouteBackend[];
}

/** Headers a listener computes before it selects a route. */
export interface Transformations {
  readonly request: { readonly set: Readonly<Record<string, string>> };
}

/** A listener. Named always: two without a name share one key, even on different binds, and so each other's policies. */
export interface Listener {
  readonly name: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Paths of PEM files. With `root`, connections without a certificate of that authority are refused. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly root?: string };
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
    readonly session?: { readonly key: EnvReference };
    readonly logging?: { readonly level: string; readonly format: 'json' | 'text' };
    readonly connectionMinTerminationDeadline?: string;
    readonly connectionTerminationDeadline?: string;
  };
  readonly frontendPolicies?: {
    readonly accessLog?: { readonly filter?: string; readonly add?: Readonly<Record<string, string>> };
    readonly tracing?: FrontendTracing;
  };
  readonly binds: readonly Bind[];
}

/** The text of a configuration file. */
export function formatConfig(config: AgwConfig): string {
  const { Document, visit } = yamlLibrary();
  const document = new Document(escapeDollars(config), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && (MAYBE_NOT_TEXT.test(scalar.value) || FRAGILE_BLOCK.test(scalar.value))) {
        scalar.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Text that some reader of YAML takes for a number, a boolean or nothing; they do not agree on what (`0b1`, `0o7`, `on`). */
const MAYBE_NOT_TEXT = /^[-+.\d]|^e[-+]?\d|^(?:~|<<|=|null|y|n|yes|no|on|off|true|false)$/i;

/** Text of several lines that starts or ends with white space: as a block it would be written, and read back without it. */
const FRAGILE_BLOCK = /^\s[^]*\n|\n[^]*\s$|^\s*\n/;

/** Name of the file that holds a CA bundle: from its content, so that a changed bundle changes the configuration too. */
export function caFileName(pem: string): string {
  return `ca-${createHash('sha256').update(pem).digest('hex').slice(0, 16)}.pem`;
}
