import { FIRST_YEAR, ZONES } from './time-zone-data';

/*
 * Time zones as their offsets from UTC. The rules are those that the package carries (time-zone-data.ts), so that what is emitted
 * does not depend on the time-zone data of whichever Node.js synthesizes.
 */

export { FIRST_YEAR, LAST_YEAR } from './time-zone-data';

/** The clocks of a zone. */
export interface ZoneOffsets {
  /** Minutes east of UTC, from the first instant on, and after each transition. */
  readonly offsets: readonly number[];
  /** Instants at which the offset changes, in milliseconds. */
  readonly transitions: readonly number[];
}

const MINUTE = 60_000;

/** Rules by the names of zones in lower case, read when the first is asked for. */
let rulesByName: ReadonlyMap<string, string> | undefined;

function rulesOf(timeZone: string): string | undefined {
  rulesByName ??= new Map(
    ZONES.flatMap(([names, rules]) => names.split(' ').map((name): [string, string] => [name.toLowerCase(), rules])),
  );
  return rulesByName.get(timeZone.toLowerCase());
}

/** Whether a text is the IANA name of a time zone, in whatever case. */
export function isTimeZone(name: string): boolean {
  return rulesOf(name) !== undefined;
}

/**
 * Offsets of a zone by its IANA name.
 *
 * @throws RangeError for a name that is none
 */
export function zoneOffsets(timeZone: string): ZoneOffsets {
  const rules = rulesOf(timeZone);
  if (rules === undefined) {
    throw new RangeError(`${timeZone} is not an IANA time zone`);
  }
  const [first, ...changes] = rules.split(' ').map(number => parseInt(number, 36));
  const start = Date.UTC(FIRST_YEAR, 0);
  return {
    offsets: [first, ...changes.filter((_, i) => i % 2 === 1)],
    transitions: changes.filter((_, i) => i % 2 === 0).map(minute => start + minute * MINUTE),
  };
}
