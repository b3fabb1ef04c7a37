import * as fc from 'fast-check';
import { FIRST_YEAR, isTimeZone, LAST_YEAR, zoneOffsets } from '../../src/values/time-zones';

/** Zones whose rules have been the same for long: of others, Node.js may know older or newer ones than the package. */
const STEADY = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
];

const LAST_INSTANT = Date.UTC(LAST_YEAR + 1, 0) - 1000;

test('what clocks show, as the platform tells it', () => {
  const time = fc.integer({ min: Date.UTC(FIRST_YEAR, 0), max: LAST_INSTANT });
  fc.assert(
    fc.property(fc.constantFrom(...STEADY), fc.array(time, { minLength: 20, maxLength: 20 }), (timeZone, times) => {
      const { offsets, transitions } = zoneOffsets(timeZone);
      const format = new Intl.DateTimeFormat('en-GB', {
        timeZone,
        hour: 'numeric',
        minute: 'numeric',
        hourCycle: 'h23',
      });
      // Before and after a change is where a mistake would be.
      for (const instant of [...times, ...transitions.flatMap(at => [at - 1000, at])]) {
        const offset = offsets[transitions.filter(transition => transition <= instant).length];
        const local = new Date(instant + offset * 60_000).toISOString().slice(11, 16);
        expect(`${timeZone} ${local}`).toBe(`${timeZone} ${format.format(instant)}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('changes are in order, within the years, and as many as there are offsets after the first', () => {
  const zones = ['Europe/Berlin', 'Africa/Casablanca', 'America/New_York', 'Asia/Gaza'];
  for (const { offsets, transitions } of zones.map(zoneOffsets)) {
    expect(transitions.length).toBeGreaterThan(5);
    expect(offsets).toHaveLength(transitions.length + 1);
    expect([...transitions].sort((a, b) => a - b)).toEqual(transitions);
    expect(transitions[0]).toBeGreaterThan(Date.UTC(FIRST_YEAR, 0));
    expect(transitions.at(-1)).toBeLessThanOrEqual(LAST_INSTANT);
    expect(offsets.every(offset => Math.abs(offset) <= 14 * 60)).toBe(true);
  }
});

test('names are those of IANA, in whatever case, old ones included', () => {
  expect(
    ['UTC', 'Europe/Berlin', 'europe/berlin', 'US/Pacific', 'Asia/Calcutta', 'Etc/GMT+5'].filter(isTimeZone),
  ).toHaveLength(6);
  expect(['', 'Mars', 'Europe/Atlantis', '+05:00', 'constructor', '__proto__', 'Factory'].filter(isTimeZone)).toEqual(
    [],
  );
  expect(zoneOffsets('Asia/Calcutta')).toEqual({ offsets: [330], transitions: [] });
});

test('an unknown zone throws', () => {
  expect(() => zoneOffsets('Europe/Atlantis')).toThrow(RangeError);
});

test('no zone is read from Node.js', () => {
  const { DateTimeFormat } = Intl;
  Intl.DateTimeFormat = (() => {
    throw new Error('asked');
  }) as unknown as typeof DateTimeFormat;
  try {
    expect(isTimeZone('Europe/Paris')).toBe(true);
    expect(zoneOffsets('Europe/Paris').offsets.slice(0, 3)).toEqual([60, 120, 60]);
  } finally {
    Intl.DateTimeFormat = DateTimeFormat;
  }
});
