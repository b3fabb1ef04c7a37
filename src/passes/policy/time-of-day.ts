import { allOf, Predicate } from '../../cel/predicates';
import { Condition } from '../../model/policy';

/*
 * Time zones as their offsets from UTC. What planes evaluate knows no zones, so what is emitted says at which instants the clocks
 * change. The instants are those of the time-zone data of Node.js.
 */

/** The years for which offsets are known. Outside of them a condition on the time of day is not met. */
export const FIRST_YEAR = 2024;
export const LAST_YEAR = 2037;

/** The clocks of a zone. */
export interface ZoneOffsets {
  /** Minutes east of UTC, from the first instant on, and after each transition. */
  readonly offsets: readonly number[];
  /** Instants at which the offset changes, in milliseconds. */
  readonly transitions: readonly number[];
}

const HOUR = 3_600_000;
const STEP = 10 * 24 * HOUR;
const cache = new Map<string, ZoneOffsets>();

/** Offsets of a zone by its IANA name; throws a RangeError for a name that is none. */
export function zoneOffsets(timeZone: string): ZoneOffsets {
  let found = cache.get(timeZone);
  if (found === undefined) {
    found = computeOffsets(timeZone);
    cache.set(timeZone, found);
  }
  return found;
}

function computeOffsets(timeZone: string): ZoneOffsets {
  const offsetAt = offsetReader(timeZone);
  const end = Date.UTC(LAST_YEAR + 1, 0);
  let at = Date.UTC(FIRST_YEAR, 0);
  let offset = offsetAt(at);
  const offsets = [offset];
  const transitions: number[] = [];
  // No zone changes its clocks twice within a step.
  for (let next = at + STEP; at < end; at = next, next += STEP) {
    const after = offsetAt(next);
    if (after !== offset) {
      const transition = bisect(at, next, instant => offsetAt(instant) !== offset);
      if (transition < end) {
        transitions.push(transition);
        offsets.push(after);
      }
      offset = after;
    }
  }
  return { offsets, transitions };
}

/** The first minute between two instants at which something holds that holds from then on. */
function bisect(from: number, to: number, holds: (instant: number) => boolean): number {
  const minute = 60_000;
  let [low, high] = [from / minute, to / minute];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle * minute)) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return high * minute;
}

function offsetReader(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return instant => {
    const [month, day, year, hour, minute] = format.format(instant).match(/\d+/g)!.map(Number);
    return (Date.UTC(year, month - 1, day, hour, minute) - instant) / 60_000;
  };
}

/*
 * The time of day in CEL, which planes read by other variables and in other forms: what the clocks of a zone show is worked out here.
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

/**
 * CEL that holds within a span of the day, whether or not the condition is negated.
 *
 * The day is turned so that the span begins at 0, which leaves one comparison whether or not it crosses midnight. By how
 * much it is turned depends on the zone's offset at the time.
 */
export function withinSpan({ from, to, timeZone }: TimeOfDay, time: RequestTime): Predicate {
  const length = to < from ? to + DAY - from : to - from;
  const { offsets, transitions } = zoneOffsets(timeZone);
  const turns = offsets.map(offset => (offset - from + 2 * DAY) % DAY);
  return allOf([
    ...(transitions.length === 0 ? [] : time.isKnown),
    `(${time.minutes} + ${turnAt(turns, transitions, time)}) % ${DAY} < ${length}`,
  ]);
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
