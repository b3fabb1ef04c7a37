import { conditionPrincipal, matchConditions } from '../../../src/backends/envoy/conditions';
import { timeCondition } from '../../../src/backends/envoy/time-condition';
import { Condition } from '../../../src/model/policy';

const header = (string_match: object) => ({ header: { name: 'x-env', string_match } });
const condition = (operator: Extract<Condition, { kind: 'header' }>['operator'], ...values: string[]) =>
  conditionPrincipal({ kind: 'header', name: 'X-Env', operator, values });
const TEXT = header({ safe_regex: { regex: '(?s:.*)' } });

it('asks for the address of the connection', () => {
  const range = { direct_remote_ip: { address_prefix: '10.0.0.0', prefix_len: 8 } };
  expect(conditionPrincipal({ kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] })).toEqual(range);
  expect(conditionPrincipal({ kind: 'sourceIp', negated: true, cidrs: ['10.0.0.0/8', '::/0'] })).toEqual({
    not_id: { or_ids: { ids: [range, { direct_remote_ip: { address_prefix: '::', prefix_len: 0 } }] } },
  });
});

it('asks for a header, and for its presence where it is to be another', () => {
  expect(condition('Equal', 'prod')).toEqual(header({ exact: 'prod' }));
  expect(condition('In', 'a', 'b')).toEqual({ or_ids: { ids: [header({ exact: 'a' }), header({ exact: 'b' })] } });
  expect(condition('Matches', 'pr.d')).toEqual(header({ safe_regex: { regex: 'pr.d' } }));
  expect(condition('NotEqual', 'prod')).toEqual({ and_ids: { ids: [TEXT, { not_id: header({ exact: 'prod' }) }] } });
  expect(condition('NotIn', 'a', 'b')).toEqual({
    and_ids: { ids: [TEXT, { not_id: { or_ids: { ids: [header({ exact: 'a' }), header({ exact: 'b' })] } } }] },
  });
  expect(condition('NotMatches', 'pr.d')).toEqual({
    and_ids: { ids: [TEXT, { not_id: header({ safe_regex: { regex: 'pr.d' } }) }] },
  });
});

it('asks for what was found out of the time', () => {
  const time = { kind: 'timeOfDay', negated: false, from: 0, to: 60, timeZone: 'UTC' } as const;
  expect(conditionPrincipal(time)).toEqual({
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
