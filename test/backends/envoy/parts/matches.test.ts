import { matches } from '../../../../src/backends/envoy/parts/matches';
import { BackendGroup, Entry } from '../../../../src/model/plan';
import { MatchConditions } from '../../../../src/model/route';
import { groupOf, serverOf } from '../../../support/literals';
import { apiKeyOf, policyOf } from '../../agentgateway/policy-fixtures';
import { envoyPlanOf, foundBy } from '../plans';

const server = (name: string) => serverOf(name, { sessions: 'stateless' });
const found = (groups: readonly BackendGroup[], options: Partial<Entry> = {}) =>
  foundBy(matches, envoyPlanOf(groups, options));
const match = (
  when: Partial<MatchConditions>,
  sessions: 'stateful' | 'stateless' = 'stateless',
  options: Partial<Entry> = {},
) =>
  found(
    [
      groupOf('match-0', [serverOf('a', { sessions })], { when: { headers: [], ...when } }),
      groupOf('default', [server('b')]),
    ],
    options,
  );

it('keeps the methods of a session together', () => {
  expect(match({ method: 'tools/call' })).toEqual([]);
  expect(match({ method: 'tools/call' }, 'stateful')).toEqual([
    'app/smart matches[0].method: Envoy cannot send the methods of one session to different servers',
  ]);
  expect(match({ headers: [{ name: 'x-env', kind: 'Exact', value: 'dev' }] }, 'stateful')).toEqual([]);
  expect(found([groupOf('match-0', [server('a')], { when: { method: 'tools/call', headers: [] } })])[0]).toContain(
    'no server of the route answers `initialize`',
  );
});

it('refuses matches of headers that are not what the client sent', () => {
  const onHeader = (name: string) =>
    match({ headers: [{ name, kind: 'Exact', value: 'x' }] }, 'stateless', {
      policy: policyOf({ authentication: [apiKeyOf()] }),
    });
  expect(onHeader('x-env')).toEqual([]);
  expect(onHeader('x-api-key')[0]).toContain(
    'matches[0].headers[0].name: the gateway takes the header of a credential out',
  );
  expect(onHeader('x-forwarded-proto')[0]).toContain('matches[0].headers[0].name: Envoy sets this header itself');
  expect(match({ headers: [{ name: 'x-env', kind: 'Regex', value: '\\p{L}{900}' }] })[0]).toContain(
    'matches[0].headers[0].value: the regular expression is too large',
  );
  expect(match({ method: 'tools/call', tools: [{ kind: 'regex', value: '\\p{L}{900}' }] })).toHaveLength(1);
});
