import * as fc from 'fast-check';
import { levelExpression, variablesOf } from './variables';
import { evaluate } from '../../../../src/backends/agentgateway/dialect/evaluate';
import { identityExpressions, userExpression } from '../../../../src/backends/agentgateway/dialect/identity';
import { grantedByAny, ruleGrants } from '../../../../src/backends/agentgateway/dialect/rule';
import { AuthenticationMethod, Condition, LevelPolicy } from '../../../../src/model/policy';
import { effectivePolicy } from '../../../../src/passes/policy/merge';
import { apiKeys, basic, grant, ISSUER, jwt, level, rule } from '../../../passes/policy/fixtures';
import { Facts } from '../../../passes/policy/policy-arbitrary';

const TOOL = 'mcp.tool.name';

function facts(overrides: Partial<Facts>): Facts {
  return {
    tool: 'db_query',
    action: 'tools/call',
    jwt: { iss: ISSUER, aud: 'mcp', sub: 'alice' },
    apiKey: {},
    basicAuth: {},
    headers: {},
    ...overrides,
  };
}

/** Whether the last level admits. */
function admits(levels: readonly LevelPolicy[], request: Partial<Facts>): boolean {
  const { policy } = effectivePolicy(levels);
  const last = policy.levels[policy.levels.length - 1];
  const given = facts(request);
  const outcome = evaluate(levelExpression(policy, last, given.action, TOOL), variablesOf(given));
  return outcome.kind === 'value' && outcome.value;
}

function admitsWhen(condition: Condition, request: Partial<Facts>): boolean {
  return admits([level('route', { authentication: [jwt()], rules: [rule({ conditions: [condition] })] })], request);
}

function route(methods: AuthenticationMethod[], principals: string[]): LevelPolicy[] {
  return [level('route', { authentication: methods, rules: [grant(principals, ['db_*'])] })];
}

