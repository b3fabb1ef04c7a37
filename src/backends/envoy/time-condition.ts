import { not, Predicate } from '../../cel/predicates';
import { Entry } from '../../model/plan';
import { FIRST_YEAR, LAST_YEAR, RequestTime, TimeOfDay, withinSpan } from '../../passes/policy/time-of-day';
import { digest } from '../../values/text';

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
  const within = withinSpan(condition, TIME);
  const expression = condition.negated ? not(within) : within;
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
