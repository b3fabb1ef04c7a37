import { enforcementOf, tools } from './fixtures';
import { AccessRequest, callerOf } from '../../../src/passes/access/caller';
import { decide, isAllowed } from '../../../src/passes/access/decide';
import { Way } from '../../../src/passes/access/enforcement';
import { apiKeys, basic, grant, ISSUER, jwt, level, origin } from '../policy/fixtures';

const gateway = level('gateway', { authentication: [jwt()] });
const finance = level('route', {
  rules: [
    grant(['group:finance-admins'], ['db_*'], { origin: origin('allow[0]') }),
    grant(['user:alice'], ['db_query'], {
      origin: origin('allow[1]'),
      conditions: [{ kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] }],
    }),
  ],
});
const enforcement = enforcementOf([gateway, finance]);

function ask(request: Partial<Extract<AccessRequest, { tool: string }>>) {
  const whole: AccessRequest = { tool: 'db_query', action: 'tools/call', ...request };
  const decision = decide(enforcement, whole);
  expect(isAllowed(enforcement, whole)).toBe(decision.allowed);
  return decision;
}

test('what a rule grants is allowed, and the reason is the rule', () => {
  const { allowed, reasons } = ask({ caller: { groups: ['finance-admins'] }, tool: 'db_insert' });
  expect(allowed).toBe(true);
  expect(reasons).toEqual([
    {
      level: 'route',
      rule: { path: 'app/route', property: 'allow[0]' },
      expression: 'group:finance-admins may call and list db_*',
      words: 'group:finance-admins may call and list db_*',
    },
  ]);
});

test('what no rule grants is denied, and the reason says who, what and where', () => {
  const { allowed, reasons } = ask({ caller: { groups: ['interns'] }, tool: 'db_insert' });
  expect(allowed).toBe(false);
  expect(reasons[0]).toMatchObject({
    level: 'route',
    words: 'no rule of the route allows group:interns to call db_insert (app/route: allow[0]; app/route: allow[1])',
  });
});

test('conditions are those of the request', () => {
  expect(ask({ caller: { user: 'alice' }, sourceIp: '10.1.2.3' }).allowed).toBe(true);
  expect(ask({ caller: { user: 'alice' }, sourceIp: '11.1.2.3' }).allowed).toBe(false);
  expect(ask({ caller: { user: 'alice' }, sourceIp: '10.1.2.3', tool: 'db_insert' }).allowed).toBe(false);
});

test('missing data denies, and the reason says what could not be evaluated', () => {
  const { allowed, reasons } = ask({ caller: { user: 'alice' } });
  expect(allowed).toBe(false);
  expect(reasons[0].words).toContain('cannot be evaluated for this request: the address is not known');
});

test('without credentials nothing is allowed where credentials are asked for', () => {
  expect(ask({ caller: undefined })).toEqual({
    allowed: false,
    reasons: [
      { level: 'authentication', words: `callers have to present a token of ${ISSUER} in the header authorization` },
    ],
  });
  expect(decide(enforcementOf([level('route')]), { tool: 'x', action: 'tools/call' })).toEqual({
    allowed: true,
    reasons: [],
  });
});

test('without rules every authenticated caller passes', () => {
  expect(decide(enforcementOf([gateway]), { caller: {}, tool: 'x', action: 'tools/list' }).allowed).toBe(true);
});

test('both levels have to grant, and each has its reason', () => {
  const strict = level('gateway', { authentication: [jwt()], rules: [grant(['group:finance-admins'], ['*_query'])] });
  const both = enforcementOf([strict, finance]);
  const admin = callerOf({ kind: 'group', name: 'finance-admins' });
  expect(
    decide(both, { caller: admin, tool: 'db_query', action: 'tools/call' }).reasons.map(reason => reason.level),
  ).toEqual(['gateway', 'route']);
  const denied = decide(both, { caller: admin, tool: 'db_insert', action: 'tools/call' });
  expect(denied.allowed).toBe(false);
  expect(new Set(denied.reasons.map(reason => reason.level))).toEqual(new Set(['gateway']));
});

