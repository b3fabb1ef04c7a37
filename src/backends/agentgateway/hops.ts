import {
  AgwRoute,
  ConnectionPolicies,
  McpTarget,
  RouteBackend,
  RoutePolicies,
  Rules,
  Transformations,
} from './config/config';
import { Hop, hopAddress, hopsOf, routeName } from './config/container';
import { isEmpty, Member, openApiTarget, target } from './config/members';
import { withProof } from './inner';
import { mergedParts } from './parts';
import { documentName, documentText } from './parts/open-api';
import { Leg } from './parts/part';
import { Entry } from '../../model/plan';

/*
 * Plain HTTP hops over the inner listener, between the gateway's MCP client and a server, for what does not work on MCP
 * backends themselves:
 * - retries: an MCP backend turns a failure into an answer, and answers are not retried;
 * - the header Host: an MCP backend sends the name that it looks up, and a route can put another in its place;
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
  const connection = (leg: Leg): ConnectionPolicies => mergedParts(part => part.connection?.(entry, member, leg));
  const hops = hopsOf(entry, server);
  if (hops.length === 0) {
    return {
      target: target(label, server.protocol, { host, port, path }, connection({ first: true, last: true })),
      routes: [],
    };
  }
  const routes = hops.flatMap((hop, index): AgwRoute[] => {
    const last = index === hops.length - 1;
    const next = last ? { host, port, path } : hopAddress(entry, hops[index + 1], label);
    const rewrite = (to: Rewrite['path']): Rewrite => ({
      path: to,
      ...(last && server.hostHeader !== undefined ? { authority: { full: server.hostHeader } } : {}),
    });
    const policies = last ? connection({ first: false, last }) : withProof({});
    const backend: RouteBackend = {
      host: `${next.host}:${next.port}`,
      ...(isEmpty(policies) ? {} : { policies }),
    };
    return server.rest === undefined
      ? hopRoutes(entry, hop, label, rewrite({ full: next.path }), backend)
      : [restRoute(entry, hop, label, rewrite({ prefix: next.path === '' ? '/' : next.path }), backend)];
  });
  const first = hopAddress(entry, hops[0], label);
  const policies = withProof(connection({ first: true, last: false }));
  return {
    target:
      server.rest === undefined
        ? target(label, server.protocol, first, policies)
        : openApiTarget(label, first, documentName(documentText(entry, member)), policies),
    routes,
  };
}

/** Whether the entry's retries are up to a hop, and with them the timeout of a single attempt. */
export function hasRetryHop(entry: Entry): boolean {
  return hopsOf(entry, { protocol: 'streamable-http' }).includes('retry');
}

/** What a hop asks the next for. */
type Rewrite = NonNullable<RoutePolicies['urlRewrite']>;

function hopRoutes(entry: Entry, hop: Hop, label: string, urlRewrite: Rewrite, backend: RouteBackend): AgwRoute[] {
  const name = `${routeName(entry)}/_${hop}/${label}`;
  const path = { exact: hopAddress(entry, hop, label).path };
  if (hop === 'hold') {
    // Only answers to requests: the event stream of a session, which a GET opens, never ends.
    const buffer = { response: { maxBytes: MAX_HELD_BYTES, failureMode: 'failOpen' as const } };
    return [
      { name, matches: [{ path, method: 'POST' }], policies: { urlRewrite, buffer }, backends: [backend] },
      { name: `${name}/stream`, matches: [{ path }], policies: { urlRewrite }, backends: [backend] },
    ];
  }
  const policies = { urlRewrite, ...(hop === 'retry' ? retryPolicies(entry) : {}) };
  return [{ name, matches: [{ path }], policies, backends: [backend] }];
}

function retryPolicies({ retry, timeouts }: Entry): RoutePolicies {
  const { attempts, backoff, codes } = retry!;
  return {
    ...(timeouts?.backendRequest === undefined ? {} : { timeout: { backendRequestTimeout: timeouts.backendRequest } }),
    // The number is of repetitions, whatever the schema says: the first attempt comes on top.
    retry: { attempts: attempts - 1, ...(backoff === undefined ? {} : { backoff }), codes },
  };
}

/** Answers that say what the caller did wrong are passed on as results, and the code would be lost. */
const CALLER_ERROR = 'response.code >= 400 && response.code < 500';
const WITH_CODE: Transformations = {
  response: {
    set: { 'content-type': `${CALLER_ERROR} ? "application/json" : response.headers["content-type"]` },
    body: `${CALLER_ERROR} ? toJson({"code": response.code, "message": default(string(response.body), "")}) : response.body`,
  },
};
/** A parameter of the path that is missing is sent as its name in braces, which are encoded anywhere else. */
const COMPLETE: Rules = { rules: [{ require: '!request.path.contains("{")' }] };

/** A hop of a REST service: the paths below it are those of the service. */
function restRoute(entry: Entry, hop: Hop, label: string, urlRewrite: Rewrite, backend: RouteBackend): AgwRoute {
  const policies: RoutePolicies = {
    urlRewrite,
    ...(hop === 'retry'
      ? retryPolicies(entry)
      : {
          authorization: COMPLETE,
          // A longer one would come out empty.
          buffer: { response: { maxBytes: MAX_HELD_BYTES, failureMode: 'failClosed' } },
          // Compressed answers could not be looked into.
          requestHeaderModifier: { remove: ['accept-encoding'] },
          transformations: WITH_CODE,
        }),
  };
  return {
    name: `${routeName(entry)}/_${hop}/${label}`,
    matches: [{ path: { pathPrefix: hopAddress(entry, hop, label).path } }],
    policies,
    backends: [backend],
  };
}
