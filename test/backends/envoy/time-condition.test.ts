import * as fc from 'fast-check';
import { timeCondition } from '../../../src/backends/envoy/time-condition';
import { celEvaluator, celObject, celTimestamp } from '../../../src/cel/evaluate';
import { Condition } from '../../../src/model/policy';
import { meets } from '../../passes/policy/plain-reading';
import { ZONES } from '../../passes/policy/policy-arbitrary';

type TimeOfDay = Extract<Condition, { kind: 'timeOfDay' }>;

const NINE_TO_FIVE: TimeOfDay = { kind: 'timeOfDay', negated: false, from: 540, to: 1020, timeZone: 'UTC' };
const holds = (condition: TimeOfDay, time: Date) =>
  celEvaluator()(timeCondition(condition).expression, { request: celObject({ time: celTimestamp(time) }) });

it('asks for integers alone, which Envoy calculates with', () => {
  expect(timeCondition(NINE_TO_FIVE).expression).toBe('(int(request.time) / 60 + 900) % 1440 < 480');
  expect(timeCondition({ ...NINE_TO_FIVE, negated: true }).expression).toBe(
    '!((int(request.time) / 60 + 900) % 1440 < 480)',
  );
});

it('means what the clocks of a zone show, at any time', () => {
  const condition = fc.record({
    kind: fc.constant('timeOfDay' as const),
    negated: fc.boolean(),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 0, max: 1439 }),
    timeZone: fc.constantFrom(...ZONES),
  });
  const time = fc.date({
    min: new Date('2024-01-01T00:00:00Z'),
    max: new Date('2037-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(condition, fc.array(time, { minLength: 10, maxLength: 10 }), (asked, times) => {
      for (const instant of times) {
        expect(holds(asked, instant)).toEqual({
          kind: 'value',
          value: meets(asked, { action: 'tools/call', jwt: {}, apiKey: {}, basicAuth: {}, headers: {}, time: instant }),
        });
      }
    }),
    { numRuns: 100 },
  );
});

it('denies outside of the years whose clocks are known', () => {
  const berlin: TimeOfDay = { ...NINE_TO_FIVE, from: 0, to: 1440, timeZone: 'Europe/Berlin' };
  expect(holds(berlin, new Date('2030-06-01T12:00:00Z'))).toEqual({ kind: 'value', value: true });
  expect(holds(berlin, new Date('2038-06-01T12:00:00Z'))).toEqual({ kind: 'value', value: false });
});
