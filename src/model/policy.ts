import { Diagnostic } from './findings';
import { Permission } from './items';
import { ToolPattern } from './tool-pattern';

/** A claim of a token, by the path to it: `['groups']`, `['realm_access', 'roles']`, `['https://acme.dev/groups']`. */
export type ClaimPath = readonly string[];

/** Where the user and the groups of a caller stand in a token. */
export interface IdentityClaims {
  readonly user: ClaimPath;
  readonly groups: ClaimPath;
}

/** A key of a Secret in the namespace of the gateway's pods. */
export interface SecretKey {
  readonly secretName: string;
  readonly secretNamespace?: string;
  readonly key: string;
}

/** Where a credential stands in a request: a header, with what precedes it there. */
export interface CredentialHeader {
  /** Lower case. */
  readonly name: string;
  /** Such as `Bearer `; empty for a bare value. */
  readonly prefix: string;
}

/** Keys that verify tokens: fetched from a URL, or given. */
export type JsonWebKeys =
  | {
      readonly kind: 'url';
      readonly url: string;
      /** PEM certificates that the server's certificate must chain to; undefined means the system's roots. */
      readonly caBundle?: string;
    }
  | { readonly kind: 'inline'; readonly jwks: string };

/** A signed token, verified by the issuer's keys. */
export interface JwtMethod {
  readonly kind: 'jwt';
  readonly issuer: string;
  /** Any of these must be in the token. Never empty. */
  readonly audiences: readonly string[];
  readonly keys: JsonWebKeys;
  readonly header: CredentialHeader;
  readonly claims: IdentityClaims;
  /** For an OAuth 2 protected resource (RFC 9728): what its metadata says besides the issuer. */
  readonly resource?: ProtectedResource;
}

/** What a protected resource tells clients that come without a token. */
export interface ProtectedResource {
  readonly scopes: readonly string[];
}

/** One accepted API key and who presents it. */
export interface ApiKey {
  readonly secret:
    { readonly kind: 'sha256'; readonly hex: string } | { readonly kind: 'secret'; readonly ref: SecretKey };
  readonly user?: string;
  readonly groups: readonly string[];
}

/** An opaque key. */
export interface ApiKeyMethod {
  readonly kind: 'apiKey';
  readonly header: CredentialHeader;
  /** Never empty. */
  readonly keys: readonly ApiKey[];
}

/** User name and password, checked against an htpasswd file. */
export interface BasicMethod {
  readonly kind: 'basic';
  readonly htpasswd: SecretKey;
}

/** An issuer of cert-manager. An `Issuer` is in the namespace of what it issues. */
export interface CertificateIssuer {
  readonly kind: 'Issuer' | 'ClusterIssuer';
  readonly name: string;
}

/** Whose certificates are trusted: a PEM bundle, or the authority of an issuer, which cert-manager writes to a Secret of the gateway. */
export type CertificateAuthority =
  | { readonly kind: 'secret'; readonly ref: SecretKey }
  | { readonly kind: 'issuer'; readonly issuer: CertificateIssuer };

/** A client certificate, whose common name (CN) is the user. It is a matter of the connection, and so of a whole gateway. */
export interface ClientCertificateMethod {
  readonly kind: 'clientCertificate';
  readonly ca: CertificateAuthority;
}

/** One way to prove who calls. */
export type SingleMethod = JwtMethod | ApiKeyMethod | BasicMethod | ClientCertificateMethod;

/** Any one of several ways. */
export interface AnyOfMethod {
  readonly kind: 'anyOf';
  readonly methods: readonly SingleMethod[];
}

/** What a caller has to pass. */
export type AuthenticationMethod = SingleMethod | AnyOfMethod;

/** What has to have verified a name: tokens of an issuer, or any method of a kind. */
export type NameSource = { readonly issuer: string } | { readonly method: SingleMethod['kind'] };

