import { Part, unsupported } from './part';
import { Diagnostic } from '../../../model/findings';
import { BackendGroup, Entry } from '../../../model/plan';
import { groupProperty } from '../../../passes/demands';
import { refusal, Standing } from '../../interface/standing';
import { REWRITTEN_HEADERS } from '../config/container';

/* By what the servers of an entry share its requests and its tools. The entry is made of it: `dialect/matches.ts` has the expressions. */

const LIMITS = {
  'match.headers.rewritten': unsupported(
    'match.headers.rewritten',
    'agentgateway cannot match this header: it sets the header itself on the way',
    'match another header',
  ),
  'match.method.stateful': unsupported(
    'match.method.stateful',
    'agentgateway cannot send the methods of one session to different servers',
    'declare the servers of the route `sessions: stateless`, or match by tools',
  ),
  'match.method.only': unsupported(
    'match.method.only',
    'no server of the route answers `initialize`, without which no client can connect',
    'add a match without a method, or give every match backends of its own, so that those of the route serve the rest',
  ),
} as const satisfies Record<string, Standing>;

/** Matches of routes, and filters of servers. */
export const matches = {
  features: {
    'match.tools': {
      supported: true,
      reason:
        'servers behind one route are one virtual server, composed over an inner listener, and tools keep their names',
    },
    'match.tools.listing': {
      supported: true,
      reason: 'each server behind the route lists the tools that the matches send it, and no others',
    },
    toolsFilter: {
      supported: true,
      reason: 'tools that a server does not expose are neither listed nor called',
    },
    'match.headers': {
      supported: true,
      reason: 'evaluated for each item that is listed or called',
    },
    'match.method': {
      supported: true,
      reason: 'read from the body of the request, for routes whose servers are all stateless',
    },
  },
  limits: LIMITS,
  check: ({ entries }) => entries.flatMap(checkEntry),
} as const satisfies Part;

function checkEntry(entry: Entry): Diagnostic[] {
  const { groups, origin } = entry;
  const stateful = groups.some(({ servers }) => servers.some(({ server }) => server.sessions === 'stateful'));
  const methods = groups.map(({ when }) => when?.method);
  return [
    ...groups.flatMap(group => checkGroup(origin, group, stateful)),
    ...(methods.every(method => method !== undefined && method !== 'initialize')
      ? [refusal(LIMITS['match.method.only'], origin, 'matches', methods)]
      : []),
  ];
}

function checkGroup(origin: string, group: BackendGroup, stateful: boolean): Diagnostic[] {
  const { headers = [], method } = group.when ?? {};
  const property = groupProperty(group);
  return [
    ...(method !== undefined && stateful
      ? [refusal(LIMITS['match.method.stateful'], origin, `${property}.method`, method)]
      : []),
    ...headers.flatMap(({ name }, i) =>
      REWRITTEN_HEADERS.includes(name)
        ? [refusal(LIMITS['match.headers.rewritten'], origin, `${property}.headers[${i}].name`, name)]
        : [],
    ),
  ];
}
