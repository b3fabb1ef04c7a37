import * as fc from 'fast-check';
import { variablesOf } from './variables';
import { conditionExpression } from '../../../../src/backends/agentgateway/dialect/condition';
import { evaluate } from '../../../../src/backends/agentgateway/dialect/evaluate';
import { identityExpressions } from '../../../../src/backends/agentgateway/dialect/identity';
import { Condition } from '../../../../src/model/policy';
import { meets } from '../../../passes/policy/plain-reading';
import { condition as anyCondition, Facts } from '../../../passes/policy/policy-arbitrary';

/** Conditions that ask nothing of tokens have no use for it. */
const NOBODY = identityExpressions([]);

function at(time: string): Facts {
  return { action: 'tools/call', jwt: {}, apiKey: {}, basicAuth: {}, headers: {}, time: new Date(time) };
}

function within(from: number, to: number, timeZone: string, time: string, negated = false): boolean {
  const outcome = evaluate(
    conditionExpression({ kind: 'timeOfDay', negated, from, to, timeZone }, NOBODY),
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

test('outside of the years whose clocks are known, a zone denies, negated or not', () => {
  expect(within(0, 24 * 60, 'Europe/Berlin', '2023-12-31T23:00:00Z')).toBe(false);
  expect(within(0, 24 * 60, 'Europe/Berlin', '2038-01-01T00:00:00Z')).toBe(false);
  expect(within(0, 24 * 60, 'Asia/Kolkata', '2050-01-01T00:00:00Z')).toBe(false);
  for (const time of ['2023-06-01T12:00:00Z', '2038-06-01T12:00:00Z']) {
    for (const negated of [false, true]) {
      expect(within(0, 60, 'Europe/Berlin', time, negated)).toBe(false);
      expect(within(0, 60, 'Asia/Kolkata', time, negated)).toBe(false);
    }
    // What is not the law of any country stays as it is.
    expect(within(0, 60, 'UTC', time, true)).toBe(true);
    expect(within(12 * 60, 13 * 60, 'Etc/UTC', time)).toBe(true);
  }
});

test('a condition and its negation are never both met, and neither is where data is missing', () => {
  const nothing: Facts = { action: 'tools/call', jwt: {}, apiKey: {}, basicAuth: {}, headers: {} };
  const holds = (condition: Condition, facts: Facts) => {
    const outcome = evaluate(conditionExpression(condition, NOBODY), variablesOf(facts));
    return outcome.kind === 'value' && outcome.value;
  };
  fc.assert(
    fc.property(anyCondition, condition => {
      expect(holds(condition, nothing)).toBe(false);
      expect(meets(condition, nothing)).toBe(false);
      if (condition.kind === 'sourceIp' || condition.kind === 'timeOfDay') {
        const facts: Facts = { ...nothing, address: '10.1.2.3', time: new Date('2026-05-01T12:34:56Z') };
        expect(holds({ ...condition, negated: !condition.negated }, facts)).toBe(!holds(condition, facts));
      }
    }),
    { numRuns: 200 },
  );
});