/** Who calls. Names without a source are those of whichever method can yield them, of which there must not be several. */
export type Principal =
  | { readonly kind: 'user'; readonly name: string; readonly source?: NameSource }
  | { readonly kind: 'group'; readonly name: string; readonly source?: NameSource }
  | {
      readonly kind: 'serviceAccount';
      readonly namespace: string;
      readonly name: string;
      readonly source?: NameSource;
    }
  | { readonly kind: 'anyAuthenticated' };

/** What of a method says whether it is the source of a name. */
export type NamingMethod = { readonly kind: SingleMethod['kind']; readonly issuer?: string };

/** Whether a method is one that a name has to be verified by. */
export function isSource(method: NamingMethod, source: NameSource | undefined): boolean {
  return source === undefined || ('issuer' in source ? method.issuer === source.issuer : method.kind === source.method);
}

const SOURCE_WORDS: Readonly<Record<SingleMethod['kind'], string>> = {
  jwt: 'a token',
  apiKey: 'an API key',
  basic: 'a password',
  clientCertificate: 'a client certificate',
};

/** What verifies a name, after it in a sentence: ` by a token of https://auth.acme.dev`. */
export function sourceWords(source: NameSource | undefined): string {
  return source === undefined
    ? ''
    : ` by ${'issuer' in source ? `${SOURCE_WORDS.jwt} of ${source.issuer}` : SOURCE_WORDS[source.method]}`;
}

/** The `sub` of a token that Kubernetes issues for a service account. */
export function serviceAccountSubject(account: { readonly namespace: string; readonly name: string }): string {
  return `system:serviceaccount:${account.namespace}:${account.name}`;
}

/** How a condition compares. */
export type ConditionOperator = 'Equal' | 'NotEqual' | 'In' | 'NotIn' | 'Matches' | 'NotMatches';

/** A condition on the request. A request that lacks what it compares does not meet it, whatever the operator. */
export type Condition =
  | {
      readonly kind: 'sourceIp';
      readonly negated: boolean;
      /** Any of these, in CIDR form. */ readonly cidrs: readonly string[];
      /** Ranges of the proxies that name callers: an address in them is that of no caller, and meets nothing. */
      readonly proxies?: readonly string[];
    }
  | {
      readonly kind: 'timeOfDay';
      readonly negated: boolean;
      /** Minutes since midnight, inclusive. */
      readonly from: number;
      /** Minutes since midnight, exclusive; below `from` when the span crosses midnight. */
      readonly to: number;
      /** IANA name. */
      readonly timeZone: string;
    }
  | {
      readonly kind: 'header';
      readonly name: string;
      readonly operator: ConditionOperator;
      /** One value; several for In and NotIn. */ readonly values: readonly string[];
    }
  | ScopeCondition;

/** What a token was issued for: it has a scope of OAuth, in its claim `scope` or `scp`, which is text with spaces between, or a list. */
export interface ScopeCondition {
  readonly kind: 'scope';
  readonly scope: string;
  /** Whose token; undefined where one issuer alone can have issued it. */
  readonly issuer?: string;
}

/** The claims that hold scopes (RFC 9068, 2.2.3; `scp` of issuers that were there before). */
export const SCOPE_CLAIMS = ['scope', 'scp'] as const;

/** Grants what its parts say: any principal, any permission, all conditions. */
export interface AuthorizationRule {
  readonly principals: readonly Principal[];
  readonly permissions: readonly Permission[];
  readonly conditions: readonly Condition[];
  /** Where the rule was written, for reports: a construct path and a property. */
  readonly origin: PolicyOrigin;
}

/** Where a part of a policy was written. */
export interface PolicyOrigin {
  readonly path: string;
  readonly property: string;
}

/** What a rate is counted by. */
export type RateDimension = 'user' | 'principal' | 'ip' | 'tool' | 'namespace' | 'server' | 'global';

/** Units of rates. */
export type RateUnit = 'second' | 'minute' | 'hour' | 'day';