test('calling and listing are granted apart', () => {
  const listOnly = enforcementOf([
    gateway,
    level('route', {
      rules: [
        grant(['user:alice'], ['x'], {
          permissions: [{ tools: [{ kind: 'exact', value: 'x' }], actions: ['tools/list'] }],
        }),
      ],
    }),
  ]);
  expect(decide(listOnly, { caller: { user: 'alice' }, tool: 'x', action: 'tools/list' }).allowed).toBe(true);
  expect(decide(listOnly, { caller: { user: 'alice' }, tool: 'x', action: 'tools/call' }).allowed).toBe(false);
});

test('a tool that no server shows is not there, whoever asks', () => {
  const shown = enforcementOf([gateway], {
    ways: [
      { id: 'default: a', require: [tools('x', tool => tool === 'x')] },
      {
        id: 'default: b',
        require: [tools('y*', tool => tool.startsWith('y')), tools('not yz', tool => tool !== 'yz')],
      },
    ],
  });
  const allowed = (tool: string) => decide(shown, { caller: {}, tool, action: 'tools/call' });
  expect(['x', 'y1', 'yz', 'z'].map(tool => allowed(tool).allowed)).toEqual([true, true, false, false]);
  expect(allowed('z').reasons).toEqual([
    { level: 'exposure', words: 'no server of finance/smart offers z to this request (default: a, default: b)' },
  ]);
});

test('headers in any case, and repeated', () => {
  const byHeader = enforcementOf([
    gateway,
    level('route', {
      rules: [
        grant(['user:alice'], ['*'], {
          conditions: [{ kind: 'header', name: 'x-env', operator: 'Equal', values: ['a,b'] }],
        }),
      ],
    }),
  ]);
  expect(
    decide(byHeader, { caller: { user: 'alice' }, tool: 'x', action: 'tools/call', headers: { 'X-Env': ['a', 'b'] } })
      .allowed,
  ).toBe(true);
});

describe('callers', () => {
  const everyMethod = (methods: Parameters<typeof level>[1], principals: string[]) =>
    enforcementOf([level('gateway', { ...methods, rules: [grant(principals, ['*'])] })]);
  const allowed = (of: ReturnType<typeof enforcementOf>, caller: AccessRequest['caller']) =>
    decide(of, { caller, tool: 'x', action: 'tools/call' });

  test('principals as callers', () => {
    expect(callerOf({ kind: 'user', name: 'alice' })).toEqual({ user: 'alice' });
    expect(callerOf({ kind: 'group', name: 'admins' })).toEqual({ groups: ['admins'] });
    expect(callerOf({ kind: 'serviceAccount', namespace: 'finance', name: 'bot' })).toEqual({
      user: 'system:serviceaccount:finance:bot',
    });
    expect(callerOf({ kind: 'anyAuthenticated' })).toEqual({});
    expect(
      allowed(
        everyMethod({ authentication: [jwt()] }, ['serviceaccount:finance:bot']),
        callerOf({ kind: 'serviceAccount', namespace: 'finance', name: 'bot' }),
      ).allowed,
    ).toBe(true);
  });

  test('a caller has the API key that is his, and no other', () => {
    const keys = everyMethod({ authentication: [apiKeys([{ user: 'ci', groups: ['bots'] }, { user: 'cd' }])] }, [
      'user:ci',
      'group:bots',
    ]);
    expect(allowed(keys, { user: 'ci' }).allowed).toBe(true);
    expect(allowed(keys, { groups: ['bots'] }).allowed).toBe(true);
    expect(allowed(keys, { user: 'cd' }).allowed).toBe(false);
    expect(allowed(keys, { user: 'alice' }).reasons[0]).toMatchObject({
      level: 'authentication',
      words: expect.stringContaining('no API key is given to user:alice'),
    });
    expect(allowed(keys, { user: 'cd', groups: ['bots'] }).allowed).toBe(false);
  });

  test('where another method names the caller, any key lets him pass and says nothing', () => {
    const both = everyMethod({ authentication: [jwt(), apiKeys([{ user: 'ci' }])] }, ['user:alice', 'user:ci']);
    expect(allowed(both, { user: 'alice' }).allowed).toBe(true);
    expect(allowed(both, { user: 'bob' }).allowed).toBe(false);
  });

  test('of several methods, the one that can name the caller', () => {
    const choice = everyMethod(
      { authentication: [{ kind: 'anyOf', methods: [basic, apiKeys([{ user: 'ci', groups: ['bots'] }]), jwt()] }] },
      ['group:bots', 'group:admins', 'user:alice'],
    );
    expect(allowed(choice, { groups: ['bots'] }).allowed).toBe(true);
    expect(allowed(choice, { groups: ['admins'] }).allowed).toBe(true);
    expect(allowed(choice, { user: 'alice' }).allowed).toBe(true);
    expect(allowed(choice, { user: 'bob' }).allowed).toBe(false);
  });

  test('claims as they stand in the token', () => {
    const nested = everyMethod(
      { authentication: [jwt({ claims: { user: ['sub'], groups: ['realm_access', 'roles'] } })] },
      ['group:admins'],
    );
    expect(allowed(nested, { groups: ['admins'] }).allowed).toBe(true);
    expect(allowed(nested, { claims: { realm_access: { roles: ['admins'] } } }).allowed).toBe(true);
    expect(allowed(nested, { claims: { realm_access: { roles: 'administrators' } } }).allowed).toBe(false);
  });

  test('a user by name or certificate', () => {
    const certificate = {
      kind: 'clientCertificate',
      ca: { kind: 'secret', ref: { secretName: 'ca', key: 'ca.crt' } },
    } as const;
    expect(allowed(everyMethod({ authentication: [basic] }, ['user:alice']), { user: 'alice' }).allowed).toBe(true);
    expect(allowed(everyMethod({ authentication: [certificate] }, ['user:alice']), { user: 'alice' }).allowed).toBe(
      true,
    );
    expect(allowed(everyMethod({ authentication: [certificate] }, ['user:alice']), { user: 'bob' }).allowed).toBe(
      false,
    );
  });
});

