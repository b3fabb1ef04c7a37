import { Capability } from '../capability';

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
    remedy: 'set includeMetadata to false; each line has the address of the caller anyway, and observability.accessLog can add its `user-agent`',
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
  'weights': {
    supported: true,
    reason: 'new sessions, or requests between stateless servers, are shared exactly; a session stays on its server, and so do sessions of replicas',
  },
  'weights.path': {
    supported: false,
    reason: 'Envoy cannot share requests between servers that answer at different paths',
    remedy: 'serve them at one path',
  },
  'weights.credentials': {
    supported: false,
    reason: 'Envoy cannot share requests between servers that get different credentials, or of which one may get those of the caller: it makes a request before it chooses a server',
    remedy: 'give the servers the same credentials, or routes of their own',
  },
  'weights.address': {
    supported: false,
    reason: 'Envoy cannot share requests between servers at one address',
    remedy: 'keep one of them, with the sum of the weights',
  },
  'retry': {
    supported: true,
    reason: 'by HTTP status, at another server of the route where there are several; the time between attempts is drawn at random, up to `backoff`; connections that fail are tried again without being asked for',
  },
  'retry.sessions': {
    supported: false,
    reason: 'Envoy cannot repeat a request at the server that keeps its session: it chooses anew among several',
    remedy: 'declare the servers of the route `sessions: stateless`, or serve one server of one replica',
  },
  'timeouts': {
    supported: true,
    reason: 'to the end of an answer; one that has begun is cut. The event stream that a client holds open has no limit',
  },
  'circuitBreaker': {
    supported: true,
    reason: 'answers of 500 and above, connections that fail and requests that take too long are failures (errors of tools are answers); the error rate is of 10 seconds; '
      + 'sessions of a server that is left out get 503 for that time',
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
  'healthCheck': {
    supported: true,
    reason: 'by connecting, with TLS where the server speaks it: a request of MCP would open a session each time',
  },
  'skipUnavailable': {
    supported: true,
    reason: 'without effect: `/mcp` has one server, and while that does not answer, clients get 503',
  },
  'virtualServers': {
    supported: false,
    reason: 'Envoy cannot serve several servers as one',
    remedy: 'discover one server, and give the others routes',
  },
  'sse': {
    supported: false,
    reason: 'Envoy cannot speak HTTP+SSE for clients of streamable HTTP',
    remedy: 'serve the server by streamable HTTP',
  },
  'credentials': {
    supported: true,
    reason: 'a header from a Secret, a user name and password, a client certificate; a changed value counts at once, a renewed certificate for new connections',
  },
  'credentials.callerToken': {
    supported: true,
    reason: 'the token that the caller was authenticated by, for servers that ask for it; remote servers, and those that get credentials of their own, get no other credentials of callers: '
      + 'neither `Authorization` nor cookies, nor the header of a key',
  },
  'credentials.namespace': {
    supported: false,
    reason: 'the pods of the gateway cannot read the Secret of a server\'s credential in another namespace than their own',
    remedy: 'keep the Secret in the namespace of the gateway (refer to it in a chart of that namespace), or serve the server by a gateway of its namespace',
  },
  'egressProxy': {
    supported: false,
    reason: 'Envoy cannot reach servers through a proxy',
    remedy: 'list the host in `noProxy` of the profile where the gateway can reach it directly, or choose another data plane',
  },
} as const satisfies Record<string, Omit<Capability, 'feature'>>;

/** Names of the listed features. */
export type Feature = keyof typeof LIST;

/** All listed features, in order. */
export const CAPABILITIES: readonly Capability[] = Object.entries(LIST).map(([feature, entry]) => ({ feature, ...entry }));

/** What is said of one feature. */
export function capability(feature: Feature): Capability {
  return { feature, ...LIST[feature] };
}

/** Whether a name is that of a listed feature. */
export function isListed(feature: string): feature is Feature {
  return feature in LIST;
}