describe('principals', () => {
  test('a user by the claim that is configured', () => {
    const byMail = jwt({ claims: { user: ['contact', 'email'], groups: ['groups'] } });
    expect(admits(route([byMail], ['user:alice']), { jwt: { iss: ISSUER, contact: { email: 'alice' } } })).toBe(true);
    expect(
      admits(route([byMail], ['user:alice']), { jwt: { iss: ISSUER, sub: 'alice', contact: { email: 'bob' } } }),
    ).toBe(false);
    expect(admits(route([byMail], ['user:alice']), { jwt: { iss: ISSUER, sub: 'alice', contact: 'alice' } })).toBe(
      false,
    );
  });

  test('a group from a list, or from a single string, and from nothing else', () => {
    const inAdmins = (groups: unknown) => admits(route([jwt()], ['group:admin']), { jwt: { iss: ISSUER, groups } });
    expect(inAdmins(['x', 'admin'])).toBe(true);
    expect(inAdmins('admin')).toBe(true);
    // In agentgateway's dialect `in` finds a text within a text, and a key within an object.
    expect(inAdmins('administrators')).toBe(false);
    expect(inAdmins({ admin: true })).toBe(false);
    expect(inAdmins([['admin']])).toBe(false);
    expect(inAdmins(null)).toBe(false);
    expect(inAdmins(undefined)).toBe(false);
  });

  test('a claim whose name is a URL, or a word of CEL', () => {
    for (const path of [['https://acme.dev/groups'], ['https://acme.dev', 'in', 'a b'], ['null'], ['a"\\']]) {
      const nested = path.reduceRight<unknown>((value, name) => ({ [name]: value }), ['admins']) as Record<
        string,
        unknown
      >;
      const method = jwt({ claims: { user: ['sub'], groups: path } });
      expect(admits(route([method], ['group:admins']), { jwt: { iss: ISSUER, ...nested } })).toBe(true);
      expect(admits(route([method], ['group:admins']), { jwt: { iss: ISSUER } })).toBe(false);
      expect(admits(route([method], ['group:admins']), { jwt: {} })).toBe(false);
    }
  });

  test('a service account by the subject of its token, wherever users are read', () => {
    const method = jwt({ claims: { user: ['email'], groups: ['groups'] } });
    expect(
      admits(route([method], ['serviceaccount:finance:bot']), {
        jwt: { iss: ISSUER, sub: 'system:serviceaccount:finance:bot' },
      }),
    ).toBe(true);
    expect(
      admits(route([method], ['serviceaccount:finance:bot']), {
        jwt: { iss: ISSUER, sub: 'system:serviceaccount:other:bot' },
      }),
    ).toBe(false);
  });

  test('users and groups of API keys, users of passwords', () => {
    expect(
      admits(route([apiKeys([{ user: 'ci' }])], ['user:ci']), {
        jwt: {},
        apiKey: { key: 'x', user: 'ci', groups: [] },
      }),
    ).toBe(true);
    expect(
      admits(route([apiKeys([{ groups: ['bots'] }])], ['group:bots']), {
        jwt: {},
        apiKey: { key: 'x', groups: ['bots'] },
      }),
    ).toBe(true);
    expect(admits(route([apiKeys([{}])], ['user:ci']), { jwt: {}, apiKey: { key: 'x', groups: [] } })).toBe(false);
    expect(admits(route([basic], ['user:ci']), { jwt: {}, basicAuth: { username: 'ci' } })).toBe(true);
    expect(admits(route([basic], ['group:ci']), { jwt: {}, basicAuth: { username: 'ci' } })).toBe(false);
  });

  test('of several methods, any may name the user: each was verified', () => {
    const methods = [jwt(), apiKeys([{ user: 'ci' }])];
    const both = { jwt: { iss: ISSUER, sub: 'alice' }, apiKey: { key: 'x', user: 'ci', groups: [] } };
    expect(admits(route(methods, ['user:alice']), both)).toBe(true);
    expect(admits(route(methods, ['user:ci']), both)).toBe(true);
    expect(admits(route(methods, ['user:bob']), both)).toBe(false);
    expect(admits(route([{ kind: 'anyOf', methods }], ['user:ci']), { ...both, jwt: {} })).toBe(true);
  });

  test('any authenticated caller is one whom every method let pass', () => {
    const everyone = (methods: AuthenticationMethod[]) => [
      level('route', { authentication: methods, rules: [rule()] }),
    ];
    expect(admits(everyone([jwt()]), {})).toBe(true);
    expect(admits(everyone([jwt()]), { jwt: {} })).toBe(false);
    expect(admits(everyone([jwt(), basic]), {})).toBe(false);
    expect(admits(everyone([{ kind: 'anyOf', methods: [jwt(), basic] }]), {})).toBe(true);
    expect(admits(everyone([]), {})).toBe(false);
  });

  test('claims of one issuer are not read from the token of another', () => {
    const first = jwt({ claims: { user: ['sub'], groups: ['groups'] } });
    const second = jwt({ issuer: 'https://other.dev', claims: { user: ['sub'], groups: ['roles'] } });
    const levels = route([{ kind: 'anyOf', methods: [first, second] }], ['group:admins']);
    expect(admits(levels, { jwt: { iss: ISSUER, groups: ['admins'] } })).toBe(true);
    expect(admits(levels, { jwt: { iss: 'https://other.dev', roles: ['admins'] } })).toBe(true);
    expect(admits(levels, { jwt: { iss: 'https://other.dev', groups: ['admins'] } })).toBe(false);
  });

  test('a route cannot name callers for its gateway', () => {
    const gateway = level('gateway', {
      authentication: [jwt()],
      rules: [grant(['user:alice', 'group:admins'], ['db_*'])],
    });
    const bob = { iss: ISSUER, aud: 'mcp', sub: 'bob' };
    const gatewayAdmits = (method: AuthenticationMethod, request: Partial<Facts>) => {
      const { policy } = effectivePolicy([gateway, level('route', { authentication: [method] })]);
      const expression = levelExpression(policy, policy.levels[0], 'tools/call', TOOL);
      return evaluate(expression, variablesOf(facts(request)));
    };
    const [yes, no] = [
      { kind: 'value', value: true },
      { kind: 'value', value: false },
    ];

    const keys = apiKeys([{ user: 'alice', groups: ['admins'] }]);
    const key = { key: 'x', user: 'alice', groups: ['admins'] };
    expect(gatewayAdmits(keys, { jwt: bob, apiKey: key })).toEqual(no);
    expect(gatewayAdmits(keys, { jwt: { ...bob, sub: 'alice' }, apiKey: key })).toEqual(yes);

    const issuer = jwt({ issuer: 'https://mine.dev', header: { name: 'x-mine', prefix: '' } });
    expect(
      gatewayAdmits(issuer, { jwt: { iss: 'https://mine.dev', aud: 'mcp', sub: 'alice', groups: ['admins'] } }),
    ).toEqual(no);
    expect(gatewayAdmits(issuer, { jwt: { ...bob, sub: 'alice' } })).toEqual(yes);
  });
});

