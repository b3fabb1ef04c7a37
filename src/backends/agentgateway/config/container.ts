import { HostParts } from './config';
import { Gateway } from '../../../model/gateway';
import { Entry } from '../../../model/plan';
import { SecretKey } from '../../../model/policy';
import { Server, serverKey } from '../../../model/server';
import { PlaneContainer } from '../../interface/data-plane';

/** What says that there is no IPv6. It listens on IPv6 otherwise, which takes IPv4 too. */
export function familiesOf(ipv4Alone: boolean): { readonly enableIpv6?: false } {
  return ipv4Alone ? { enableIpv6: false } : {};
}

/** Name of the listener that clients reach. */
export const OUTER_LISTENER = 'mcp';
/** Name of the listener that only the gateway itself reaches. */
export const INNER_LISTENER = 'inner';

/**
 * An entry in names of routes: `finance.smart`, and `finance.smart/match-0` for a part of it. Labels have neither dots
 * nor slashes, so that no two routes share a name: they would share their backends.
 */
export function routeName(entry: Entry): string {
  return entry.id.replace('/', '.');
}

/**
 * Names for the servers of one entry, by server key: the server's own name, with its namespace or `cluster` behind it
 * where two share one. They are target names, in which agentgateway allows lower-case letters, digits, `-` and `.` only.
 */
export function serverLabels(servers: readonly Server[]): ReadonlyMap<string, string> {
  const keys = new Map<string, Set<string>>();
  for (const server of servers) {
    keys.set(server.name, (keys.get(server.name) ?? new Set()).add(serverKey(server)));
  }
  return new Map(
    servers.map(server => [
      serverKey(server),
      keys.get(server.name)!.size === 1 ? server.name : `${server.name}.${server.namespace ?? 'cluster'}`,
    ]),
  );
}

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

/** Where the gateway's routes must not listen: what agentgateway itself opens, and the inner listener of composed routes. */
export const INNER_PORT = 15100;
const METRICS_PORT = 15020;
export const READINESS_PORT = 15021;
export const RESERVED_PORTS: readonly number[] = [METRICS_PORT, READINESS_PORT, INNER_PORT];

/** Why a request takes a hop. */
export type Hop = 'retry' | 'hold' | 'host';

/** The hops on the way to a server. */
export function hopsOf(
  { retry, timeouts }: Entry,
  { hostHeader, protocol, rest }: Pick<Server, 'hostHeader' | 'protocol' | 'rest'>,
): Hop[] {
  const limited = timeouts?.request !== undefined || timeouts?.backendRequest !== undefined;
  // The answers of an SSE server come on a stream of their own: there is nothing to repeat or to hold back.
  if (protocol === 'sse') {
    return [];
  }
  const hops: Hop[] = [
    ...((retry?.attempts ?? 1) > 1 ? ['retry' as const] : []),
    ...(limited || rest !== undefined ? ['hold' as const] : []),
  ];
  // The last one says what the server is asked for, whatever else it is for.
  return hops.length === 0 && hostHeader !== undefined ? ['host'] : hops;
}

/** Where a hop on the way to a member answers. */
export function hopAddress(entry: Entry, hop: Hop, label: string): HostParts {
  return { host: '127.0.0.1', port: INNER_PORT, path: `/${entry.id}/_${hop}/${label}` };
}

/** Where the configuration is mounted, as a whole folder: a file mounted by `subPath` would never be updated. */
export const CONFIG_DIRECTORY = '/etc/agentgateway';
/** The configuration in that folder. */
export const CONFIG_FILE = 'config.yaml';
/** Environment variable with the key that protects session ids: 64 hexadecimal digits, the same for all replicas. */
export const SESSION_KEY_VARIABLE = 'SESSION_KEY';

/** How long a pod that must go still takes connections: endpoints and proxies need a moment to learn of it. */
export const DRAIN_MIN_SECONDS = 12;
/** After what time requests in flight are cut: agentgateway takes twice the other, whatever is said of the most. */
export const DRAIN_MAX_SECONDS = 2 * DRAIN_MIN_SECONDS;
/** What is left of a pod's time when it should have ended. */
const MARGIN_SECONDS = 6;

/** The gateway's container. */
export function container(gateway: Gateway): PlaneContainer {
  return {
    args: ['-f', `${CONFIG_DIRECTORY}/${CONFIG_FILE}`],
    configDirectory: CONFIG_DIRECTORY,
    ports: [
      { name: gateway.tls === undefined ? 'http' : 'https', port: gateway.port },
      { name: 'metrics', port: METRICS_PORT },
      { name: 'readiness', port: READINESS_PORT },
    ],
    readiness: { path: '/healthz/ready', port: READINESS_PORT },
    liveness: { path: '/healthz/ready', port: READINESS_PORT },
    metrics: { path: '/metrics', port: METRICS_PORT },
    sessionKeyVariable: SESSION_KEY_VARIABLE,
    terminationGraceSeconds: DRAIN_MAX_SECONDS + MARGIN_SECONDS,
  };
}

/** Folder with a folder for each Secret. Beside that of the configuration: nothing can be mounted inside a read-only volume. */
export const SECRETS_DIRECTORY = '/etc/agentgateway-secrets';

/** Path of a key of a Secret that is mounted. */
export function secretFile({ secretName, key }: SecretKey): string {
  return `${SECRETS_DIRECTORY}/${secretName}/${key}`;
}
