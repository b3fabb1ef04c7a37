import { apiKeys, basic, grant, ISSUER, jwt, level, LevelOptions, rate, rule } from './fixtures';
import { AuthenticationMethod, Principal, RouteConstraints, SingleMethod } from '../../../src/model/policy';
import { Route } from '../../../src/model/route';
import { toolGlob } from '../../../src/model/tool-pattern';
import { brokenConstraints, checkPolicy } from '../../../src/passes/policy/checks';
import { effectivePolicy } from '../../../src/passes/policy/merge';

const TOOLS = ['db_query', 'db_insert', 'k8s_get'];

function policyOf(gateway: LevelOptions, route: LevelOptions) {
  return effectivePolicy([level('gateway', gateway), level('route', route)]).policy;
}

function findings(gateway: LevelOptions, route: LevelOptions = {}, tools: readonly string[] | undefined = TOOLS) {
  return checkPolicy(policyOf(gateway, route), tools);
}

test('a policy that is right has no findings', () => {
  expect(
    findings(
      { authentication: [jwt()], rateLimits: [rate({ dimension: 'namespace', requests: 10_000 })] },
      { rules: [grant(['group:finance-admins'], ['db_*']), grant(['user:alice'], ['db_query'])], rateLimits: [rate()] },
    ),
  ).toEqual([]);
});

describe('limits by user', () => {
  test('without any authentication', () => {
    expect(findings({}, { rateLimits: [rate()] })).toMatchInlineSnapshot(`
     [
       {
         "id": "user-limit-without-authentication",
         "path": "app/route",
         "problem": "a limit for each user needs to know the user, and callers are not authenticated",
         "property": "rateLimits[0]",
         "remedy": "Add an authentication to the gateway or the route, or limit by IP address with RateLimit.perIp",
         "severity": "error",
         "value": "100 per hour for each user",
       },
     ]
    `);
    expect(findings({}, { rateLimits: [rate({ dimension: 'principal' })] })).toHaveLength(1);
    expect(
      findings(
        {},
        { rateLimits: [rate({ dimension: 'ip' }), rate({ dimension: 'tool' }), rate({ dimension: 'namespace' })] },
      ),
    ).toEqual([]);
  });

  test('with API keys of which some name no user', () => {
    expect(findings({ authentication: [apiKeys([{ user: 'ci' }, {}])] }, { rateLimits: [rate()] })).toMatchObject([
      { severity: 'error', problem: expect.stringContaining('API key that names none') },
    ]);
    expect(findings({ authentication: [apiKeys([{ user: 'ci' }])] }, { rateLimits: [rate()] })).toEqual([]);
    expect(
      findings({ authentication: [{ kind: 'anyOf', methods: [jwt(), apiKeys([{}])] }] }, { rateLimits: [rate()] }),
    ).toHaveLength(1);
    expect(findings({ authentication: [basic, apiKeys([{}])] }, { rateLimits: [rate()] })).toEqual([]);
  });
});

test('rules where nobody is authenticated', () => {
  expect(findings({}, { rules: [grant(['user:alice'], ['db_*'])] })).toMatchInlineSnapshot(`
   [
     {
       "id": "rule-without-authentication",
       "path": "app/route",
       "problem": "the rule names callers, and callers are not authenticated, so that it can grant nothing",
       "property": "rules[0]",
       "remedy": "Add an authentication to the gateway or the route",
       "severity": "error",
       "value": "user:alice may call and list db_*",
     },
   ]
  `);
});

test('rules of a gateway that leaves authentication to its routes', () => {
  expect(findings({ rules: [grant(['user:alice'], ['*'])] }, { authentication: [jwt()] })).toMatchObject([
    {
      severity: 'error',
      problem: expect.stringContaining('the gateway does not authenticate them'),
      remedy: 'Add an authentication to the gateway',
    },
  ]);
});

test('principals that no method names', () => {
  const idle = (authentication: LevelOptions['authentication'], principal: string) =>
    findings({ authentication }, { rules: [grant([principal], ['db_*'])] }).map(({ severity, value }) => [
      severity,
      value,
    ]);
  expect(idle([basic], 'group:admins')).toEqual([['warning', 'group:admins']]);
  expect(idle([basic], 'serviceaccount:finance:bot')).toEqual([['warning', 'serviceaccount:finance/bot']]);
  expect(idle([basic], 'user:alice')).toEqual([]);
  expect(idle([apiKeys([{ user: 'ci', groups: ['bots'] }])], 'user:alice')).toEqual([['warning', 'user:alice']]);
  expect(idle([apiKeys([{ user: 'ci', groups: ['bots'] }])], 'group:bots')).toEqual([]);
  expect(idle([jwt()], 'serviceaccount:finance:bot')).toEqual([]);
  expect(findings({ authentication: [basic] }, { rules: [grant(['group:admins'], ['db_*'])] })[0])
    .toMatchInlineSnapshot(`
   {
     "id": "principal-group-never-matches",
     "path": "app/route",
     "problem": "can never match: callers present a user name and password, which names no such caller",
     "property": "rules[0]",
     "remedy": "Authenticate with tokens (Authentication.jwt or oidc), give an API key this group, or remove the principal",
     "severity": "warning",
     "value": "group:admins",
   }
  `);
});

