import { Expr, parseExpr } from './cel-expr';
import { Condition } from '../../model/policy';
import { allOf, not, Predicate } from '../../passes/cel';
import { FIRST_YEAR, LAST_YEAR, zoneOffsets } from '../../passes/policy/time-zones';

type TimeOfDay = Extract<Condition, { kind: 'timeOfDay' }>;

const MINUTE = 60;
const DAY = 24 * 60;
/** When the request came, in seconds since 1970. */
const NOW = 'int(request.time)';

/** Some conditions on the time of day, all of which have to hold. No other matcher of Envoy knows the time. */
export function timeConditions(conditions: readonly TimeOfDay[]): Expr {
  return parseExpr(allOf(conditions.map((condition) => condition.negated ? not(within(condition)) : within(condition))));
}

/**
 * Holds within a span of the day. The day is turned so that the span begins at 0, which leaves one comparison whether or not
 * it crosses midnight; by how much depends on the zone's offset at the time.
 */
function within({ from, to, timeZone }: TimeOfDay): Predicate {
  const length = to < from ? to + DAY - from : to - from;
  const { offsets, transitions } = zoneOffsets(timeZone);
  const turns = offsets.map((offset) => (offset - from + 2 * DAY) % DAY);
  const known = transitions.length === 0 ? [] : [`${NOW} >= ${Date.UTC(FIRST_YEAR, 0) / 1000}`, `${NOW} < ${Date.UTC(LAST_YEAR + 1, 0) / 1000}`];
  return allOf([...known, `(${NOW} / ${MINUTE} + ${turnAt(turns, transitions)}) % ${DAY} < ${length}`]);
}

/** The turn in force now: a binary search, for a request is not to wait for a list of years. */
function turnAt(turns: readonly number[], transitions: readonly number[]): string {
  if (transitions.length === 0) {
    return `${turns[0]}`;
  }
  const middle = Math.floor(transitions.length / 2);
  const before = turnAt(turns.slice(0, middle + 1), transitions.slice(0, middle));
  const after = turnAt(turns.slice(middle + 1), transitions.slice(middle + 1));
  return `(${NOW} < ${transitions[middle] / 1000} ? ${before} : ${after})`;
}
