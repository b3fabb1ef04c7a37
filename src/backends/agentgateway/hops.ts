import { authPolicies } from './backend-auth';
import { INNER_PORT } from './capabilities';
import { AgwRoute, ConnectionPolicies, HostParts, McpTarget, RouteBackend, RoutePolicies } from './config';
import { Member } from './members';
import { routeName } from './names';
import { backendTls, headerChanges, isEmpty, target, tunnel } from './targets';
import { Entry } from '../../model/plan';
import { Server } from '../../model/server';

/*
 * Plain HTTP hops over the inner listener, between the gateway's MCP client and a server, for what does not work on MCP
 * backends themselves:
 * - retries: an MCP backend turns a failure into an answer, and answers are not retried;
 * - timeouts: they run until an answer begins, and a server that answers with an event stream begins at once. A hop that
 *   holds the answer back until it is complete makes the timeout count to its end.
 */

/** Answers beyond this size are passed on as they come. The memory of the gateway bounds it, not the protocol. */
const MAX_HELD_BYTES = 2 * 1024 * 1024;

/** How the gateway reaches a member, and the inner routes on the way. */
export interface Reach {
  readonly target: McpTarget;
  readonly routes: readonly AgwRoute[];
}

/** Finds the way to a member: directly, or by the hops that the entry's policies need. */
export function reach(entry: Entry, member: Member): Reach {
  const { endpoint, label, server } = member;
  const { host, port, path } = endpoint;
  const requestHeaderModifier = headerChanges(entry.requestHeaders);
  const connection = { backendTLS: backendTls(endpoint, server), backendTunnel: tunnel(endpoint) };
  const hops = hopsOf(entry, server.protocol);
  if (hops.length === 0) {
    return {
      target: target(label, server.protocol, { host, port, path }, { requestHeaderModifier, ...authPolicies(entry, server, { first: true, last: true }), ...connection }),
      routes: [],
    };
  }
  const routes = hops.flatMap((hop, index): AgwRoute[] => {
    const last = index === hops.length - 1;
    const next = last ? { host, port, path } : hopAddress(entry, hops[index + 1], label);
    const policies: ConnectionPolicies = last ? { ...authPolicies(entry, server, { first: false, last }), ...connection } : {};
    const backend: RouteBackend = {
      host: `${next.host}:${next.port}`,
      ...(isEmpty(policies) ? {} : { policies }),
    };
    return hopRoutes(entry, hop, label, next.path, backend);
  });
  return {
    target: target(label, server.protocol, hopAddress(entry, hops[0], label), { requestHeaderModifier, ...authPolicies(entry, server, { first: true, last: false }) }),
    routes,
  };
}

type Hop = 'retry' | 'hold';

function hopsOf(entry: Entry, protocol: Server['protocol']): Hop[] {
  const { retry, timeouts } = entry;
  const limited = timeouts?.request !== undefined || timeouts?.backendRequest !== undefined;
  // The answers of an SSE server come on a stream of their own: there is nothing to repeat or to hold back.
  return protocol === 'sse' ? [] : [...((retry?.attempts ?? 1) > 1 ? ['retry' as const] : []), ...(limited ? ['hold' as const] : [])];
}

/** Whether the entry's retries are up to a hop, and with them the timeout of a single attempt. */
export function hasRetryHop(entry: Entry): boolean {
  return hopsOf(entry, 'streamable-http').includes('retry');
}

function hopAddress(entry: Entry, hop: Hop, label: string): HostParts {
  return { host: '127.0.0.1', port: INNER_PORT, path: `/${entry.id}/_${hop}/${label}` };
}

function hopRoutes(entry: Entry, hop: Hop, label: string, nextPath: string, backend: RouteBackend): AgwRoute[] {
  const name = `${routeName(entry)}/_${hop}/${label}`;
  const path = { exact: hopAddress(entry, hop, label).path };
  const urlRewrite = { path: { full: nextPath } };
  if (hop === 'hold') {
    // Only answers to requests: the event stream of a session, which a GET opens, never ends.
    const buffer = { response: { maxBytes: MAX_HELD_BYTES, failureMode: 'failOpen' as const } };
    return [
      { name, matches: [{ path, method: 'POST' }], policies: { urlRewrite, buffer }, backends: [backend] },
      { name: `${name}/stream`, matches: [{ path }], policies: { urlRewrite }, backends: [backend] },
    ];
  }
  const { attempts, backoff, codes } = entry.retry!;
  const policies: RoutePolicies = {
    urlRewrite,
    ...(entry.timeouts?.backendRequest === undefined ? {} : { timeout: { backendRequestTimeout: entry.timeouts.backendRequest } }),
    // The number is of repetitions, whatever the schema says: the first attempt comes on top.
    retry: { attempts: attempts - 1, ...(backoff === undefined ? {} : { backoff }), codes },
  };
  return [{ name, matches: [{ path }], policies, backends: [backend] }];
}
