import { largePatterns } from './authorization-check';
import { credentialHeaders, isRewritten } from './header-names';
import { limit, refusal } from './refusal';
import { isTooLarge } from './regex-size';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { MatchConditions } from '../../model/route';
import { formatToolPattern } from '../../model/tool-pattern';
import { policyOf } from '../../passes/entry-policy';
import { serversOf } from '../../passes/policy/cedar-servers';
import { Refusal } from '../data-plane';

/** What Envoy cannot do of how the entries of a plan choose servers and tools. */
export function checkMatches({ entries }: GatewayPlan): Refusal[] {
  return entries.flatMap(entry => [
    ...checkFilters(entry),
    ...checkInitialize(entry),
    ...entry.groups.flatMap(group => (group.when === undefined ? [] : checkMatch(entry, group, group.when))),
  ]);
}

/** Servers that keep tools back. */
function checkFilters(entry: Entry): Refusal[] {
  return serversOf(entry).flatMap(({ path, rest, toolsFilter }) =>
    toolsFilter === undefined || rest !== undefined
      ? []
      : [refusal(path, 'toolsFilter', 'toolsFilter', toolsFilter.map(formatToolPattern))],
  );
}

/** A route on which no session can begin. */
function checkInitialize({ groups, origin }: Entry): Refusal[] {
  const methods = groups.map(({ when }) => when?.method);
  return methods.every(method => method !== undefined && method !== 'initialize')
    ? [limit(origin, 'match.method.only', 'matches', methods)]
    : [];
}

function checkMatch(entry: Entry, group: BackendGroup, { headers, method, tools }: MatchConditions): Refusal[] {
  const property = propertyOf(group);
  const stateful = serversOf(entry).some(({ sessions }) => sessions === 'stateful');
  const credentials = credentialHeaders(policyOf(entry));
  return [
    ...(tools !== undefined && method !== 'tools/call'
      ? [refusal(entry.origin, 'match.tools.listing', `${property}.tools`, tools.map(formatToolPattern))]
      : []),
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

/** The match a group was made from, as the user writes it. */
function propertyOf({ id }: BackendGroup): string {
  return id.replace(/^match-(\d+)$/, 'matches[$1]');
}
