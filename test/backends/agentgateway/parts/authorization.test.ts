import { enforcement } from '../../../../src/backends/agentgateway/parts';
import { authorizationRules } from '../../../../src/backends/agentgateway/parts/authorization';
import { ToolAction } from '../../../../src/model/items';
import { decide } from '../../../../src/passes/access/decide';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { allow, group, jwtOf, LevelOptions, policyOf, user } from '../policy-fixtures';

const ruled = (...levels: LevelOptions[]) =>
  authorizationRules(entryOf([groupOf('default', [serverOf('ledger')])], { policy: policyOf(...levels) }));
const rules = (level: LevelOptions) =>
  ruled({ authentication: [jwtOf()], ...level }).map(({ stage, expression }) => ({ stage, expression }));

it('asks on each request and on each item', () => {
  expect(rules({ rules: [allow([user('alice')], ['db_query'])] })).toEqual([
    {
      stage: 'request',
      expression:
        '(request.method != "POST") || (!has(json(request.body).method)) || (json(request.body).method != "tools/call")' +
        ' || (((has(jwt.sub)) && (jwt.sub == "alice")) && (json(request.body).params.name == "db_query"))',
    },
    {
      stage: 'item',
      expression: '(has(mcp.tool)) && (((has(jwt.sub)) && (jwt.sub == "alice")) && (mcp.tool.name == "db_query"))',
    },
  ]);
});

it('tells lists from calls by the body, where they are granted differently', () => {
  const [request, item] = rules({
    rules: [allow([user('alice')], ['a'], ['tools/call']), allow([user('alice')], ['b'], ['tools/list'])],
  });
  expect(request.expression).toContain('json(request.body).params.name == "a"');
  expect(request.expression).not.toContain('"b"');
  expect(item.expression).toBe(
    '(has(mcp.tool)) && (json(request.body).method == "tools/call"' +
      ' ? (((has(jwt.sub)) && (jwt.sub == "alice")) && (mcp.tool.name == "a")) : (((has(jwt.sub)) && (jwt.sub == "alice")) && (mcp.tool.name == "b")))',
  );
});

it('asks for nothing where there are no rules, and for each level that has some', () => {
  expect(rules({})).toEqual([]);
  const levels = ruled(
    { level: 'gateway', authentication: [jwtOf()], rules: [allow([group('a')], ['*'])] },
    { rules: [allow([group('b')], ['*'])] },
  );
  expect(levels.map(({ level, stage }) => `${level} ${stage}`)).toEqual([
    'gateway request',
    'gateway item',
    'route request',
    'route item',
  ]);
});

describe('as it is evaluated', () => {
  const policy = policyOf(
    { level: 'gateway', authentication: [jwtOf()], rules: [allow([group('staff')], ['*'])] },
    {
      rules: [
        allow([user('caller')], ['db_*'], ['tools/call']),
        allow([user('lister')], ['db_*'], ['tools/list']),
        allow([user('q"\\$é')], ['db_*']),
      ],
    },
  );
  const rulesOf = enforcement(entryOf([groupOf('default', [serverOf('ledger')])], { policy }));
  const allowed = (name: string, groups: readonly string[], action: ToolAction, tool = 'db_query') =>
    decide(rulesOf, { caller: { user: name, groups }, action, tool }).allowed;

  it.each([
    ['caller', 'tools/call', true],
    ['caller', 'tools/list', false],
    ['lister', 'tools/call', false],
    ['lister', 'tools/list', true],
    ['q"\\$é', 'tools/call', true],
    ['nobody', 'tools/call', false],
  ] as const)('%s %s: %s', (name, action, expected) => {
    expect(allowed(name, ['staff'], action)).toBe(expected);
    expect(allowed(name, ['guests'], action)).toBe(false);
    expect(allowed(name, ['staff'], action, 'log_x')).toBe(false);
  });
});
