/** A feature of the model and how agentgateway 1.4.1 stands to it. The check and the documentation are made from this list. */
export interface Capability {
  readonly feature: string;
  readonly supported: boolean;
  /** Why, as a sentence without its full stop. */
  readonly reason: string;
  /** What to do instead, where it is not supported. */
  readonly remedy?: string;
}

/** Where the gateway's routes must not listen: what agentgateway itself opens, and the inner listener of composed routes. */
export const ADMIN_PORT = 15000;
export const INNER_PORT = 15100;
export const METRICS_PORT = 15020;
export const READINESS_PORT = 15021;
export const RESERVED_PORTS: readonly number[] = [ADMIN_PORT, METRICS_PORT, READINESS_PORT, INNER_PORT];

/** Headers that agentgateway sets itself, on the way to a server or to its inner listener: conditions on them see other values. */
export const REWRITTEN_HEADERS: readonly string[] = [
  'accept', 'connection', 'content-encoding', 'content-length', 'content-type', 'host', 'mcp-session-id', 'transfer-encoding',
];

const LIST = {
  'circuitBreaker': {
    supported: false,
    reason: 'agentgateway cannot leave out a server that fails: eviction removes nothing from MCP backends',
    remedy: 'remove circuitBreaker; for hosted servers the readiness probe behind their Service is the failover',
  },
  'healthCheck': {
    supported: false,
    reason: 'agentgateway cannot check the health of servers',
    remedy: 'remove healthCheck; for hosted servers the readiness probe behind their Service takes its place',
  },
  'match.tools': {
    supported: true,
    reason: 'servers behind one route are one virtual server, composed over an inner listener, and tools keep their names',
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
    remedy: 'add a match without a method, or give every match backends of its own, so that those of the route serve the rest',
  },
  'timeouts': {
    supported: true,
    reason: 'to the end of an answer, which is therefore passed on when it is complete (or 2 MiB long): progress notifications arrive with the result',
  },
  'retry': {
    supported: true,
    reason: 'by HTTP status, and on failed connections, of the server already chosen; bodies over 64 KiB are not repeated',
  },
  'retry.sse': {
    supported: false,
    reason: 'agentgateway cannot retry requests to a server that speaks HTTP+SSE: its answers come on another connection',
    remedy: 'remove retry, or serve the server by streamable HTTP',
  },
  'weights': {
    supported: true,
    reason: 'per request between stateless servers, per caller between servers that keep sessions',
  },
  'skipUnavailable': {
    supported: true,
    reason: 'the tools of servers that do not answer are left out',
  },
  'resources': {
    supported: true,
    reason: 'behind several servers or matches, the URIs of resources start with the name of the part that serves them',
  },
  'notifications': {
    supported: true,
    reason: 'on the replica of the gateway that opened the session: keep a client on its replica where it waits for them',
  },
  'serverRequests': {
    supported: false,
    reason: 'agentgateway cannot pass requests of a server (sampling, elicitation, roots) to the client',
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
} as const satisfies Record<string, Omit<Capability, 'feature'>>;

/** Names of the listed features. */
export type Feature = keyof typeof LIST;

/** All listed features, in order. */
export const CAPABILITIES: readonly Capability[] = Object.entries(LIST).map(([feature, entry]) => ({ feature, ...entry }));

/** What is said of one feature. */
export function capability(feature: Feature): Capability {
  return { feature, ...LIST[feature] };
}