describe('permissions', () => {
  test('actions are granted one by one', () => {
    const listOnly = rule({
      permissions: [{ tools: [{ kind: 'exact', value: 'db_query' }], actions: ['tools/list'] }],
    });
    const levels = [level('route', { authentication: [jwt()], rules: [listOnly] })];
    expect(admits(levels, { action: 'tools/list' })).toBe(true);
    expect(admits(levels, { action: 'tools/call' })).toBe(false);
  });

  test('every kind of pattern matches the whole name', () => {
    const matches = (kind: 'exact' | 'prefix' | 'glob' | 'regex', value: string, tool: string) =>
      admits(
        [
          level('route', {
            authentication: [jwt()],
            rules: [rule({ permissions: [{ tools: [{ kind, value }], actions: ['tools/call'] }] })],
          }),
        ],
        { tool },
      );
    expect(matches('exact', 'db_query', 'db_query2')).toBe(false);
    expect(matches('prefix', 'db_', 'db_query')).toBe(true);
    expect(matches('glob', '*_query', 'db_query')).toBe(true);
    expect(matches('glob', 'a.*', 'abc')).toBe(false);
    expect(matches('glob', 'a*c', 'a\nc')).toBe(true);
    expect(matches('regex', 'db_(query|insert)', 'db_insert')).toBe(true);
    expect(matches('regex', 'query|insert', 'db_insert')).toBe(false);
  });

  test('what is no tool is granted by no rule, not even one for all tools', () => {
    expect(admits([level('route', { authentication: [jwt()], rules: [rule()] })], { tool: undefined })).toBe(false);
  });

  test('a level whose rules grant nothing of an action denies it', () => {
    const listOnly = level('route', {
      rules: [rule({ permissions: [{ tools: [{ kind: 'prefix', value: '' }], actions: ['tools/list'] }] })],
    });
    expect(
      grantedByAny(
        ruleGrants(listOnly, 'tools/call', { kind: 'tool', name: TOOL }, identityExpressions([{ method: jwt() }])),
      ),
    ).toBe('false');
  });

  test('a rule that cannot be evaluated does not stop another', () => {
    const levels = [
      level('route', {
        authentication: [jwt()],
        rules: [
          grant(['user:alice'], ['*'], { conditions: [{ kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] }] }),
          grant(['user:alice'], ['db_query']),
        ],
      }),
    ];
    expect(admits(levels, { address: undefined })).toBe(true);
    expect(admits(levels, { address: undefined, tool: 'other' })).toBe(false);
  });

  test('the parts of a grant are its rules', () => {
    const two = level('route', {
      authentication: [jwt()],
      rules: [grant(['user:a'], ['x']), grant(['user:b'], ['y']), grant(['group:c'], ['z'], { permissions: [] })],
    });
    const identity = identityExpressions([{ method: jwt() }]);
    const parts = ruleGrants(two, 'tools/call', { kind: 'tool', name: TOOL }, identity);
    expect(parts.map(({ words }) => words)).toEqual(['user:a may call and list x', 'user:b may call and list y']);
    expect(grantedByAny(parts)).toBe(`(${parts[0].expression}) || (${parts[1].expression})`);
  });
});

