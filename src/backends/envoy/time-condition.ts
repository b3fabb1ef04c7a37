import { allOf, not, Predicate } from '../../cel/predicates';
import { Entry } from '../../model/plan';
import { Condition } from '../../model/policy';
import { FIRST_YEAR, LAST_YEAR, zoneOffsets } from '../../passes/policy/time-zones';
import { digest } from '../../values/digest';

/*
 * The time of day, which no matcher of Envoy knows. It is asked for in CEL, once for each request and whatever rules ask for
 * it, and rules match what is left of it in the state of the request.
 */

export type TimeOfDay = Extract<Condition, { kind: 'timeOfDay' }>;

/** A condition on the time of day. */
export interface TimeCondition {
  /** Where it is kept whether the condition holds: the text `true` where it does. Named by what it says, so that none is taken for another. */
  readonly key: string;
  /** CEL over `request.time`. */
  readonly expression: Predicate;
}

const MINUTE = 60;
const DAY = 24 * 60;
/** When the request came, in seconds since 1970. */
const NOW = 'int(request.time)';

/** A condition on the time of day, as it is asked for. */
export function timeCondition(condition: TimeOfDay): TimeCondition {
  const expression = condition.negated ? not(within(condition)) : within(condition);
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

/**
 * Holds within a span of the day. The day is turned so that the span begins at 0, which leaves one comparison whether or not
 * it crosses midnight; by how much depends on the zone's offset at the time.
 */
function within({ from, to, timeZone }: TimeOfDay): Predicate {
  const length = to < from ? to + DAY - from : to - from;
  const { offsets, transitions } = zoneOffsets(timeZone);
  const turns = offsets.map(offset => (offset - from + 2 * DAY) % DAY);
  const known =
    transitions.length === 0
      ? []
      : [`${NOW} >= ${Date.UTC(FIRST_YEAR, 0) / 1000}`, `${NOW} < ${Date.UTC(LAST_YEAR + 1, 0) / 1000}`];
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