describe('names that several methods can yield', () => {
  const other = jwt({ issuer: 'https://customers.acme.dev', header: { name: 'x-token', prefix: '' } });
  const anyOf = (...methods: SingleMethod[]): AuthenticationMethod => ({ kind: 'anyOf', methods });
  const ambiguous = (authentication: LevelOptions['authentication'], ...principals: Principal[]) =>
    findings({ authentication }, { rules: [rule({ principals })] })
      .filter(({ id }) => id === 'principal-ambiguous')
      .map(({ value }) => value);
  const alice: Principal = { kind: 'user', name: 'alice' };
  const admins: Principal = { kind: 'group', name: 'admins' };
  const bot: Principal = { kind: 'serviceAccount', namespace: 'finance', name: 'bot' };

  test.each<[string, AuthenticationMethod[], Principal[], string[]]>([
    ['two issuers', [anyOf(jwt(), other)], [alice, admins], ['user:alice', 'group:admins']],
    ['two issuers, of service accounts', [anyOf(jwt(), other)], [bot], ['serviceaccount:finance/bot']],
    ['both of which are asked for', [jwt(), other], [alice], ['user:alice']],
    ['a token and a password', [anyOf(jwt(), basic)], [alice, admins], ['user:alice']],
    ['a token and a key of that user', [jwt(), apiKeys([{ user: 'alice' }])], [alice, admins], ['user:alice']],
    ['a token and a key of another', [jwt(), apiKeys([{ user: 'ci' }])], [alice, admins], []],
    ['one issuer in two ways', [anyOf(jwt(), jwt({ audiences: ['other'] }))], [alice, admins, bot], []],
    ['whoever it is', [anyOf(jwt(), other)], [{ kind: 'anyAuthenticated' }], []],
    ['an issuer that is said', [anyOf(jwt(), other)], [{ ...alice, source: { issuer: ISSUER } }], []],
    ['a method that is said', [anyOf(jwt(), basic)], [{ ...alice, source: { method: 'basic' } }], []],
  ])('%s', (_, authentication, principals, expected) => {
    expect(ambiguous(authentication, ...principals)).toEqual(expected);
  });

  test('are said to be so, with both ways out', () => {
    expect(findings({ authentication: [anyOf(jwt(), other)] }, { rules: [rule({ principals: [alice] })] })[0])
      .toMatchInlineSnapshot(`
     {
       "id": "principal-ambiguous",
       "path": "app/route",
       "problem": "can be verified by a token of https://auth.acme.dev and a token of https://customers.acme.dev, which may give this name to different callers, and the rule does not say by which",
       "property": "rules[0]",
       "remedy": "Say it: Principal.user(…, { issuer }) or { method }, and name the principal once for each that is meant",
       "severity": "error",
       "value": "user:alice",
     }
    `);
  });

  test('are of no matter to the rules of a gateway where only a route verifies one of them', () => {
    const rules = [rule({ principals: [alice] })];
    const ids = findings({ authentication: [jwt()], rules }, { authentication: [other] }).map(({ id }) => id);
    expect(ids).not.toContain('principal-ambiguous');
  });

  test('that no method in force can verify are said to match nobody', () => {
    const nobody = rule({ principals: [{ ...alice, source: { method: 'basic' } }] });
    expect(findings({ authentication: [jwt()] }, { rules: [nobody] })).toMatchObject([
      { id: 'principal-user-never-matches', value: 'user:alice by a password' },
    ]);
  });
});

test('patterns that no declared tool matches, where all are declared', () => {
  const rules = [grant(['user:alice'], ['bd_*', 'db_query'])];
  expect(findings({ authentication: [jwt()] }, { rules })).toMatchInlineSnapshot(`
   [
     {
       "id": "rule-tool-never-matches",
       "path": "app/route",
       "problem": "can never match: no server of app/route offers such a tool (db_query, db_insert, k8s_get)",
       "property": "rules[0]",
       "remedy": "Correct the pattern, or the \`tools\` of the servers",
       "severity": "warning",
       "value": "bd_*",
     },
   ]
  `);
  expect(checkPolicy(policyOf({ authentication: [jwt()] }, { rules }), undefined)).toEqual([]);
  // A gateway's rules are for all of its routes.
  expect(findings({ authentication: [jwt()], rules })).toEqual([]);
});

