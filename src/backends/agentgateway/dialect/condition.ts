import { hasScope, Identity } from './identity';
import { matchesWhole } from './regex';
import { allOf, anyOf, not, Predicate } from '../../../cel/predicates';
import { celList, celString } from '../../../cel/terms';
import { Condition, ConditionOperator } from '../../../model/policy';
import { meetsTime, RequestTime, TimeOfDay } from '../../../passes/policy/time-of-day';
import { FIRST_YEAR, LAST_YEAR } from '../../../values/time-zones';

/** CEL that holds when a request of a caller meets a condition. What it lacks meets none, whatever the operator. */
export function conditionExpression(condition: Condition, identity: Identity): Predicate {
  switch (condition.kind) {
    case 'sourceIp': {
      const within = anyOf(condition.cidrs.map(isFrom));
      // An error stays an error under a negation, and denies.
      return condition.negated ? not(within) : within;
    }
    case 'timeOfDay':
      return timeOfDayExpression(condition);
    case 'header':
      return headerExpression(condition.name, condition.operator, condition.values);
    case 'scope':
      return hasScope(identity, condition);
  }
}

/** Whether the caller's address is in a range. */
export function isFrom(cidr: string): Predicate {
  return `cidr(${celString(cidr)}).containsIP(source.address)`;
}

/** The value of a header, its lines joined by commas: without `join` a repeated header is a list, and comparing that errs. */
export function headerValue(name: string): string {
  return `request.headers.join()[${celString(name)}]`;
}

/** CEL that holds when a request has a header, and a predicate holds for its value. */
export function headerMeets(name: string, predicate: (value: string) => Predicate): Predicate {
  return allOf([`${celString(name)} in request.headers`, predicate(headerValue(name))]);
}

function headerExpression(name: string, operator: ConditionOperator, values: readonly string[]): Predicate {
  return headerMeets(name, value => {
    switch (operator) {
      case 'Equal':
      case 'In':
        return isAmong(value, values);
      case 'NotEqual':
      case 'NotIn':
        return not(isAmong(value, values));
      case 'Matches':
        return matchesAny(value, values);
      case 'NotMatches':
        return not(matchesAny(value, values));
    }
  });
}

/** CEL that holds when a value is one of some texts. */
export function isAmong(value: string, values: readonly string[]): Predicate {
  return values.length === 1 ? `${value} == ${celString(values[0])}` : `${value} in ${celList(values)}`;
}

function matchesAny(value: string, regexes: readonly string[]): Predicate {
  return anyOf(regexes.map(regex => matchesWhole(value, regex)));
}

const NOW = 'now';

/** As text, which sorts like the instants. agentgateway takes the name of a zone for `getHours` and ignores it. */
const TIME: RequestTime = {
  minutes: `timestamp(${NOW}).getHours() * 60 + timestamp(${NOW}).getMinutes()`,
  isKnown: [`${NOW} >= ${celString(`${FIRST_YEAR}`)}`, `${NOW} < ${celString(`${LAST_YEAR + 1}`)}`],
  isBefore: instant => `${NOW} < ${celString(formatInstant(instant))}`,
};

/** CEL that holds when the start of a request meets a condition on the time of day. */
function timeOfDayExpression(condition: TimeOfDay): Predicate {
  // Bound once as text, which is in UTC, whatever the machine's own zone.
  return `[string(request.startTime)].exists(${NOW}, ${meetsTime(condition, TIME)})`;
}

/** Without the `Z`: text of the same second, with a fraction or without, is not below it then. */
function formatInstant(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19);
}
