import { POLICY_CAPABILITIES } from './policy-capabilities';
import { PlaneFeature, ROUTING_FEATURES } from '../../passes/demands';
import { Detail, PlaneTable, Refused, Standing } from '../standing';

/** Where the gateway's routes must not listen: what the pod itself opens. */
export const ADMIN_PORT = 15000;
export const METRICS_PORT = 15020;
export const READINESS_PORT = 15021;
export const RESERVED_PORTS: readonly number[] = [ADMIN_PORT, METRICS_PORT, READINESS_PORT];

const LIST = {
  'port.reserved': {
    supported: false,
    reason: 'the pod of the gateway uses this port itself',
    remedy: 'choose another port',
  },
  'affinity.header': {
    supported: false,
    reason: 'Envoy keeps every session on its server by the id of the session, whatever a header says',
    remedy: 'remove sessionAffinityHeader',
  },
  'audit.metadata': {
    supported: false,
    reason: 'Envoy cannot write a digest of the session to its log, and an id of a session must not stand there',
    remedy:
      'set includeMetadata to false; each line has the address of the caller anyway, and observability.accessLog can add its `user-agent`',
  },
  'requestFiltering.sizeLimit': {
    supported: false,
    reason: 'Envoy cannot read bodies above 10 MiB',
    remedy: 'give at most 10 MiB',
  },
  'headerFilters.value': {
    supported: false,
    reason: 'Envoy cannot change a header by its value here',
    remedy: 'take the header out, whatever its value, or filter it in the servers',
  },
  weights: {
    supported: true,
    reason:
      'new sessions, or requests between stateless servers, are shared exactly; a session stays on its server, or replica, as long as that has its address',
  },
  'weights.path': {
    supported: false,
    reason: 'Envoy cannot share requests between servers that answer at different paths',
    remedy: 'serve them at one path',
  },
  'weights.proxy': {
    supported: false,
    reason: 'Envoy cannot share requests between servers behind a proxy and others',
    remedy: 'give them routes of their own',
  },
  'weights.credentials': {
    supported: false,
    reason:
      'Envoy cannot share requests between servers that get different credentials, or of which one may get those of the caller: it makes a request before it chooses a server',
    remedy: 'give the servers the same credentials, or routes of their own',
  },
  'weights.sessions': {
    supported: false,
    reason:
      'Envoy cannot share requests between servers that keep sessions and servers that do not: a client that a stateless one has answered has no session to be kept with',
    remedy: 'declare the same `sessions` for all of them; `stateful` is right for both',
  },
  'weights.address': {
    supported: false,
    reason: 'Envoy cannot share requests between servers at one address',
    remedy: 'keep one of them, with the sum of the weights',
  },
  retry: {
    supported: true,
    reason:
      'by HTTP status, at another server of the route where there are several; the time between attempts is drawn at random, up to `backoff`; connections that fail are tried again without being asked for',
  },
  'retry.sessions': {
    supported: false,
    reason: 'Envoy cannot repeat a request at the server that keeps its session: it chooses anew among several',
    remedy: 'declare the servers of the route `sessions: stateless`, or serve one server of one replica',
  },
  timeouts: {
    supported: true,
    reason:
      'to the end of an answer; one that has begun is cut. The event stream that a client holds open has no limit',
  },
  circuitBreaker: {
    supported: true,
    reason:
      'answers of 500 and above, connections that fail and requests that take too long are failures (errors of tools are answers); an error rate is looked at every 10 seconds, ' +
      'and with one, a server is left out up to 10 seconds longer; sessions of a server that is left out get 503',
  },
  'circuitBreaker.errorRate': {
    supported: false,
    reason: 'Envoy cannot take this as an error rate: it counts whole percents, from 1',
    remedy: 'give 1 to 100, without fractions',
  },
  'circuitBreaker.trial': {
    supported: false,
    reason: 'Envoy cannot try a server with some requests: it is back when its time is over',
    remedy: 'remove it, and give `ejection` and consecutiveFailures alone',
  },
  healthCheck: {
    supported: true,
    reason: 'by connecting, with TLS where the server speaks it: a request of MCP would open a session each time',
  },
  skipUnavailable: {
    supported: true,
    reason: 'without effect: `/mcp` has one server, and while that does not answer, clients get 503',
  },
  virtualServers: {
    supported: false,
    reason: 'Envoy cannot serve several servers as one',
    remedy: 'discover one server, and give the others routes',
  },
  sse: {
    supported: false,
    reason: 'Envoy cannot speak HTTP+SSE for clients of streamable HTTP',
    remedy: 'serve the server by streamable HTTP',
  },
  credentials: {
    supported: true,
    reason:
      'a header from a Secret, a user name and password, a client certificate; a changed value counts at once, a renewed certificate for new connections',
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
  egressProxy: {
    supported: true,
    reason:
      'remote servers that speak TLS are reached through the proxy of the cluster, by CONNECT; keys of issuers and traces are not',
  },
  'egressProxy.http': {
    supported: false,
    reason:
      'Envoy cannot reach a server of plain HTTP through the proxy: it asks for connections, which proxies only give to TLS',
    remedy:
      'use the https URL of the server, or list its host in `noProxy` of the profile where the gateway can reach it directly',
  },
  authorization: {
    supported: true,
    reason:
      'what no rule grants is 403: calls, lists of tools and, where there are rules, prompts, resources and completions',
  },
  'authorization.cedar': {
    supported: false,
    reason: 'Envoy cannot ask Cedar policies here',
    remedy: 'state rules (`allow`)',
  },
  'authorization.listing': {
    supported: false,
    reason: 'Envoy cannot leave tools out of a list: who may list tools is shown all that the server has',
    remedy: 'grant `tools/list` of `*` in a rule of its own, and give the other rules `actions: [ToolAction.CALL]`',
  },
  'authorization.header.credential': {
    supported: false,
    reason:
      'the gateway takes the header of a credential out of the request when it has verified it, so that no rule can ask about it',
    remedy: 'ask about the caller (principals), or about another header',
  },
  'authorization.header.rewritten': {
    supported: false,
    reason:
      'Envoy sets this header itself, takes it out, or refuses requests that have it, so that no rule can ask what the client sent',
    remedy: 'ask about another header; about the address with Condition.sourceIp',
  },
  'match.headers': {
    supported: true,
    reason: 'of each request, the event stream included',
  },
  'match.headers.credential': {
    supported: false,
    reason:
      'the gateway takes the header of a credential out of the request when it has verified it, so that no match can ask about it',
    remedy: 'match another header',
  },
  'match.headers.rewritten': {
    supported: false,
    reason:
      'Envoy sets this header itself, takes it out, or refuses requests that have it, so that no match can ask what the client sent',
    remedy: 'match another header',
  },
  'match.method': {
    supported: true,
    reason: 'read from the body of the request, for routes whose servers are all stateless',
  },
  'match.method.stateful': {
    supported: false,
    reason: 'Envoy cannot send the methods of one session to different servers',
    remedy: 'declare the servers of the route `sessions: stateless`',
  },
  'match.method.only': {
    supported: false,
    reason: 'no server of the route answers `initialize`, without which no client can connect',
    remedy:
      'add a match without a method, or give every match backends of its own, so that those of the route serve the rest',
  },
  'match.tools': {
    supported: true,
    reason: 'for calls, with the method `tools/call`; lists come from the backends of the route',
  },
  'match.tools.listing': {
    supported: false,
    reason:
      'Envoy cannot make one list of the tools of several servers, or leave tools out of one, so that a match by tools is for calls alone',
    remedy: 'add `method: tools/call` to the match; lists then come from the backends that serve the rest',
  },
  'regex.size': {
    supported: false,
    reason: 'the regular expression is too large for Envoy, which would refuse its whole configuration',
    remedy: 'repeat less of it, or use several shorter ones',
  },
  rateLimits: {
    supported: true,
    reason:
      'by a rate-limit service that all replicas ask: calls alone are counted, in fixed windows; what it cannot count fails',
  },
  'rateLimits.server': {
    supported: false,
    reason: 'Envoy cannot tell which server a call goes to before it is counted: servers share requests by weight',
    remedy: 'give each match one server, or limit by tool with RateLimit.perTool',
  },
  openApi: {
    supported: true,
    reason:
      'a REST service is served as tools, whose arguments are the parameters by their names and the `body`; ' +
      'an answer of status 4xx or 5xx is a result with `isError`, one above 2 MiB an error; `ping` is not answered',
  },
  'openApi.names': {
    supported: false,
    reason: 'Envoy cannot tell arguments of one name apart by where they stand in a request',
    remedy: 'leave the operation out (operations of the source), or rename a parameter',
  },
  'openApi.several': {
    supported: false,
    reason:
      'Envoy translates a call before it chooses among servers that share it by weight, so that they must have the same tools',
    remedy: 'give each a match or a route of its own, or describe them by the same document',
  },
  toolsFilter: {
    supported: false,
    reason: 'Envoy cannot leave tools out of the list of a server',
    remedy: 'remove toolsFilter, and let rules say who may call which tool',
  },
  tls: {
    supported: true,
    reason: 'HTTPS with a certificate from a Secret; a renewed one is read while the pods run, and sessions go on',
  },
  'authentication.jwt': {
    supported: true,
    reason:
      'by inline keys or those of a URL, AND-ed with other methods; `iss`, `aud` and `exp` must be there, `nbf` must have passed; ' +
      'while the keys of a URL cannot be fetched, its callers alone are refused',
  },
  'authentication.jwt.keys': {
    supported: false,
    reason: 'Envoy cannot verify tokens with these keys',
    remedy: 'give the key set as the issuer serves it, with public keys of RSA, P-256, P-384, P-521 or Ed25519',
  },
  'authentication.jwt.keys.cluster': {
    supported: false,
    reason:
      'Envoy cannot fetch keys from the API server: it presents no token there, and does not trust its certificate',
    remedy:
      'give the keys themselves, as `kubectl get --raw /openid/v1/jwks` prints them, or the public URL that they are served at, which clusters of cloud providers have',
  },
  'authentication.oidc': {
    supported: true,
    reason:
      'each route serves its metadata of RFC 9728, and names it to callers without a good token, where other credentials are taken as well',
  },
  'authentication.apiKey': {
    supported: true,
    reason:
      'from any header, by its SHA-256 hash or from a Secret; a changed Secret counts 10 seconds after its file has changed',
  },
  'authentication.basic': {
    supported: true,
    reason:
      'against an htpasswd file from a Secret, of which apr1 hashes count (`htpasswd -m`, `openssl passwd -apr1`): a user with any other, such as bcrypt, is refused; ' +
      'a changed Secret counts 10 seconds after its file has changed',
  },
  'authentication.clientCertificate': {
    supported: true,
    reason:
      'of the whole gateway, of some of its routes, or as one choice of several; its common name (CN) is the user; a certificate of another authority is refused wherever it is presented; ' +
      'a changed authority counts for new connections while the pods run',
  },
  'authentication.clientCertificate.tls': {
    supported: false,
    reason: 'the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP',
    remedy: 'give the gateway its certificate (tls: GatewayTls.fromIssuer or fromSecret)',
  },
  'authentication.clientCertificate.several': {
    supported: false,
    reason:
      'Envoy cannot ask for client certificates of different authorities: a connection opens before a route is asked for',
    remedy: 'put the certificates of the authorities into one Secret, or give these routes a gateway of their own',
  },
  'authentication.anyOf': {
    supported: true,
    reason: 'a wrong credential is refused even beside a right one, unless both would stand in the same place',
  },
  'authentication.header': {
    supported: false,
    reason:
      'Envoy cannot read a credential from this header: it sets the header itself, or refuses names with an underscore',
    remedy: 'read it from another header',
  },
  'secrets.namespace': {
    supported: false,
    reason: 'the pods of the gateway cannot read a Secret of another namespace than their own',
    remedy: 'keep the Secret in the namespace of the gateway; give API keys as SHA-256 hashes',
  },
  notifications: {
    supported: true,
    reason:
      'on the stream that a client holds open, by any replica of the gateway: it stays with the server of the session',
  },
  resources: {
    supported: true,
    reason: 'under the names that the server gives them; denied where there are rules, for no rule can grant them',
  },
  serverRequests: {
    supported: true,
    reason: 'questions of servers (sampling, elicitation, roots) and the answers of clients are passed on',
  },
} as const satisfies Record<string, Standing>;

type Listed = keyof typeof LIST;

/** How Envoy stands to every feature. */
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
