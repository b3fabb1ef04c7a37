import { EnvoyIdentity } from './identity';
import {
  ANY_TEXT,
  anyValue,
  exactly,
  headerMatcher,
  HeaderMatcher,
  matching,
  MetadataMatcher,
  metadataMatcher,
  methodMatcher,
  StringMatcher,
  toolNameMatcher,
} from './matchers';
import { allIds, ANY, anyId, inMetadata, notId, Principal } from './rbac';
import { Predicate } from '../../../cel/predicates';
import { Entry } from '../../../model/plan';
import { Condition, ScopeCondition } from '../../../model/policy';
import { MatchConditions } from '../../../model/route';
import { meetsTime, RequestTime, TimeOfDay } from '../../../passes/policy/time-of-day';
import { MAPPED } from '../../../values/cidr';
import { regexLiteral } from '../../../values/regex';
import { digest } from '../../../values/text';
import { FIRST_YEAR, LAST_YEAR } from '../../../values/time-zones';
import { addressRange } from '../config/config';

/*
 * The model's conditions on requests: of rules as principals, of matches as what a route matches.
 */

/** A condition of a rule. A request that lacks what it compares meets none, whatever the operator. */
export function conditionPrincipal(condition: Condition, identity: EnvoyIdentity): Principal {
  switch (condition.kind) {
    case 'sourceIp': {
      const within = anyId(condition.cidrs.map(fromRange));
      return allIds([condition.negated ? notId(within) : within, ...ofCallers(condition.proxies)]);
    }
    case 'timeOfDay':
      return { filter_state: { key: timeCondition(condition).key, string_match: exactly('true') } };
    case 'header':
      return headerPrincipal(condition);
    case 'scope':
      return scopePrincipal(condition, identity);
  }
}

/** Scopes are text with spaces between, or a list. */
function scopePrincipal({ issuer, scope }: ScopeCondition, { scopes }: EnvoyIdentity): Principal {
  const value = anyValue([
    { string_match: matching(`(?s:.* )?${regexLiteral(scope)}(?s: .*)?`) },
    { list_match: { one_of: { string_match: exactly(scope) } } },
  ]);
  const ids = scopes
    .filter(({ by }) => issuer === undefined || by.issuer === issuer)
    .map(source => inMetadata(metadataMatcher(source, value)));
  // Without tokens nobody has any.
  return ids.length === 0 ? notId(ANY) : anyId(ids);
}

/** The address of the caller, as the listener found it. */
function fromRange(cidr: string): Principal {
  return { remote_ip: addressRange(cidr) };
}

/**
 * Behind proxies: addresses that are not theirs. One of IPv4 that a proxy writes as one of IPv6 would be in no range of either
 * family, and so outside of all that are refused.
 */
function ofCallers(proxies: readonly string[] | undefined): Principal[] {
  return proxies === undefined ? [] : [notId(anyId([...proxies, MAPPED].map(fromRange)))];
}

function headerPrincipal({ name, operator, values }: Extract<Condition, { kind: 'header' }>): Principal {
  const header = (string_match: StringMatcher): Principal => ({ header: { name: name.toLowerCase(), string_match } });
  switch (operator) {
    case 'Equal':
    case 'In':
      return anyId(values.map(value => header(exactly(value))));
    case 'Matches':
      return anyId(values.map(value => header(matching(value))));
    case 'NotEqual':
    case 'NotIn':
      return allIds([header(ANY_TEXT), notId(anyId(values.map(value => header(exactly(value)))))]);
    case 'NotMatches':
      return allIds([header(ANY_TEXT), notId(anyId(values.map(value => header(matching(value)))))]);
  }
}

/** What a route matches besides its path. */
export interface RouteConditions {
  readonly headers: readonly HeaderMatcher[];
  readonly dynamic_metadata: readonly MetadataMatcher[];
}

/** What a request that meets conditions matches. */
export function matchConditions({ headers, method, tools }: MatchConditions): RouteConditions {
  return {
    headers: headers.map(headerMatcher),
    dynamic_metadata: [
      ...(method === undefined ? [] : [methodMatcher([exactly(method)])]),
      ...(tools === undefined ? [] : [toolNameMatcher(tools)]),
    ],
  };
}

/*
 * The time of day, which no matcher of Envoy knows. It is asked for in CEL, once for each request and whatever rules ask for
 * it, and rules match what is left of it in the state of the request.
 */

/** A condition on the time of day. */
export interface TimeCondition {
  /** Where it is kept whether the condition holds: the text `true` where it does. Named by what it says, so that none is taken for another. */
  readonly key: string;
  /** CEL over `request.time`. */
  readonly expression: Predicate;
}

/** When the request came, in seconds since 1970. */
const NOW = 'int(request.time)';
const TIME: RequestTime = {
  minutes: `${NOW} / 60`,
  isKnown: [`${NOW} >= ${Date.UTC(FIRST_YEAR, 0) / 1000}`, `${NOW} < ${Date.UTC(LAST_YEAR + 1, 0) / 1000}`],
  isBefore: instant => `${NOW} < ${instant / 1000}`,
};

/** A condition on the time of day, as it is asked for. */
export function timeCondition(condition: TimeOfDay): TimeCondition {
  const expression = meetsTime(condition, TIME);
  return { key: `mcp.time.${digest(expression, 16)}`, expression };
}

/** The conditions on the time of day that are asked for at an entry, by where it is kept whether they hold. */
export function timesOf({ policy }: Entry): ReadonlyMap<string, string> {
  const conditions = (policy?.levels ?? []).flatMap(({ rules }) => rules).flatMap(rule => rule.conditions);
  return new Map(
    conditions
      .flatMap(condition => (condition.kind === 'timeOfDay' ? [timeCondition(condition)] : []))
      .map(({ key, expression }) => [key, expression]),
  );
}