describe('rules that another level shadows', () => {
  const shadowed = (outer: Parameters<typeof grant>, inner: Parameters<typeof grant>) =>
    findings({ authentication: [jwt()], rules: [grant(...outer)] }, { rules: [grant(...inner)] }).map(
      ({ problem }) => problem.split(':')[0],
    );

  test('by tools', () => {
    expect(shadowed([['group:a'], ['k8s_*']], [['group:a'], ['db_*']])).toEqual(['has no effect']);
    expect(shadowed([['group:a'], ['*_query']], [['group:a'], ['db_*']])).toEqual([]);
  });

  test('by callers: a caller has one user, and any groups', () => {
    expect(shadowed([['user:bob'], ['*']], [['user:alice'], ['db_*']])).toEqual(['has no effect']);
    expect(shadowed([['group:b'], ['*']], [['user:alice'], ['db_*']])).toEqual([]);
    expect(shadowed([['group:b'], ['*']], [['group:a'], ['db_*']])).toEqual([]);
  });

  test('by actions', () => {
    expect(
      shadowed(
        [['user:a'], ['*'], { permissions: [{ tools: [toolGlob('*')], actions: ['tools/list'] }] }],
        [['user:a'], ['db_*'], { permissions: [{ tools: [toolGlob('db_*')], actions: ['tools/call'] }] }],
      ),
    ).toEqual(['has no effect']);
  });

  test('without declared tools only what is certain', () => {
    const undeclared = (outer: string, inner: string) =>
      checkPolicy(
        policyOf(
          { authentication: [jwt()], rules: [grant(['group:a'], [outer])] },
          { rules: [grant(['group:a'], [inner])] },
        ),
        undefined,
      ).length;
    expect(undeclared('k8s_*', 'db_*')).toBe(1);
    expect(undeclared('k8s_get', 'db_*')).toBe(1);
    expect(undeclared('*_get', 'db_*')).toBe(0);
    expect(undeclared('db*', 'db_*')).toBe(0);
  });

  test('says which rules there are', () => {
    expect(
      findings(
        { authentication: [jwt()], rules: [grant(['user:bob'], ['*'])] },
        { rules: [grant(['user:alice'], ['db_*'])] },
      )[0],
    ).toMatchInlineSnapshot(`
     {
       "id": "rule-without-effect",
       "path": "app/route",
       "problem": "has no effect: app/gateway grants nothing of it, and every level must grant (user:bob may call and list *)",
       "property": "rules[0]",
       "remedy": "Add a rule for it to app/gateway too, or remove it",
       "severity": "warning",
       "value": "user:alice may call and list db_*",
     }
    `);
  });
});

test('everything for everyone', () => {
  expect(findings({ authentication: [jwt()] }, { rules: [rule()] })).toMatchObject([
    { severity: 'warning', remedy: 'Name the tools, or the callers' },
  ]);
  expect(
    findings(
      { authentication: [jwt()] },
      { rules: [rule({ permissions: [{ tools: [toolGlob('*')], actions: ['tools/list'] }] })] },
    ),
  ).toEqual([]);
  expect(
    findings(
      { authentication: [jwt()] },
      { rules: [rule({ conditions: [{ kind: 'sourceIp', negated: false, cidrs: ['10.0.0.0/8'] }] })] },
    ),
  ).toEqual([]);
});

describe('constraints of a gateway on its routes', () => {
  const route: Route = {
    path: 'app/route',
    name: 'r',
    namespace: 'n',
    rendered: true,
    backends: [],
    matches: [
      { headers: [], method: 'tools/call', backends: [] },
      { headers: [], backends: [] },
    ],
  };
  const broken = (constraints: Partial<RouteConstraints>, gateway: LevelOptions = {}, own: LevelOptions = {}) =>
    brokenConstraints(
      { requireAuthentication: false, maximumRates: [], ...constraints },
      'app/gateway',
      route,
      policyOf(gateway, own),
    );

  test('authentication', () => {
    expect(broken({ requireAuthentication: true })).toMatchInlineSnapshot(`
     [
       {
         "id": "route-without-required-authentication",
         "path": "app/route",
         "problem": "app/gateway admits only routes with authentication (routeConstraints.requireAuthentication)",
         "property": "authentication",
         "remedy": "Add an authentication to the gateway or the route",
         "severity": "error",
         "value": undefined,
       },
     ]
    `);
    expect(broken({ requireAuthentication: true }, { authentication: [jwt()] })).toEqual([]);
    expect(broken({ requireAuthentication: true }, {}, { authentication: [jwt()] })).toEqual([]);
  });

  test('methods', () => {
    expect(broken({ allowedMethods: ['tools/list'] })).toMatchObject([
      { property: 'matches[0].method', value: 'tools/call' },
    ]);
    expect(broken({ allowedMethods: ['tools/call'] })).toEqual([]);
  });

  test('rates that a route states', () => {
    const maximumRates = [{ dimension: 'user', requests: 60, unit: 'minute' } as const];
    const stated = (requests: number) =>
      broken({ maximumRates }, { authentication: [jwt()] }, { rateLimits: [rate({ requests, unit: 'hour' })] });
    expect(stated(3600)).toEqual([]);
    expect(stated(3601)).toMatchObject([{ severity: 'error', value: '3601 per hour for each user' }]);
    expect(
      broken({ maximumRates }, {}, { rateLimits: [rate({ dimension: 'ip', requests: 1000, unit: 'second' })] }),
    ).toEqual([]);
  });
});
