import { largePatterns } from './authorization-check';
import { credentialHeaders, isRewritten } from './header-names';
import { limit } from './refusal';
import { isTooLarge } from './regex-size';
import { Diagnostic } from '../../model/diagnostic';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { MatchConditions } from '../../model/route';
import { groupProperty } from '../../passes/demands/routing';
import { policyOf } from '../../passes/entry-policy';
import { serversOf } from '../../passes/policy/cedar-servers';

/** What Envoy cannot do of how the entries of a plan choose servers and tools. */
export function checkMatches({ entries }: GatewayPlan): Diagnostic[] {
  return entries.flatMap(entry => [
    ...checkInitialize(entry),
    ...entry.groups.flatMap(group => (group.when === undefined ? [] : checkMatch(entry, group, group.when))),
  ]);
}

/** A route on which no session can begin. */
function checkInitialize({ groups, origin }: Entry): Diagnostic[] {
  const methods = groups.map(({ when }) => when?.method);
  return methods.every(method => method !== undefined && method !== 'initialize')
    ? [limit(origin, 'match.method.only', 'matches', methods)]
    : [];
}

function checkMatch(entry: Entry, group: BackendGroup, { headers, method, tools }: MatchConditions): Diagnostic[] {
  const property = groupProperty(group);
  const stateful = serversOf(entry).some(({ sessions }) => sessions === 'stateful');
  const credentials = credentialHeaders(policyOf(entry));
  return [
    ...(method !== undefined && stateful
      ? [limit(entry.origin, 'match.method.stateful', `${property}.method`, method)]
      : []),
    ...headers.flatMap(({ kind, name, value }, i) => [
      ...(credentials.has(name)
        ? [limit(entry.origin, 'match.headers.credential', `${property}.headers[${i}].name`, name)]
        : []),
      ...(isRewritten(name)
        ? [limit(entry.origin, 'match.headers.rewritten', `${property}.headers[${i}].name`, name)]
        : []),
      ...(kind === 'Regex' && isTooLarge(value)
        ? [limit(entry.origin, 'regex.size', `${property}.headers[${i}].value`, value)]
        : []),
    ]),
    ...largePatterns(tools ?? []).map(regex => limit(entry.origin, 'regex.size', `${property}.tools`, regex)),
  ];
}
