import * as fc from 'fast-check';
import { conditionPrincipal, matchConditions, timeCondition } from '../../../../src/backends/envoy/dialect/conditions';
import { EnvoyIdentity } from '../../../../src/backends/envoy/dialect/identity';
import { celEvaluator, celObject, celTimestamp } from '../../../../src/cel/evaluate';
import { Condition } from '../../../../src/model/policy';
import { meets } from '../../../passes/policy/plain-reading';
import { ZONES } from '../../../passes/policy/policy-arbitrary';

/** Conditions that ask nothing of tokens have no use for it. */
const NOBODY: EnvoyIdentity = { users: [], groups: [], subjects: [], scopes: [], authenticated: { any: true } };

const header = (string_match: object) => ({ header: { name: 'x-env', string_match } });
const principalOf = (operator: Extract<Condition, { kind: 'header' }>['operator'], ...values: string[]) =>
  conditionPrincipal({ kind: 'header', name: 'X-Env', operator, values }, NOBODY);
const TEXT = header({ safe_regex: { regex: '(?s:.*)' } });

it('asks for the address of the caller', () => {
  const range = { remote_ip: { address_prefix: '10.0.0.0', prefix_len: 8 } };
  expect(conditionPrincipal({ kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] }, NOBODY)).toEqual(range);
  expect(conditionPrincipal({ kind: 'sourceIp', negated: true, cidrs: ['10.0.0.0/8', '::/0'] }, NOBODY)).toEqual({
    not_id: { or_ids: { ids: [range, { remote_ip: { address_prefix: '::', prefix_len: 0 } }] } },
  });
});

it('asks for a header, and for its presence where it is to be another', () => {
  expect(principalOf('Equal', 'prod')).toEqual(header({ exact: 'prod' }));
  expect(principalOf('In', 'a', 'b')).toEqual({ or_ids: { ids: [header({ exact: 'a' }), header({ exact: 'b' })] } });
  expect(principalOf('Matches', 'pr.d')).toEqual(header({ safe_regex: { regex: 'pr.d' } }));
  expect(principalOf('NotEqual', 'prod')).toEqual({ and_ids: { ids: [TEXT, { not_id: header({ exact: 'prod' }) }] } });
  expect(principalOf('NotIn', 'a', 'b')).toEqual({
    and_ids: { ids: [TEXT, { not_id: { or_ids: { ids: [header({ exact: 'a' }), header({ exact: 'b' })] } } }] },
  });
  expect(principalOf('NotMatches', 'pr.d')).toEqual({
    and_ids: { ids: [TEXT, { not_id: header({ safe_regex: { regex: 'pr.d' } }) }] },
  });
});

it('asks for what was found out of the time', () => {
  const time = { kind: 'timeOfDay', negated: false, from: 0, to: 60, timeZone: 'UTC' } as const;
  expect(conditionPrincipal(time, NOBODY)).toEqual({
    filter_state: { key: timeCondition(time).key, string_match: { exact: 'true' } },
  });
});

it('says what the routes of a group match', () => {
  expect(matchConditions({ headers: [] })).toEqual({ headers: [], dynamic_metadata: [] });
  const when = {
    method: 'tools/call',
    tools: [{ kind: 'prefix', value: 'db_' }],
    headers: [{ name: 'x-env', kind: 'Exact', value: 'dev' }],
  } as const;
  expect(matchConditions(when)).toEqual({
    headers: [{ name: 'x-env', string_match: { exact: 'dev' } }],
    dynamic_metadata: [
      { filter: 'envoy.filters.http.mcp', path: [{ key: 'method' }], value: { string_match: { exact: 'tools/call' } } },
      {
        filter: 'envoy.filters.http.mcp',
        path: [{ key: 'params' }, { key: 'name' }],
        value: { string_match: { prefix: 'db_' } },
      },
    ],
  });
});

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
  const atNight: TimeOfDay = { ...berlin, from: 0, to: 60, negated: true };
  expect(holds(atNight, new Date('2030-06-01T12:00:00Z'))).toEqual({ kind: 'value', value: true });
  expect(holds(atNight, new Date('2038-06-01T12:00:00Z'))).toEqual({ kind: 'value', value: false });
  expect(holds(atNight, new Date('2023-06-01T12:00:00Z'))).toEqual({ kind: 'value', value: false });
});