describe('conditions', () => {
  test('source addresses', () => {
    const within: Condition = { kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8', 'fd00::/8'] };
    expect(admitsWhen(within, { address: '10.1.2.3' })).toBe(true);
    expect(admitsWhen(within, { address: 'fd00::1' })).toBe(true);
    expect(admitsWhen(within, { address: '11.1.2.3' })).toBe(false);
    expect(admitsWhen({ ...within, negated: true }, { address: '11.1.2.3' })).toBe(true);
    expect(admitsWhen({ ...within, negated: true }, { address: undefined })).toBe(false);
  });

  const header = (operator: Extract<Condition, { kind: 'header' }>['operator'], ...values: string[]): Condition => ({
    kind: 'header',
    name: 'x-env',
    operator,
    values,
  });

  test.each([
    [header('Equal', 'prod'), 'prod', true],
    [header('Equal', 'prod'), 'Prod', false],
    [header('NotEqual', 'prod'), 'dev', true],
    [header('NotEqual', 'prod'), 'prod', false],
    [header('In', 'a', 'b'), 'b', true],
    [header('In', 'a', 'b'), 'ab', false],
    [header('NotIn', 'a', 'b'), 'ab', true],
    [header('NotIn', 'a', 'b'), 'a', false],
    [header('Matches', 'p.*d'), 'prod', true],
    [header('Matches', 'r'), 'prod', false],
    [header('Matches', '\\w+'), 'pröd', false],
    [header('NotMatches', 'p.*d'), 'dev', true],
    [header('NotMatches', 'p.*d'), 'prod', false],
  ])('%j of %j: %s', (condition, value, expected) => {
    expect(admitsWhen(condition, { headers: { 'x-env': value } })).toBe(expected);
    expect(admitsWhen(condition, { headers: {} })).toBe(false);
  });

  test('a repeated header is its lines, joined by commas', () => {
    expect(admitsWhen(header('Equal', 'a,b'), { headers: { 'x-env': ['a', 'b'] } })).toBe(true);
    expect(admitsWhen(header('NotEqual', 'a'), { headers: { 'x-env': ['a', 'a'] } })).toBe(true);
  });
});

describe('values for limits and rules of a plane', () => {
  test('the user is the first that a method names', () => {
    const identity = identityExpressions([{ method: jwt() }, { method: apiKeys([{}]) }]);
    const value = (request: Partial<Facts>) =>
      ['alice', 'ci'].find(user => {
        const outcome = evaluate(`(${userExpression(identity)}) == "${user}"`, variablesOf(facts(request)));
        return outcome.kind === 'value' && outcome.value;
      });
    expect(value({})).toBe('alice');
    expect(value({ jwt: {}, apiKey: { key: 'x', user: 'ci' } })).toBe('ci');
    expect(value({ jwt: { iss: ISSUER, sub: null }, apiKey: { key: 'x', user: 'ci' } })).toBe('ci');
    expect(userExpression(identityExpressions([]))).toBeUndefined();
  });
});

/** Text of all kinds, and of what CEL, YAML and shells give a meaning. */
const nasty = fc.oneof(
  fc.fullUnicodeString({ minLength: 1 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        "'",
        '$',
        '${X}',
        '{',
        '}',
        '\n',
        '\r',
        '\t',
        '\0',
        '`',
        '"]',
        ') || true || (',
        '/*',
        '//',
        'é',
        '😀',
        '\\u0041',
        '*',
        ' ',
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map(parts => parts.join('')),
);

test('any name means itself and nothing else: users, groups, tools, headers, claims', () => {
  fc.assert(
    fc.property(nasty, nasty, (name, other) => {
      const same = name === other;
      const tool = (value: string) =>
        rule({ permissions: [{ tools: [{ kind: 'exact', value }], actions: ['tools/call'] }] });
      const named = (kind: 'user' | 'group') => rule({ principals: [{ kind, name }] });
      const asks = (rules: Parameters<typeof level>[1], request: Partial<Facts>) =>
        admits([level('route', { authentication: [jwt()], ...rules })], request);
      for (const [given, expected] of [
        [name, true],
        [other, same],
      ] as const) {
        expect(asks({ rules: [named('user')] }, { jwt: { iss: ISSUER, sub: given } })).toBe(expected);
        expect(asks({ rules: [named('group')] }, { jwt: { iss: ISSUER, groups: [given] } })).toBe(expected);
        expect(asks({ rules: [tool(name)] }, { tool: given })).toBe(expected);
        expect(
          admitsWhen(
            { kind: 'header', name: 'x-env', operator: 'Equal', values: [name] },
            { headers: { 'x-env': given } },
          ),
        ).toBe(expected);
        const method = jwt({ claims: { user: ['sub'], groups: [name] } });
        expect(admits(route([method], ['group:admins']), { jwt: { iss: ISSUER, [given]: ['admins'] } })).toBe(expected);
      }
    }),
    { numRuns: 200 },
  );
});
