import { celString } from '../../../cel/literals';
import { allOf, Predicate } from '../../../cel/predicates';
import { Condition } from '../../../model/policy';
import { FIRST_YEAR, LAST_YEAR, zoneOffsets } from '../../../passes/policy/time-zones';

type TimeOfDay = Extract<Condition, { kind: 'timeOfDay' }>;

const DAY = 24 * 60;
const NOW = 'now';
const UTC_MINUTES = `timestamp(${NOW}).getHours() * 60 + timestamp(${NOW}).getMinutes()`;

/**
 * CEL that holds when a request starts within a span of the day.
 *
 * The day is turned so that the span begins at 0, which leaves one comparison whether or not it crosses midnight. By how
 * much it is turned depends on the zone's offset at the time.
 */
export function timeOfDayExpression({ from, to, timeZone }: TimeOfDay): Predicate {
  const length = to < from ? to + DAY - from : to - from;
  const { offsets, transitions } = zoneOffsets(timeZone);
  const turns = offsets.map(offset => (offset - from + 2 * DAY) % DAY);
  const known =
    transitions.length === 0
      ? []
      : [`${NOW} >= ${celString(`${FIRST_YEAR}`)}`, `${NOW} < ${celString(`${LAST_YEAR + 1}`)}`];
  const within = allOf([
    ...known,
    `(${UTC_MINUTES} + ${turnAt(turns, transitions.map(formatInstant))}) % ${DAY} < ${length}`,
  ]);
  // Bound once as text, which is in UTC, whatever the machine's own zone, and sorts like the instants.
  return `[string(request.startTime)].exists(${NOW}, ${within})`;
}

/** The turn in force now: a binary search, for a request is not to wait for a list of years. */
function turnAt(turns: readonly number[], transitions: readonly string[]): string {
  if (transitions.length === 0) {
    return `${turns[0]}`;
  }
  const middle = Math.floor(transitions.length / 2);
  const before = turnAt(turns.slice(0, middle + 1), transitions.slice(0, middle));
  const after = turnAt(turns.slice(middle + 1), transitions.slice(middle + 1));
  return `(${NOW} < ${celString(transitions[middle])} ? ${before} : ${after})`;
}

/** Without the `Z`: text of the same second, with a fraction or without, is not below it then. */
function formatInstant(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19);
}
