import { isTooLarge, largePatterns, REGEX_SIZE } from './limits';
import { enforced, part, refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { BackendGroup } from '../../../model/plan';
import { MatchConditions } from '../../../model/route';
import { refusal } from '../../interface/standing';
import { EnvoyEntry, groupProperty } from '../config/plan';
import { matchConditions } from '../dialect/conditions';
import { credentialHeaders, isRewritten } from '../dialect/matchers';

const CREDENTIAL = refused(
  'match.headers.credential',
  'the gateway takes the header of a credential out of the request when it has verified it, so that no match can ask about it',
  'match another header',
);
const REWRITTEN = refused(
  'match.headers.rewritten',
  'Envoy sets this header itself, takes it out, or refuses requests that have it, so that no match can ask what the client sent',
  'match another header',
);
const STATEFUL = refused(
  'match.method.stateful',
  'Envoy cannot send the methods of one session to different servers',
  'declare the servers of the route `sessions: stateless`',
);
const ONLY = refused(
  'match.method.only',
  'no server of the route answers `initialize`, without which no client can connect',
  'add a match without a method, or give every match backends of its own, so that those of the route serve the rest',
);

/** How an entry chooses among its groups. That a group gets none of what an earlier one gets is a matter of their order. */
export const matches = part({
  features: {
    'match.headers': enforced('of each request, the event stream included'),
    'match.method': enforced('read from the body of the request, for routes whose servers are all stateless'),
    'match.tools': enforced('for calls, with the method `tools/call`; lists come from the backends of the route'),
    'match.tools.listing': refused(
      'match.tools.listing',
      'Envoy cannot make one list of the tools of several servers, or leave tools out of one, so that a match by tools is for calls alone',
      'add `method: tools/call` to the match; lists then come from the backends that serve the rest',
    ),
  },
  limits: {
    'match.headers.credential': CREDENTIAL,
    'match.headers.rewritten': REWRITTEN,
    'match.method.stateful': STATEFUL,
    'match.method.only': ONLY,
    'regex.size': REGEX_SIZE,
  },
  check: ({ entries }) =>
    entries.flatMap(entry => [
      ...checkInitialize(entry),
      ...entry.groups.flatMap(group => (group.when === undefined ? [] : checkMatch(entry, group, group.when))),
    ]),
  route: ({ group: { when } }) => (when === undefined ? {} : { match: matchConditions(when) }),
});

/** A route on which no session can begin. */
function checkInitialize({ groups, origin }: EnvoyEntry): Diagnostic[] {
  const methods = groups.map(({ when }) => when?.method);
  return methods.every(method => method !== undefined && method !== 'initialize')
    ? [refusal(ONLY, origin, 'matches', methods)]
    : [];
}

function checkMatch(entry: EnvoyEntry, group: BackendGroup, { headers, method, tools }: MatchConditions): Diagnostic[] {
  const { origin, servers } = entry;
  const property = groupProperty(group);
  const stateful = servers.some(({ sessions }) => sessions === 'stateful');
  const credentials = credentialHeaders(entry.methods);
  return [
    ...(method !== undefined && stateful ? [refusal(STATEFUL, origin, `${property}.method`, method)] : []),
    ...headers.flatMap(({ kind, name, value }, i) => [
      ...(credentials.has(name) ? [refusal(CREDENTIAL, origin, `${property}.headers[${i}].name`, name)] : []),
      ...(isRewritten(name) ? [refusal(REWRITTEN, origin, `${property}.headers[${i}].name`, name)] : []),
      ...(kind === 'Regex' && isTooLarge(value)
        ? [refusal(REGEX_SIZE, origin, `${property}.headers[${i}].value`, value)]
        : []),
    ]),
    ...largePatterns(tools ?? []).map(regex => refusal(REGEX_SIZE, origin, `${property}.tools`, regex)),
  ];
}
