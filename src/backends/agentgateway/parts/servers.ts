import { Part, unsupported } from './part';
import { Diagnostic } from '../../../model/findings';
import { Entry, GatewayPlan, serversOf } from '../../../model/plan';
import { BackendCredential, Endpoint, formatServerRef, Server, serverKey } from '../../../model/server';
import { distinctBy } from '../../../values/json';
import { compareText } from '../../../values/text';
import { refusal, Standing } from '../../interface/standing';
import { BackendTls, caFileName, ConnectionPolicies } from '../config/config';
import { CONFIG_DIRECTORY, secretFile } from '../config/container';

/* What is told of serving several servers, or one of another kind: the entry that composes them is made so. */

const NONE_WITH_SESSIONS = unsupported(
  'affinity.none.sessions',
  'agentgateway cannot choose a server for each request where servers keep sessions: the next request of a session would miss it',
  'leave `affinity` out, or declare the servers `sessions: stateless` if they are',
);

/** Servers of an entry. */
export const servers = {
  features: {
    'affinity.none': {
      supported: true,
      reason: 'each request chooses among servers, all of which are stateless',
    },
    weights: {
      supported: true,
      reason:
        'per caller: a hash of the subject of its token, else of its user or API key, else of the address it connects from, chooses the server, ' +
        'and the replica of one that keeps sessions',
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
      reason:
        'behind several servers or matches, the URIs of resources start with the name of the part that serves them',
    },
    notifications: {
      supported: true,
      reason:
        'on the replica of the gateway that opened the session: keep a client on its replica where it waits for them',
    },
  },
  limits: { 'affinity.none.sessions': NONE_WITH_SESSIONS },
  check: ({ entries }) =>
    entries.flatMap(({ groups, origin }) =>
      groups
        .filter(({ affinity, servers: { length } }) => affinity === 'none' && length > 1)
        .flatMap(group => group.servers.filter(({ server }) => server.sessions === 'stateful'))
        .map(({ server }) => refusal(NONE_WITH_SESSIONS, origin, 'affinity', `${formatServerRef(server)}: stateful`)),
    ),
} as const satisfies Part;

const HOST_OF_SSE = unsupported(
  'hostHeader.sse',
  'agentgateway cannot set the header Host for a server that speaks HTTP+SSE: its answers come on another connection',
  'serve the server by streamable HTTP, or let it take any Host',
);

/** How the gateway connects to servers: by TLS, through a proxy, and what it asks them for. */
export const upstream = {
  limits: {
    hostHeader: {
      supported: true,
      reason:
        'the header `Host` that a server asks for, by a hop inside of the pod; without it, the name that is looked up, without a port',
    },
    'hostHeader.sse': HOST_OF_SSE,
    egressProxy: {
      supported: true,
      reason:
        'remote servers are reached through the proxy of the cluster, by CONNECT where they speak TLS; keys of issuers and traces are not',
    },
  },
  check: ({ entries }) =>
    distinctBy(entries.flatMap(serversOf), serverKey)
      .filter(({ hostHeader, protocol }) => hostHeader !== undefined && protocol === 'sse')
      .map(({ hostHeader, path }) => refusal(HOST_OF_SSE, path, 'hostHeader', hostHeader)),
  connection: (_entry, { endpoint, server }, { last }) =>
    last ? { backendTLS: backendTls(endpoint, server), backendTunnel: tunnel(endpoint) } : {},
  files: caFiles,
} as const satisfies Part;

type ClientCertificate = Extract<BackendCredential, { kind: 'clientCertificate' }>;

/** TLS towards a server, where it speaks it. Without a name of its own, the host is what its certificate must be for. */
function backendTls({ tls, host }: Endpoint, { credentials = [] }: Server): BackendTls | undefined {
  const certificate = credentials.find(
    (credential): credential is ClientCertificate => credential.kind === 'clientCertificate',
  );
  return (
    tls && {
      hostname: tls.serverName ?? host,
      ...(tls.caSecret === undefined ? {} : { root: secretFile(tls.caSecret) }),
      ...(tls.caBundle === undefined ? {} : { root: `${CONFIG_DIRECTORY}/${caFileName(tls.caBundle)}` }),
      ...(certificate === undefined
        ? {}
        : { cert: secretFile(certificate.certificate), key: secretFile(certificate.privateKey) }),
      ...(tls.insecureSkipVerify ? { insecure: true } : {}),
    }
  );
}

/** The proxy on the way to a server: by CONNECT where the server speaks TLS, else by asking the proxy for the URL. The environment is not read for one. */
function tunnel({ proxy }: Endpoint): ConnectionPolicies['backendTunnel'] {
  return proxy === undefined ? undefined : { proxy: { host: proxy } };
}

/** CA bundles of servers, as files beside the configuration. */
function caFiles({ entries }: GatewayPlan): Record<string, string> {
  const bundles = entries
    .flatMap(serversOf)
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ tls }) => tls?.caBundle ?? []);
  return Object.fromEntries([...new Set(bundles)].sort(compareText).map(pem => [caFileName(pem), pem]));
}

/* What is done about servers that fail, or take long. Repeating and waiting is what hops on the way to a server are for. */

const LIMITS = {
  'retry.sse': unsupported(
    'retry.sse',
    'agentgateway cannot retry requests to a server that speaks HTTP+SSE: its answers come on another connection',
    'remove retry, or serve the server by streamable HTTP',
  ),
} as const satisfies Record<string, Standing>;

/** Retries and timeouts. */
export const resilience = {
  features: {
    circuitBreaker: unsupported(
      'circuitBreaker',
      'agentgateway cannot leave out a server that fails: eviction removes nothing from MCP backends',
      'remove circuitBreaker; for hosted servers the readiness probe behind their Service is the failover',
    ),
    healthCheck: unsupported(
      'healthCheck',
      'agentgateway cannot check the health of servers',
      'remove healthCheck; for hosted servers the readiness probe behind their Service takes its place',
    ),
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
  },
  limits: LIMITS,
  check: ({ entries }) => entries.flatMap(checkEntry),
} as const satisfies Part;

function checkEntry(entry: Entry): Diagnostic[] {
  return (entry.retry?.attempts ?? 1) > 1 && serversOf(entry).some(({ protocol }) => protocol === 'sse')
    ? [refusal(LIMITS['retry.sse'], entry.origin, 'retry', entry.retry)]
    : [];
}

/** What is said of servers that ask their callers themselves. */
export const GUARD_LIMITS = {
  'server.oidcConfig': {
    supported: true,
    reason:
      "the token is verified in the server's own pod, by a sidecar in front of it or by the adapter of a stdio program, and the server never sees it",
  },
  'server.authzConfig': {
    supported: true,
    reason: "asked in the server's own pod, whatever gateway a call comes by",
  },
  'server.oidcConfig.path': unsupported(
    'server.oidcConfig.path',
    'agentgateway cannot protect a server there: it speaks HTTP+SSE at /sse and nowhere else, and streamable HTTP anywhere but there',
    'let a program that speaks HTTP+SSE answer at /sse, and any other at another path',
  ),
} as const satisfies Record<string, Standing>;

/** What stands in front of such servers, in their own pods. Whatever it asks is of other parts. */
export const guards = { limits: GUARD_LIMITS } as const satisfies Part;