/** Calls of tools that are allowed in a unit of time. */
export interface RateLimit {
  readonly dimension: RateDimension;
  readonly requests: number;
  readonly unit: RateUnit;
  /** The calls it counts; undefined counts all. */
  readonly tools?: readonly ToolPattern[];
  /** Calls let through at once, whatever the rate; undefined leaves it to the data plane. */
  readonly burst?: number;
  readonly origin: PolicyOrigin;
}

/** Calls that are counted together, for each value of a dimension. */
export interface Counter extends Pick<RateLimit, 'dimension' | 'requests' | 'unit' | 'tools'> {
  /** Unique within its gateway, and the same whatever the rate: a new rate goes on with the counts. */
  readonly id: string;
  /** Namespace of the entry, by which a limit per namespace counts. */
  readonly namespace: string;
}

/** Cedar policies that decide together, as they were written. */
export interface AuthzConfig {
  /** Texts in Cedar's language; each may hold several policies. */
  readonly policies: readonly string[];
  /** JSON array of entities. */
  readonly entities?: string;
  readonly origin: PolicyOrigin;
  /** Why the policies cannot be read where they should stand; there are none then, and nothing is permitted. */
  readonly problems?: readonly Diagnostic[];
}

/** What one level, a gateway, a route or a server, asks for. */
export interface LevelPolicy {
  readonly level: 'gateway' | 'route' | 'server';
  /** Construct path of what the level belongs to. */
  readonly path: string;
  /** All of these must pass. */
  readonly authentication: readonly { readonly method: AuthenticationMethod; readonly origin: PolicyOrigin }[];
  /** Some rule must grant; no rules grant everything to every caller. */
  readonly rules: readonly AuthorizationRule[];
  readonly rateLimits: readonly RateLimit[];
  /** Cedar policies that must permit, besides the rules. */
  readonly authzConfig?: AuthzConfig;
}

/** The policy in force at one entry of a gateway: every level must admit a request. */
export interface EffectivePolicy {
  readonly levels: readonly LevelPolicy[];
  /** Methods of all levels, equal ones once. */
  readonly authentication: readonly {
    readonly method: AuthenticationMethod;
    readonly origins: readonly PolicyOrigin[];
  }[];
  /** The lowest rate of each dimension and tool selection. */
  readonly rateLimits: readonly RateLimit[];
}

/** Rules by which a gateway admits routes. */
export interface RouteConstraints {
  readonly requireAuthentication: boolean;
  /** JSON-RPC methods that routes may match; undefined allows all. */
  readonly allowedMethods?: readonly string[];
  /** The highest rate per dimension that a route may state. */
  readonly maximumRates: readonly Pick<RateLimit, 'dimension' | 'requests' | 'unit'>[];
}

/** The ways to pass a method, any of which suffices. */
export function alternatives(method: AuthenticationMethod): readonly SingleMethod[] {
  return method.kind === 'anyOf' ? method.methods : [method];
}

/** Private members of JSON Web Keys (RFC 7518, 6.2.2, 6.3.2, 6.4.1): they must not reach a ConfigMap. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** URLs of the API server inside a cluster. */
const API_SERVER = /^https?:\/\/kubernetes(\.default(\.svc(\.[^:/]+)?)?)?(:[0-9]+)?(\/|$)/i;

/** Whether keys stand at the API server of the cluster, which shows them to nobody without a token. */
export function isApiServer(url: string): boolean {
  return API_SERVER.test(url);
}

/** What is wrong with the text of a JSON Web Key Set, whatever verifies with it. */
export function keySetProblem(text: string): string | undefined {
  let parsed: any;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  if (!Array.isArray(parsed?.keys) || parsed.keys.length === 0) {
    return 'is not a JSON Web Key Set: it has no `keys`';
  }
  if (parsed.keys.some((key: unknown) => typeof key !== 'object' || key === null)) {
    return 'is not a JSON Web Key Set: a key is no object';
  }
  return parsed.keys.some((key: object) => PRIVATE_MEMBERS.some(member => member in key))
    ? 'contains a private or symmetric key'
    : undefined;
}
