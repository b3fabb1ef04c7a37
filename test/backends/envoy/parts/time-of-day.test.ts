import { timeCondition, timesOf } from '../../../../src/backends/envoy/dialect/conditions';
import { timeOfDay } from '../../../../src/backends/envoy/parts/time-of-day';
import { Condition } from '../../../../src/model/policy';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { allow, jwtOf, policyOf, user } from '../../agentgateway/policy-fixtures';
import { emitted, planOfEntries } from '../plans';

const NINE_TO_FIVE = { kind: 'timeOfDay', negated: false, from: 540, to: 1020, timeZone: 'UTC' } as const;
const entryWith = (...conditions: Condition[]) =>
  entryOf([groupOf('default', [serverOf('ledger')])], {
    policy: policyOf({ authentication: [jwtOf()], rules: [{ ...allow([user('alice')], ['*']), conditions }] }),
  });

it('is asked for once, however many routes have it', () => {
  const entries = [entryWith(NINE_TO_FIVE), entryWith(NINE_TO_FIVE, { ...NINE_TO_FIVE, negated: true })];
  const { 'mcp.time': config } = emitted(timeOfDay.host!(planOfEntries(entries)));
  expect(config.on_request_headers).toHaveLength(2);
  const { key, expression } = timeCondition(NINE_TO_FIVE);
  expect(config.on_request_headers).toContainEqual({
    object_key: key,
    factory_key: 'envoy.string',
    format_string: { text_format_source: { inline_string: `%CEL(${expression})%` } },
  });
  expect(timeOfDay.host!(planOfEntries([entryWith()]))).toEqual({});
  expect([...timesOf(entries[1]).keys()]).toHaveLength(2);
});
