import { allOf, not, Predicate } from '../../cel/predicates';
import { Condition } from '../../model/policy';
import { zoneOffsets } from '../../values/time-zones';

/*
 * The time of day in CEL, which planes read by other variables and in other forms: what the clocks of a zone show is worked out here.
 * What planes evaluate knows no zones, so what is emitted says at which instants the clocks change.
 */

export type TimeOfDay = Extract<Condition, { kind: 'timeOfDay' }>;

const DAY = 24 * 60;

/** How a plane reads the time at which a request came. */
export interface RequestTime {
  /** The minute of the day in UTC, as a number; minutes of whole days before it do no harm. */
  readonly minutes: string;
  /** Parts that hold within the years for which offsets are known. */
  readonly isKnown: readonly Predicate[];
  /** Whether it came before an instant, in milliseconds. */
  readonly isBefore: (instant: number) => Predicate;
}

/** Zones of one offset by their definition, whatever governments decide. */
const isFixed = (timeZone: string): boolean => /^(UTC$|Etc\/)/i.test(timeZone);

/**
 * CEL that holds when a request meets a condition on the time of day. Outside of the years for which the rules of its zone are known
 * it meets none, negated or not.
 *
 * The day is turned so that the span begins at 0, which leaves one comparison whether or not it crosses midnight. By how
 * much it is turned depends on the zone's offset at the time.
 */
export function meetsTime({ from, negated, to, timeZone }: TimeOfDay, time: RequestTime): Predicate {
  const length = to < from ? to + DAY - from : to - from;
  const { offsets, transitions } = zoneOffsets(timeZone);
  const turns = offsets.map(offset => (offset - from + 2 * DAY) % DAY);
  const within = `(${time.minutes} + ${turnAt(turns, transitions, time)}) % ${DAY} < ${length}`;
  return allOf([...(isFixed(timeZone) ? [] : time.isKnown), negated ? not(within) : within]);
}

/** The turn in force now: a binary search, for a request is not to wait for a list of years. */
function turnAt(turns: readonly number[], transitions: readonly number[], time: RequestTime): string {
  if (transitions.length === 0) {
    return `${turns[0]}`;
  }
  const middle = Math.floor(transitions.length / 2);
  const before = turnAt(turns.slice(0, middle + 1), transitions.slice(0, middle), time);
  const after = turnAt(turns.slice(middle + 1), transitions.slice(middle + 1), time);
  return `(${time.isBefore(transitions[middle])} ? ${before} : ${after})`;
}
