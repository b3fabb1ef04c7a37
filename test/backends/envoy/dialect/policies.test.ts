import { levelPolicies, rulePolicies } from '../../../../src/backends/envoy/dialect/policies';
import { allow, apiKeyOf, group, jwtOf, LevelOptions, policyOf, user } from '../../agentgateway/policy-fixtures';

const policiesOf = (options: LevelOptions) => {
  const policy = policyOf(options);
  return levelPolicies(policy, policy.levels[0]);
};
const inMcp = (path: string[], value: object) => ({
  sourced_metadata: { metadata_matcher: { filter: 'envoy.filters.http.mcp', path: path.map(key => ({ key })), value } },
});
const METHOD = (name: string) => inMcp(['method'], { string_match: { exact: name } });
const UNGRANTED = 'no tool is asked for';
const CALL = ['tools/call'] as const;

it('grants calls of some tools to some callers, by what was verified of them', () => {
  const { [UNGRANTED]: _, ...granted } = policiesOf({
    authentication: [jwtOf()],
    rules: [allow([user('alice'), group('staff')], ['db_query', 'k8s_*'], CALL)],
  });
  expect(granted).toEqual({
    'app/smart: allow': {
      permissions: [
        {
          and_rules: {
            rules: [
              METHOD('tools/call'),
              inMcp(['params', 'name'], {
                or_match: {
                  value_matchers: [{ string_match: { exact: 'db_query' } }, { string_match: { prefix: 'k8s_' } }],
                },
              }),
            ],
          },
        },
      ],
      principals: [
        {
          sourced_metadata: {
            metadata_matcher: {
              filter: 'envoy.filters.http.jwt_authn',
              path: [{ key: expect.stringMatching(/^auth\.acme\.dev-/) }, { key: 'sub' }],
              value: { string_match: { exact: 'alice' } },
            },
          },
        },
        {
          sourced_metadata: {
            metadata_matcher: {
              filter: 'envoy.filters.http.jwt_authn',
              path: [{ key: expect.any(String) }, { key: 'groups' }],
              value: {
                or_match: {
                  value_matchers: [
                    { string_match: { exact: 'staff' } },
                    { list_match: { one_of: { string_match: { exact: 'staff' } } } },
                  ],
                },
              },
            },
          },
        },
      ],
    },
  });
});

it('grants lists by the method alone', () => {
  const { 'app/smart: allow': list } = policiesOf({
    authentication: [jwtOf()],
    rules: [allow([user('alice')], ['*'], ['tools/list'])],
  });
  expect(list.permissions).toEqual([METHOD('tools/list')]);
});

it('lets pass what no rule has to grant, and says each of it', () => {
  const { [UNGRANTED]: policy } = policiesOf({ authentication: [jwtOf()], rules: [allow([user('alice')], ['*'])] });
  const text = JSON.stringify(policy);
  expect(policy.principals).toEqual([{ any: true }]);
  expect(text).not.toContain('not_');
  expect(text).not.toContain('tools/');
  expect(policy.permissions.slice(0, 2)).toEqual(
    ['GET', 'DELETE'].map(exact => ({ header: { name: ':method', string_match: { exact } } })),
  );
});

it('leaves out rules that nobody can meet, and names equal origins apart', () => {
  const rules = [allow([group('staff')], ['a'], CALL), allow([group('staff')], ['b'], CALL)];
  expect(Object.keys(policiesOf({ authentication: [jwtOf()], rules }))).toEqual([
    UNGRANTED,
    'app/smart: allow',
    'app/smart: allow (2)',
  ]);
  // No method is in force, so that nobody is in a group.
  expect(Object.keys(policiesOf({ rules }))).toEqual([UNGRANTED]);
});

it("reads a level's callers by its own methods and those around it alone", () => {
  const policy = policyOf(
    { level: 'gateway', authentication: [jwtOf()], rules: [allow([user('alice')], ['*'])] },
    { authentication: [apiKeyOf()], rules: [allow([user('bot')], ['*'])] },
  );
  const [gateway, route] = policy.levels.map(level => rulePolicies(policy, level)[0].policy.principals);
  expect(JSON.stringify(gateway)).not.toContain('mcp.caller');
  expect(JSON.stringify(route)).toContain('mcp.caller');
});
