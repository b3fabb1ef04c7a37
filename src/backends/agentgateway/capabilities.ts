import { POLICY_CAPABILITIES } from './policy-capabilities';
import { PlaneFeature, ROUTING_FEATURES } from '../../passes/demands';
import { Detail, PlaneTable, Refused, Standing } from '../standing';

/** Where the gateway's routes must not listen: what agentgateway itself opens, and the inner listener of composed routes. */
export const ADMIN_PORT = 15000;
export const INNER_PORT = 15100;
export const METRICS_PORT = 15020;
export const READINESS_PORT = 15021;
export const RESERVED_PORTS: readonly number[] = [ADMIN_PORT, METRICS_PORT, READINESS_PORT, INNER_PORT];

/** Headers that agentgateway sets itself, on the way to a server or to its inner listener: conditions on them see other values. */
export const REWRITTEN_HEADERS: readonly string[] = [
  'accept',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'mcp-session-id',
  'transfer-encoding',
];

const LIST = {
  circuitBreaker: {
    supported: false,
    reason: 'agentgateway cannot leave out a server that fails: eviction removes nothing from MCP backends',
    remedy: 'remove circuitBreaker; for hosted servers the readiness probe behind their Service is the failover',
  },
  healthCheck: {
    supported: false,
    reason: 'agentgateway cannot check the health of servers',
    remedy: 'remove healthCheck; for hosted servers the readiness probe behind their Service takes its place',
  },
  'match.tools': {
    supported: true,
    reason:
      'servers behind one route are one virtual server, composed over an inner listener, and tools keep their names',
  },
  'match.tools.listing': {
    supported: true,
    reason: 'each server behind the route lists the tools that the matches send it, and no others',
  },
  toolsFilter: {
    supported: true,
    reason: 'tools that a server does not expose are neither listed nor called',
  },
  'match.headers': {
    supported: true,
    reason: 'evaluated for each item that is listed or called',
  },
  'match.headers.rewritten': {
    supported: false,
    reason: 'agentgateway cannot match this header: it sets the header itself on the way',
    remedy: 'match another header',
  },
  'match.method': {
    supported: true,
    reason: 'read from the body of the request, for routes whose servers are all stateless',
  },
  'match.method.stateful': {
    supported: false,
    reason: 'agentgateway cannot send the methods of one session to different servers',
    remedy: 'declare the servers of the route `sessions: stateless`, or match by tools',
  },
  'match.method.only': {
    supported: false,
    reason: 'no server of the route answers `initialize`, without which no client can connect',
    remedy:
      'add a match without a method, or give every match backends of its own, so that those of the route serve the rest',
  },
  timeouts: {
    supported: true,
    reason:
      'to the end of an answer, which is therefore passed on when it is complete (or 2 MiB long): progress notifications arrive with the result',
  },
  retry: {
    supported: true,
    reason:
      'by HTTP status, and on failed connections, of the server already chosen; bodies over 64 KiB are not repeated',
  },
  'retry.sse': {
    supported: false,
    reason:
      'agentgateway cannot retry requests to a server that speaks HTTP+SSE: its answers come on another connection',
    remedy: 'remove retry, or serve the server by streamable HTTP',
  },
  weights: {
    supported: true,
    reason: 'per request between stateless servers, per caller between servers that keep sessions',
  },
  openApi: {
    supported: true,
    reason:
      'a REST service is served as tools, whose arguments are grouped as `path`, `query`, `header` and `body`; ' +
      'an answer of status 4xx is a result with its `code`, one of 5xx or above 2 MiB a JSON-RPC error',
  },
  'openApi.mixed': {
    supported: false,
    reason:
      'agentgateway cannot tell calls of a REST service, whose arguments it checks, from those of an MCP server that shares them by weight',
    remedy: 'give each a match of its own (addMatch), or a route of its own',
  },
  'openApi.schema': {
    supported: true,
    reason:
      'what a schema says by patternProperties, if, contains and the like is not in the list of tools, with a warning: the service checks it',
  },
  skipUnavailable: {
    supported: true,
    reason: 'the tools of servers that do not answer are left out',
  },
  sse: {
    supported: true,
    reason: 'clients speak streamable HTTP whatever a server speaks',
  },
  virtualServers: {
    supported: true,
    reason: 'several servers at one path, by the names that their tools have',
  },
  resources: {
    supported: true,
    reason: 'behind several servers or matches, the URIs of resources start with the name of the part that serves them',
  },
  notifications: {
    supported: true,
    reason:
      'on the replica of the gateway that opened the session: keep a client on its replica where it waits for them',
  },
  serverRequests: {
    supported: false,
    reason:
      'agentgateway cannot pass requests of a server (sampling, elicitation, roots) to clients of versions of MCP before 2026-07-28',
    remedy: 'let the tool return what it needs to know',
  },
  'affinity.header': {
    supported: true,
    reason: 'a hash of the header, or of the address where it is missing, chooses among session-keeping servers',
  },
  'affinity.header.session': {
    supported: false,
    reason: 'agentgateway cannot tell callers apart by this header: it changes within a session',
    remedy: 'name a header that the caller sends from its first request on',
  },
  'port.reserved': {
    supported: false,
    reason: 'agentgateway cannot listen there: the port is taken inside its own pod',
    remedy: `choose a port other than ${[...RESERVED_PORTS].sort().join(', ')}`,
  },
  tls: {
    supported: true,
    reason: 'HTTPS with a certificate from a Secret; a renewed one is read while the pods run, and sessions go on',
  },
  'authentication.jwt': {
    supported: true,
    reason:
      'a token of one issuer for each route, or of any of several with Authentication.anyOf; issuer, audience and expiry must be in it',
  },
  'authentication.jwt.several': {
    supported: false,
    reason: 'agentgateway cannot verify two tokens on one route',
    remedy:
      'ask for one token at both levels (audiences may differ), or accept either with Authentication.anyOf at one level',
  },
  'authentication.jwt.header': {
    supported: false,
    reason: 'agentgateway cannot read the tokens of one route from different headers',
    remedy: 'read all of them from one header',
  },
  'authentication.jwt.keys': {
    supported: false,
    reason: 'agentgateway cannot verify tokens with these keys',
    remedy: "give the issuer's public key set as it publishes it (jwks_uri), or its URL",
  },
  'authentication.jwt.keys.cluster': {
    supported: false,
    reason:
      'agentgateway cannot fetch keys from the API server: it presents no token there, and does not trust its certificate',
    remedy:
      'give the keys themselves, as `kubectl get --raw /openid/v1/jwks` prints them, or the public URL that they are served at, which clusters of cloud providers have',
  },
  'authentication.jwt.keyId': {
    supported: false,
    reason:
      'agentgateway cannot tell these issuers apart: it finds a key by its `kid` alone, and another issuer has a key of the same',
    remedy: 'give the keys of the issuers different ids',
  },
  'authentication.oidc': {
    supported: true,
    reason: 'each route serves its metadata of RFC 9728, and names it to callers without a good token',
  },
  'authentication.oidc.path': {
    supported: false,
    reason:
      'agentgateway cannot serve a protected resource at a path that ends with "client-registration": it takes the requests for registrations of OAuth clients',
    remedy: 'name the route otherwise',
  },
  'authentication.apiKey': {
    supported: true,
    reason: 'from any header, by its SHA-256 hash or from a Secret; a changed Secret counts when the pods start anew',
  },
  'authentication.apiKey.several': {
    supported: false,
    reason: 'agentgateway cannot verify two API keys on one route',
    remedy: 'list the keys of both levels at one of them',
  },
  'authentication.basic': {
    supported: true,
    reason:
      'against an htpasswd file from a Secret; a changed file counts with the next change of the configuration, or when the pods start anew',
  },
  'authentication.basic.several': {
    supported: false,
    reason: 'agentgateway cannot check passwords against two files on one route',
    remedy: 'use one htpasswd file at both levels',
  },
  'authentication.clientCertificate': {
    supported: true,
    reason:
      'on every connection to the gateway; its common name (CN) is the user; a changed authority counts for new connections while the pods run',
  },
  'authentication.clientCertificate.tls': {
    supported: false,
    reason: 'the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP',
    remedy: 'give the gateway its certificate (tls: GatewayTls.fromIssuer or fromSecret)',
  },
  'authentication.clientCertificate.partial': {
    supported: false,
    reason:
      'agentgateway cannot ask for client certificates on some routes only, nor for different ones: a connection opens before a route is asked for',
    remedy: 'ask for them at the gateway, or give these routes a gateway of their own',
  },
  'authentication.anyOf': {
    supported: true,
    reason: 'a wrong credential is refused even beside a right one, unless both would stand in the same place',
  },
  'authentication.anyOf.clientCertificate': {
    supported: false,
    reason:
      'agentgateway cannot take a client certificate as one choice of several: it refuses connections without one',
    remedy: 'ask for it on a gateway of its own',
  },
  'authentication.anyOf.oidc': {
    supported: false,
    reason: 'agentgateway cannot tell callers where to get a token while it also takes other credentials',
    remedy: 'use Authentication.jwt in Authentication.anyOf, or OIDC alone',
  },
  'authentication.header': {
    supported: false,
    reason: 'agentgateway cannot read this and another credential of the policy from one header',
    remedy: 'read one of them from another header',
  },
  'secrets.namespace': {
    supported: false,
    reason: 'the pods of the gateway cannot read a Secret of another namespace than their own',
    remedy: 'keep the Secret in the namespace of the gateway; give API keys as SHA-256 hashes',
  },
  authorization: {
    supported: true,
    reason:
      'a call that no rule grants is 403; tools that may not be listed are absent; prompts, resources and completions are denied where there are rules',
  },
  'authorization.cedar': {
    supported: true,
    reason:
      'Cedar policies are compiled to the same expressions, for calls, with their arguments, and for each tool of a list; a caller without a name is denied',
  },
  'authorization.listing': {
    supported: true,
    reason: 'a list holds the tools that the caller may list, and no others',
  },
  'authorization.header.credential': {
    supported: false,
    reason:
      'agentgateway cannot ask about the header of a credential: it takes the credential out of the request when it has verified it',
    remedy: 'ask about the caller (principals), or about another header',
  },
  'match.headers.credential': {
    supported: false,
    reason:
      'agentgateway cannot match the header of a credential: it takes the credential out of the request when it has verified it',
    remedy: 'match another header',
  },
  credentials: {
    supported: true,
    reason:
      'a header from a Secret, a user name and password, a client certificate; a renewed certificate counts at once, another changed value with the next change of the configuration, or when the pods start anew',
  },
  'credentials.callerToken': {
    supported: true,
    reason:
      'the token that the caller was authenticated by, for servers that ask for it; remote servers, and those that get credentials of their own, get no other credentials of callers: ' +
      'neither `Authorization` nor cookies, nor the header of a key',
  },
  'credentials.namespace': {
    supported: false,
    reason:
      "the pods of the gateway cannot read the Secret of a server's credential in another namespace than their own",
    remedy:
      'keep the Secret in the namespace of the gateway (refer to it in a chart of that namespace), or serve the server by a gateway of its namespace',
  },
  'headerFilters.credential': {
    supported: false,
    reason:
      'agentgateway cannot filter the header of a credential: it takes the credential out of the request when it has verified it',
    remedy: 'filter another header; no server sees the credential',
  },
  'headerFilters.rewritten': {
    supported: false,
    reason: 'agentgateway cannot take this header out: it sets the header itself',
    remedy: 'filter another header',
  },
  'responseFiltering.sizeLimit': {
    supported: false,
    reason: 'agentgateway cannot look into answers above 2 MiB',
    remedy: 'give at most 2 MiB, or drop the filters of answers',
  },
  'rateLimits.server': {
    supported: false,
    reason:
      'agentgateway cannot tell which server a call goes to before it is counted: servers share requests by weight, or do not declare their tools',
    remedy:
      'declare the `tools` of the servers and give each match one server, or limit by tool with RateLimit.perTool',
  },
  rateLimits: {
    supported: true,
    reason:
      'by a rate-limit service that all replicas ask: calls alone are counted, in fixed windows; what it cannot count fails',
  },
  egressProxy: {
    supported: true,
    reason:
      'remote servers are reached through the proxy of the cluster, by CONNECT where they speak TLS; keys of issuers and traces are not',
  },
  'server.oidcConfig': {
    supported: true,
    reason:
      "the token is verified in the server's own pod, by a sidecar in front of it or by the adapter of a stdio program, and the server never sees it",
  },
  'server.authzConfig': {
    supported: true,
    reason: "asked in the server's own pod, whatever gateway a call comes by",
  },
  'server.oidcConfig.path': {
    supported: false,
    reason:
      'agentgateway cannot protect a server there: it speaks HTTP+SSE at /sse and nowhere else, and streamable HTTP anywhere but there',
    remedy: 'let a program that speaks HTTP+SSE answer at /sse, and any other at another path',
  },
} as const satisfies Record<string, Standing>;

type Listed = keyof typeof LIST;

/** How agentgateway stands to every feature. */
export const FEATURES: PlaneTable = { ...LIST, ...POLICY_CAPABILITIES };

/** Names of what else is said of it. */
type DetailName = Exclude<Listed, PlaneFeature>;

/** Names of limits of its own. */
export type Limit = { [N in DetailName]: (typeof LIST)[N] extends Refused ? N : never }[DetailName];

/** What else is said of it, in order. */
export const DETAILS: readonly Detail[] = Object.entries(LIST)
  .filter(([name]) => !(ROUTING_FEATURES as readonly string[]).includes(name))
  .map(([name, standing]) => ({ name, ...standing }));

/** What is said of a limit. */
export function limitOf(name: Limit): Refused {
  return LIST[name];
}
