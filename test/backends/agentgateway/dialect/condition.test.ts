import * as fc from 'fast-check';
import { variablesOf } from './variables';
import { conditionExpression } from '../../../../src/backends/agentgateway/dialect/condition';
import { evaluate } from '../../../../src/backends/agentgateway/dialect/evaluate';
import { Condition } from '../../../../src/model/policy';
import { zoneOffsets } from '../../../../src/passes/policy/time-of-day';
import { meets } from '../../../passes/policy/plain-reading';
import { condition as anyCondition, Facts } from '../../../passes/policy/policy-arbitrary';

function at(time: string): Facts {
  return { action: 'tools/call', jwt: {}, apiKey: {}, basicAuth: {}, headers: {}, time: new Date(time) };
}

function within(from: number, to: number, timeZone: string, time: string): boolean {
  const outcome = evaluate(
    conditionExpression({ kind: 'timeOfDay', negated: false, from, to, timeZone }),
    variablesOf(at(time)),
  );
  return outcome.kind === 'value' && outcome.value;
}

const NINE = 9 * 60;
const FIVE = 17 * 60;

test('a span of the day, its end excluded', () => {
  expect(within(NINE, FIVE, 'UTC', '2026-05-01T08:59:59.999Z')).toBe(false);
  expect(within(NINE, FIVE, 'UTC', '2026-05-01T09:00:00Z')).toBe(true);
  expect(within(NINE, FIVE, 'UTC', '2026-05-01T16:59:59Z')).toBe(true);
  expect(within(NINE, FIVE, 'UTC', '2026-05-01T17:00:00Z')).toBe(false);
  expect(within(0, 24 * 60, 'UTC', '2026-05-01T23:59:00Z')).toBe(true);
});

test('a span across midnight', () => {
  expect(within(22 * 60, 6 * 60, 'UTC', '2026-05-01T23:00:00Z')).toBe(true);
  expect(within(22 * 60, 6 * 60, 'UTC', '2026-05-01T05:59:00Z')).toBe(true);
  expect(within(22 * 60, 6 * 60, 'UTC', '2026-05-01T06:00:00Z')).toBe(false);
});

test('the clocks of a zone, summer and winter, to the second of a change', () => {
  expect(within(NINE, FIVE, 'Europe/Berlin', '2026-07-01T07:00:00Z')).toBe(true);
  expect(within(NINE, FIVE, 'Europe/Berlin', '2026-01-01T07:00:00Z')).toBe(false);
  expect(within(3 * 60, 4 * 60, 'Europe/Berlin', '2026-03-29T00:59:59.5Z')).toBe(false);
  expect(within(3 * 60, 4 * 60, 'Europe/Berlin', '2026-03-29T01:00:00Z')).toBe(true);
  expect(within(3 * 60, 4 * 60, 'Europe/Berlin', '2026-03-29T01:00:00.25Z')).toBe(true);
});

test('outside of the years whose clocks are known, a zone that changes its clocks denies', () => {
  expect(within(0, 24 * 60, 'Europe/Berlin', '2023-12-31T23:00:00Z')).toBe(false);
  expect(within(0, 24 * 60, 'Europe/Berlin', '2038-01-01T00:00:00Z')).toBe(false);
  expect(within(0, 24 * 60, 'Asia/Kolkata', '2050-01-01T00:00:00Z')).toBe(true);
});

test('all zones, at any time, as the platform tells it', () => {
  const zones = (Intl as unknown as { supportedValuesOf(key: 'timeZone'): string[] }).supportedValuesOf('timeZone');
  const time = fc.date({
    min: new Date('2024-01-01T00:00:00Z'),
    max: new Date('2037-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.array(time, { minLength: 20, maxLength: 20 }), (timeZone, times) => {
      const { offsets, transitions } = zoneOffsets(timeZone);
      // Before and after a change is where a mistake would be.
      const edges = transitions.slice(0, 10).flatMap(instant => [new Date(instant - 1000), new Date(instant)]);
      for (const instant of [...times, ...edges]) {
        const local = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          hour: 'numeric',
          minute: 'numeric',
          hourCycle: 'h23',
        }).format(instant);
        const offset = offsets[transitions.filter(transition => transition <= instant.getTime()).length];
        expect(`${timeZone} ${new Date(instant.getTime() + offset * 60_000).toISOString().slice(11, 16)}`).toBe(
          `${timeZone} ${local}`,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('an unknown zone throws', () => {
  expect(() => zoneOffsets('Europe/Atlantis')).toThrow(RangeError);
});

test('a condition and its negation are never both met, and neither is where data is missing', () => {
  const nothing: Facts = { action: 'tools/call', jwt: {}, apiKey: {}, basicAuth: {}, headers: {} };
  const holds = (condition: Condition, facts: Facts) => {
    const outcome = evaluate(conditionExpression(condition), variablesOf(facts));
    return outcome.kind === 'value' && outcome.value;
  };
  fc.assert(
    fc.property(anyCondition, condition => {
      expect(holds(condition, nothing)).toBe(false);
      expect(meets(condition, nothing)).toBe(false);
      if (condition.kind !== 'header') {
        const facts: Facts = { ...nothing, address: '10.1.2.3', time: new Date('2026-05-01T12:34:56Z') };
        expect(holds({ ...condition, negated: !condition.negated }, facts)).toBe(!holds(condition, facts));
      }
    }),
    { numRuns: 200 },
  );
});
