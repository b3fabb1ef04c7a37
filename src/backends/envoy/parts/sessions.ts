import { part, refused, refusedBelow } from './part';
import { formatServerRef } from '../../../model/server';
import { refusal } from '../../interface/standing';
import { extension, typed } from '../config/config';
import { differ, membersOf, pinsSessions } from '../config/plan';

const STATEFUL_SESSION = 'envoy.filters.http.stateful_session';
const STATEFUL_SESSION_TYPE = 'envoy.extensions.filters.http.stateful_session.v3.StatefulSession';

const MIXED = refused(
  'weights.sessions',
  'Envoy cannot share requests between servers that keep sessions and servers that do not: a client that a stateless one has answered has no session to be kept with',
  'declare the same `sessions` for all of them; `stateful` is right for both',
);

/** Keeps sessions on their servers. Routes say which do. */
export const sessions = part({
  features: {
    'affinity.header': refused(
      'affinity.header',
      'Envoy keeps every session on its server by the id of the session, whatever a header says',
      'remove sessionAffinityHeader',
    ),
    ...refusedBelow(
      'policy.sessionIsolation',
      'Envoy cannot isolate sessions: it knows which server a session is on, not who opened it',
      'leave it out, or let servers bind sessions to their callers',
    ),
  },
  limits: { 'weights.sessions': MIXED },
  check: ({ entries }) =>
    entries.flatMap(({ backendsProperty: property, groups, origin }) =>
      groups
        .map(group => membersOf(group).map(({ server }) => server))
        .filter(servers => differ(servers.map(server => server.sessions)))
        .map(servers =>
          refusal(
            MIXED,
            origin,
            property,
            servers.map(server => `${formatServerRef(server)}: ${server.sessions}`),
          ),
        ),
    ),
  filters: () => [extension(STATEFUL_SESSION, STATEFUL_SESSION_TYPE, {})],
  route: ({ group }) => (pinsSessions(group) ? { filters: { [STATEFUL_SESSION]: PINNED } } : {}),
});

/**
 * The address of the server goes with the id of its session, which is its own again when it gets there. A session whose server is gone is
 * one that is not known (MCP, "Session Management"): the client opens another.
 */
const PINNED = typed(`${STATEFUL_SESSION_TYPE}PerRoute`, {
  stateful_session: {
    session_state: extension(
      'envoy.http.stateful_session.envelope',
      'envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState',
      { header: { name: 'mcp-session-id' } },
    ),
    strict: true,
    status_on_strict_destination_not_found: 404,
  },
});
