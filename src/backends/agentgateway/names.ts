import { Entry } from '../../model/plan';
import { Server, serverKey } from '../../model/server';

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
