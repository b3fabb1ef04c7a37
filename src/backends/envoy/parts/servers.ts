import { isRestGroup } from './open-api';
import { enforced, part, refused } from './part';
import { refusal } from '../../interface/standing';
import { endpointsOf, memberNames } from '../config/plan';

const PATH = refused(
  'weights.path',
  'Envoy cannot share requests between servers that answer at different paths',
  'serve them at one path',
);
const ADDRESS = refused(
  'weights.address',
  'Envoy cannot share requests between servers at one address',
  'keep one of them, with the sum of the weights',
);

/** Servers, which share requests by weight: to Envoy those of a group are one thing, and it treats a request before it chooses among them. */
export const servers = part({
  features: {
    weights: enforced(
      'per caller: a hash of the subject of its token, else of its user, else of the address it comes from, chooses the server, and the replica of one of several that keeps sessions; ' +
        'a session stays on its server, or replica, as long as that has its address',
    ),
    skipUnavailable: enforced('without effect: `/mcp` has one server, and while that does not answer, clients get 503'),
    virtualServers: refused(
      'virtualServers',
      'Envoy cannot serve several servers as one',
      'discover one server, and give the others routes',
    ),
    sse: refused(
      'sse',
      'Envoy cannot speak HTTP+SSE for clients of streamable HTTP',
      'serve the server by streamable HTTP',
    ),
    toolsFilter: refused(
      'toolsFilter',
      'Envoy cannot leave tools out of the list of a server',
      'remove toolsFilter, and let rules say who may call which tool',
    ),
    notifications: enforced(
      'on the stream that a client holds open, by any replica of the gateway: it stays with the server of the session',
    ),
    resources: enforced(
      'under the names that the server gives them; denied where there are rules, for no rule can grant them',
    ),
    serverRequests: enforced(
      'questions of servers (sampling, elicitation, roots) and the answers of clients are passed on',
    ),
  },
  limits: {
    'weights.path': PATH,
    'weights.address': ADDRESS,
    hostHeader: enforced(
      'the header `Host` that a server asks for; without it, the host of its Service or URL with the port, if that is not usual',
    ),
  },
  check: ({ entries }) =>
    entries.flatMap(({ backendsProperty: property, groups, origin }) =>
      groups.flatMap(group => {
        const endpoints = endpointsOf(group);
        const paths = [...new Set(endpoints.map(({ path }) => path))];
        const addresses = new Set(endpoints.map(({ host, port }) => `${host}:${port}`));
        return [
          ...(paths.length > 1 ? [refusal(PATH, origin, property, paths)] : []),
          ...(addresses.size < endpoints.length ? [refusal(ADDRESS, origin, property, memberNames(group))] : []),
        ];
      }),
    ),
  route: ({ group }) => ({
    action: {
      auto_host_rewrite: true,
      // The whole path, whatever it was, with the query of the server's own URL. That of a REST service is made of the call.
      ...(isRestGroup(group)
        ? {}
        : { regex_rewrite: { pattern: { regex: '^[^?]*' }, substitution: literal(endpointsOf(group)[0].path) } }),
    },
  }),
});

/** A path as text of a substitution, in which a backslash begins a reference. */
function literal(path: string): string {
  return path.replace(/\\/g, '\\\\');
}