describe('behind an entry, a server', () => {
  const rules = [
    grant(['user:alice'], ['db_*']),
    grant(['user:bob'], ['db_*'], { conditions: [{ kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] }] }),
  ];
  const own = enforcementOf([level('server', { authentication: [jwt()], rules })], { entry: 'ledger' });
  const askBehind = (ways: readonly Way[], request: Partial<Extract<AccessRequest, { tool: string }>>) => {
    const entry = enforcementOf([gateway], { ways });
    const whole: AccessRequest = { tool: 'db_query', action: 'tools/call', sourceIp: '10.1.2.3', ...request };
    const decision = decide(entry, whole);
    expect(isAllowed(entry, whole)).toBe(decision.allowed);
    return [decision.allowed, decision.reasons.map(reason => `${reason.level}: ${reason.words}`)];
  };
  const guarded: Way = {
    id: 'default: ledger',
    require: [tools('db_*', tool => tool.startsWith('db_'))],
    guard: own,
  };

  test('that asks its callers itself decides as well, for itself alone', () => {
    expect(askBehind([guarded], { caller: { user: 'alice' } })).toEqual([
      true,
      ['server: ledger itself: user:alice may call and list db_*'],
    ]);
    expect(askBehind([guarded], { caller: { user: 'carol' } })).toEqual([
      false,
      [expect.stringMatching(/^server: ledger itself: no rule of the server allows user:carol to call db_query/)],
    ]);
    expect(
      askBehind([guarded, { id: 'match-0: open', require: [tools('open', tool => tool === 'open')] }], {
        caller: { user: 'carol' },
        tool: 'open',
      }),
    ).toEqual([true, []]);
  });

  test('gets requests from the gateway, and does not know where they came from', () => {
    expect(askBehind([guarded], { caller: { user: 'bob' } })[0]).toBe(false);
  });

  test('may be one of several that serve a tool, some of which let the caller in', () => {
    expect(askBehind([guarded, { id: 'default: canary', require: [] }], { caller: { user: 'carol' } })[0]).toBe(true);
  });

  test('is not asked about what the entry does not serve', () => {
    expect(askBehind([guarded], { caller: { user: 'alice' }, tool: 'other' })).toEqual([
      false,
      [expect.stringMatching(/^exposure: /)],
    ]);
  });
});
