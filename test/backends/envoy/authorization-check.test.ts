import { checkAuthorization } from '../../../src/backends/envoy/authorization-check';
import { checkPlan } from '../../../src/backends/planes';
import { Condition } from '../../../src/model/policy';
import { findingsInShort, planOf, groupOf, serverOf } from '../../support/literals';
import { allow, apiKeyOf, LevelOptions, limitOf, policyOf, user, verifiableJwt } from '../agentgateway/policy-fixtures';

const planWith = (level: LevelOptions) =>
  planOf(
    [groupOf('default', [serverOf('ledger')])],
    { policy: policyOf({ authentication: [verifiableJwt()], ...level }) },
    { plane: 'envoy' },
  );
const found = (level: LevelOptions) => findingsInShort(checkAuthorization(planWith(level)));
const onHeader = (name: string, authentication = [verifiableJwt()]) =>
  found({
    authentication,
    rules: [{ ...allow([user('a')], ['*']), conditions: [{ kind: 'header', name, operator: 'Equal', values: ['x'] }] }],
  });

it('refuses rules that grant some of a list, and says which plane can, and what to do', () => {
  expect(
    found({
      rules: [
        allow([user('a')], ['*']),
        allow([user('a')], ['db_*'], ['tools/call']),
        allow([user('a')], ['db_*', '*'], ['tools/list']),
      ],
    }),
  ).toEqual([]);
  const [refused, ...others] = checkPlan(planWith({ rules: [allow([user('a')], ['db_*'])] }));
  expect(others).toEqual([]);
  expect(refused).toMatchObject({ path: 'app/smart', property: 'allow', value: ['db_*'] });
  expect(refused.problem).toBe(
    'Envoy cannot leave tools out of a list: who may list tools is shown all that the server has; agentgateway can',
  );
  expect(refused.remedy).toContain('tools/list');
});

it('refuses Cedar policies', () => {
  const authzConfig = {
    policies: ['permit(principal, action, resource);'],
    origin: { path: 'app/smart', property: 'authzConfig' },
  };
  expect(checkPlan(planWith({ authzConfig })).map(({ property, problem }) => `${property}: ${problem}`)).toEqual([
    'authzConfig: Envoy cannot ask Cedar policies here; agentgateway can',
  ]);
});

it('refuses conditions on headers that are not what the client sent', () => {
  expect(onHeader('x-env')).toEqual([]);
  expect(onHeader('X-Api-Key', [verifiableJwt(), apiKeyOf()] as never)).toHaveLength(1);
  expect(onHeader('Authorization')[0]).toContain('takes the header of a credential out');
  for (const name of ['X-Forwarded-For', 'x-envoy-internal', 'x-request-id', 'connection', 'x_env']) {
    expect(onHeader(name)[0]).toContain(
      'Envoy sets this header itself, takes it out, or refuses requests that have it',
    );
  }
});

it('refuses a regex that Envoy would refuse its whole configuration for', () => {
  const matches = (value: string): Condition => ({
    kind: 'header',
    name: 'x-env',
    operator: 'NotMatches',
    values: [value],
  });
  const tools = (value: string) => [{ kind: 'regex' as const, value }];
  const rule = {
    ...allow([user('a')], ['*']),
    permissions: [{ tools: tools('\\p{L}{900}'), actions: ['tools/call' as const] }],
  };
  expect(found({ rules: [rule] })[0]).toContain('too large for Envoy');
  expect(found({ rules: [{ ...allow([user('a')], ['*']), conditions: [matches('\\p{L}{900}')] }] })).toHaveLength(1);
  expect(
    found({ rules: [{ ...allow([user('a')], ['*']), conditions: [matches('\\p{L}{100}[^a-z]{900}')] }] }),
  ).toHaveLength(1);
  expect(found({ rateLimits: [limitOf('global', 5, { tools: tools('\\p{L}{900}') })] })).toHaveLength(1);
  expect(
    found({
      rules: [{ ...rule, permissions: [{ tools: tools('\\p{L}{100}|(?:abc){900}'), actions: ['tools/call'] }] }],
    }),
  ).toHaveLength(1);
  expect(
    found({ rules: [{ ...rule, permissions: [{ tools: tools('(?:abc){900}'), actions: ['tools/call'] }] }] }),
  ).toEqual([]);
});
