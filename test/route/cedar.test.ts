import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AccessMatrix,
  ApiKey,
  Authentication,
  AuthzConfig,
  HeaderMatch,
  McpDiagnostics,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerSource,
  Principal,
  Reconciliation,
  ToolAction,
  ToolMatch,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';
import { validateObjects } from '../support/validate';

const JWT = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});
const cedar = (...policies: string[]) => AuthzConfig.inline({ policies });
const ADMINS = 'permit(principal in Group::"admins", action, resource);';

/** A route to a server that has the tools `db_query` and `db_drop`. */
function topology(options: McpRouteProps = {}, gatewayOptions: McpGatewayProps = {}) {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    authentication: [JWT],
    ...gatewayOptions,
  });
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query', 'db_drop'],
  });
  return {
    app,
    gateway,
    team,
    ledger,
    route: new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }], ...options }),
  };
}

const errorsOf = (app: App) => McpDiagnostics.of(app).errors.map(({ text }) => text);
const warningsOf = (app: App) =>
  McpDiagnostics.of(app)
    .warnings.filter(({ property }) => property.startsWith('authzConfig'))
    .map(({ text }) => text);

describe('a route with Cedar policies', () => {
  const { app, route } = topology({
    authzConfig: AuthzConfig.inline({
      policies: [
        '@id("admins") permit(principal in Group::"staff", action, resource in Server::"finance/ledger");',
        '@id("readers") permit(principal, action == Action::"list_tools", resource == Tool::"db_query") when { principal.claims has level && principal.claims.level >= 2 };',
        '@id("no bulk") forbid(principal, action == Action::"call_tool", resource) when { context.arguments has limit && context.arguments.limit > 1000 };',
      ],
      entitiesJson: JSON.stringify([
        { uid: { type: 'Group', id: 'admins' }, parents: [{ type: 'Group', id: 'staff' }] },
      ]),
    }),
  });
  const access = AccessMatrix.of(app);
  const admin = Principal.group('admins');
  const words = (question: Parameters<AccessMatrix['decide']>[0]) =>
    access.decide(question).reasons.map(reason => `${reason.level}: ${reason.words}`);

  test.each<[string, Omit<Parameters<AccessMatrix['decide']>[0], 'route'>, boolean, string]>([
    [
      'a permitted call',
      { principal: admin, tool: 'db_drop', arguments: { limit: 1000 } },
      true,
      'route: the Cedar policy "admins" of the route permits it (finance/books: authzConfig.policies[0])',
    ],
    [
      'a forbidden call',
      { principal: admin, tool: 'db_drop', arguments: { limit: 1001 } },
      false,
      'route: the Cedar policy "no bulk" of the route forbids group:admins to call db_drop (finance/books: authzConfig.policies[2])',
    ],
    [
      'an argument of another type',
      { principal: admin, tool: 'db_drop', arguments: { limit: '1001' } },
      false,
      'route: the Cedar policies of the route do not judge group:admins to call db_drop, and so deny it: an argument has another type than the policies use it as (finance/books: authzConfig)',
    ],
    [
      'a caller whom nothing permits',
      { principal: Principal.user('bob'), tool: 'db_drop' },
      false,
      'route: no Cedar policy of the route permits user:bob to call db_drop (finance/books: authzConfig)',
    ],
    [
      'a permitted list',
      { claims: { sub: 'bob', level: 2 }, tool: 'db_query', action: ToolAction.LIST },
      true,
      'route: the Cedar policy "readers" of the route permits it (finance/books: authzConfig.policies[1])',
    ],
    [
      'the call of a tool that may be listed',
      { claims: { sub: 'bob', level: 2 }, tool: 'db_query' },
      false,
      'route: no Cedar policy of the route permits claims {"sub":"bob","level":2} to call db_query (finance/books: authzConfig)',
    ],
    [
      'a claim of another type',
      { claims: { sub: 'bob', groups: ['admins'], level: '2' }, tool: 'db_query' },
      false,
      'route: the Cedar policies of the route do not judge claims {"sub":"bob","groups":["admins"],"level":"2"} to call db_query, and so deny it: ' +
        'a claim has another type than the policies use it as (finance/books: authzConfig)',
    ],
    [
      'a caller without credentials',
      { tool: 'db_query' },
      false,
      'authentication: callers have to present a token of https://auth.acme.dev in the header authorization',
    ],
  ])('%s', (_, question, allowed, reason) => {
    expect([access.decide({ route, ...question }).allowed, words({ route, ...question })]).toEqual([allowed, [reason]]);
  });

  test('has a matrix of everyone and every tool that policies name', () => {
    expect(access.toMarkdown()).toMatchInlineSnapshot(`
"### finance/books

|  | db_drop | db_query |
|-|-|-|
| group:admins | call, list | call, list |
| group:staff | call, list | call, list |
| any authenticated caller | - | - |
| without credentials | - | - |
"
`);
  });

  test('is a resource that says so, and a policy in words', () => {
    const objects = objectsOf(app);
    expect(validateObjects(objects)).toEqual([]);
    expect(find(objects, 'MCPRoute').spec.authzConfig.inline.policies).toHaveLength(3);
    expect(route.effectivePolicy).toMatchInlineSnapshot(`
"authentication, all of:
  a token of https://auth.acme.dev in the header authorization (platform/gateway: authentication[0])
authorization, a grant of each level:
  route, some permit of Cedar and no forbid:
    permit "admins" (finance/books: authzConfig.policies[0])
    permit "readers" (finance/books: authzConfig.policies[1])
    forbid "no bulk" (finance/books: authzConfig.policies[2])
rate limits: none"
`);
  });
});

test('policies of both levels and rules have to grant, each of them', () => {
  const { app, route } = topology(
    {
      authzConfig: cedar(ADMINS),
      authorization: [{ principals: [Principal.anyAuthenticated()], permissions: [{ tools: ['db_query'] }] }],
    },
    {
      authzConfig: cedar(
        'permit(principal, action, resource) unless { context.sourceIp.isInRange(ip("192.168.0.0/16")) };',
      ),
    },
  );
  const access = AccessMatrix.of(app, { sourceIp: '10.1.2.3' });
  const admin = Principal.group('admins');
  access.expectAllowed({ route, principal: admin, tool: 'db_query' });
  access.expectDenied({ route, principal: admin, tool: 'db_drop' });
  access.expectDenied({ route, principal: Principal.group('staff'), tool: 'db_query' });
  access.expectDenied({ route, principal: admin, tool: 'db_query', sourceIp: '192.168.1.1' });
  expect(
    access
      .decide({ route, principal: Principal.group('staff'), tool: 'db_drop', sourceIp: '192.168.1.1' })
      .reasons.map(({ level }) => level),
  ).toEqual(['gateway', 'route', 'route']);
});

test('a change of policies is a difference of matrices', () => {
  const before = AccessMatrix.of(topology({ authzConfig: cedar(ADMINS) }).app);
  const after = AccessMatrix.of(
    topology({
      authzConfig: cedar(ADMINS, 'forbid(principal, action == Action::"call_tool", resource == Tool::"db_drop");'),
    }).app,
  );
  expect(AccessMatrix.diff(before, after)).toEqual([
    { change: 'lost', route: 'finance/books', principal: 'group:admins', tool: 'db_drop', action: 'tools/call' },
  ]);
});

test('a gateway reads claims of the tokens that it verifies itself, never of those that a route does', () => {
  const { app, route } = topology(
    { authentication: [JWT] },
    {
      authentication: [Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32), { user: 'ci' })] })],
      authzConfig: cedar(
        'permit(principal, action, resource) when { principal.claims has admin && principal.claims.admin };',
      ),
    },
  );
  AccessMatrix.of(app).expectDenied({ route, claims: { sub: 'mallory', admin: true }, tool: 'db_query' });
  expect(find(objectsOf(app), 'ConfigMap').data['config.yaml']).not.toMatch(/\? jwt :/);
});

describe('servers', () => {
  const POLICIES = cedar(
    'permit(principal == User::"alice", action, resource in Server::"finance/beta");',
    'permit(principal == User::"bob", action, resource in Server::"finance/ledger");',
  );
  const server = (team: Chart, name: string, ...tools: string[]) =>
    new McpServer(team, name, {
      source: McpServerSource.image('ghcr.io/acme/x:1'),
      ...(tools.length === 0 ? {} : { tools }),
    });

  test('are those that get the request and declare the tool', () => {
    const { app, team, route } = topology({ authzConfig: POLICIES });
    route.addMatch({
      headers: [HeaderMatch.exact('x-release', 'beta')],
      backends: [{ server: server(team, 'beta', 'db_query') }],
    });
    route.addMatch({ tools: ToolMatch.glob('report'), backends: [{ server: server(team, 'reports', 'report') }] });
    const access = AccessMatrix.of(app);
    const asked = (user: string, tool: string, release: string) =>
      access.decide({ route, principal: Principal.user(user), tool, headers: { 'x-release': release } }).allowed;
    expect([
      asked('alice', 'db_query', 'beta'),
      asked('alice', 'db_query', 'stable'),
      asked('bob', 'db_query', 'beta'),
      asked('bob', 'db_query', 'stable'),
    ]).toEqual([true, false, false, true]);
    expect([
      asked('bob', 'db_drop', 'stable'),
      asked('bob', 'db_drop', 'beta'),
      asked('bob', 'report', 'stable'),
    ]).toEqual([true, false, false]);
    expect(
      access.decide({
        route,
        principal: Principal.user('bob'),
        tool: 'hidden',
        undeclared: true,
        headers: { 'x-release': 'stable' },
      }).reasons[0].words,
    ).toMatch('no server that gets the request declares the tool, so which one serves it is not known');
  });

  test('that share requests are both those of a tool', () => {
    const { app, team, route } = topology({ authzConfig: POLICIES });
    route.addBackend(server(team, 'beta', 'db_query'));
    const access = AccessMatrix.of(app);
    access.expectAllowed({ route, principal: Principal.user('alice'), tool: 'db_query' });
    access.expectAllowed({ route, principal: Principal.user('bob'), tool: 'db_query' });
    access.expectDenied({ route, principal: Principal.user('alice'), tool: 'db_drop' });
  });

  test('of several have to declare their tools, where policies ask for servers', () => {
    const { app, team, route } = topology({ authzConfig: POLICIES });
    route.addBackend(server(team, 'beta'));
    expect(errorsOf(app)).toEqual([
      expect.stringMatching(
        /^\[finance\/books\] authzConfig\.policies\[0\]: got \["finance\/beta"\]: .* of the servers at \/routes\/finance\/books MCPServer finance\/beta does not declare tools\. Declare the `tools`/,
      ),
    ]);
    const indifferent = topology({ authzConfig: cedar(ADMINS) });
    indifferent.route.addBackend(server(indifferent.team, 'beta'));
    expect(errorsOf(indifferent.app)).toEqual([]);
  });
});

describe('errors', () => {
  test.each<[string, AuthzConfig, RegExp]>([
    [
      'syntax',
      cedar(ADMINS, 'permit(principal, action, resource)\n  when { resource.name = "x" };'),
      /^\[finance\/books\] authzConfig\.policies\[1\]: .*: is not Cedar: .*, at line 2, column \d+:\n +when \{ resource\.name = "x" \};\n +\^ here/,
    ],
    [
      'an unknown type of entity',
      cedar('permit(principal == Client::"x", action, resource);'),
      /authzConfig\.policies\[0\]: .*unrecognized entity type `Client`/,
    ],
    [
      'a construct that cannot be compiled',
      cedar(
        '@id("sum") permit(principal, action == Action::"call_tool", resource) when { context.arguments has n && context.arguments.n + 1 > 2 };',
      ),
      /authzConfig\.policies\[0\]: .*policy "sum" uses .*, which cannot be compiled for a gateway\. ./,
    ],
    [
      'entities that are no JSON',
      AuthzConfig.inline({ policies: [ADMINS], entitiesJson: '[{]' }),
      /authzConfig\.entitiesJson: got "\[\{\]": is not JSON/,
    ],
    [
      'an entity of the wrong form',
      AuthzConfig.inline({ policies: [ADMINS], entitiesJson: '[{"id": "x"}]' }),
      /authzConfig\.entitiesJson\[0\]: .*which entities do not have here/,
    ],
    [
      'ids that are there twice',
      cedar(`@id("a") ${ADMINS}`, '@id("a") permit(principal == User::"x", action, resource);'),
      /authzConfig\.policies\[1\]: .*has the id "a", as another policy has/,
    ],
    [
      'a policy for no request',
      cedar(ADMINS, 'forbid(principal == Group::"x", action, resource);'),
      /authzConfig\.policies\[1\]: .*can never apply/,
    ],
    [
      'the header of a credential',
      cedar('permit(principal, action, resource) when { context.headers has authorization };'),
      /authzConfig: got "authorization": agentgateway cannot ask about the header of a credential/,
    ],
  ])('%s', (_, authzConfig, message) => {
    const { app } = topology({ authzConfig });
    expect(errorsOf(app)).toEqual([expect.stringMatching(message)]);
    expect(messageOf(() => app.synthYaml())).toMatch('authzConfig');
  });

  test('of a gateway are reported once, and where it serves nothing too', () => {
    const app = new App();
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    new McpGateway(platform, 'gateway', { authentication: [JWT], authzConfig: cedar('permit;') });
    expect(errorsOf(app)).toEqual([
      expect.stringMatching(/^\[platform\/gateway\] authzConfig\.policies\[0\]: .*is not Cedar/),
    ]);
    const served = topology({}, { authzConfig: cedar('permit;') });
    new McpRoute(served.team, 'other', { gateway: served.gateway, backends: [{ server: served.ledger }] });
    expect(errorsOf(served.app)).toHaveLength(1);
  });

  test.each<[string, McpRouteProps, McpGatewayProps, RegExp]>([
    [
      'nobody is authenticated',
      { authzConfig: cedar(ADMINS) },
      { authentication: undefined },
      /^\[finance\/books\] authzConfig: .*callers are not authenticated, so that nothing can be permitted\. Add an authentication to the gateway or the route/,
    ],
    [
      'only the route authenticates',
      { authentication: [JWT] },
      { authentication: undefined, authzConfig: cedar(ADMINS) },
      /^\[platform\/gateway\] authzConfig: .*the gateway does not authenticate it.*Add an authentication to the gateway/,
    ],
    [
      'keys name no user',
      { authzConfig: cedar(ADMINS) },
      { authentication: [Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32), { groups: ['admins'] })] })] },
      /^\[finance\/books\] authzConfig: .*API keys that name none.*Give each API key a user/,
    ],
  ])('where %s', (_, route, gateway, message) => {
    expect(errorsOf(topology(route, gateway).app)).toEqual([expect.stringMatching(message)]);
  });

  test('in controller mode, where the resources have no field for it', () => {
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    Reconciliation.CONTROLLER.applyTo(chart);
    expect(messageOf(() => new McpRoute(chart, 'books', { authzConfig: cedar(ADMINS) }))).toMatch(
      'authzConfig: got "(given)": has no field in the MCPRoute resource',
    );
    expect(messageOf(() => new McpGateway(chart, 'gateway', { authzConfig: cedar(ADMINS) }))).toMatch(
      'authzConfig: got "(given)": has no field in the gateway resource',
    );
  });
});

test('warns of what is probably not meant', () => {
  const keys = Authentication.apiKey({
    keys: [ApiKey.sha256('ab'.repeat(32), { user: 'ci' }), ApiKey.sha256('cd'.repeat(32))],
  });
  const { app } = topology(
    {
      authzConfig: cedar(
        'permit(principal, action, resource);',
        'permit(principal == User::"x", action, resource == Tool::"db_qery");',
        'permit(principal == User::"x", action, resource in Server::"ledger");',
      ),
    },
    { authentication: [keys] },
  );
  expect(warningsOf(app)).toEqual([
    expect.stringMatching(/authzConfig: .*some callers pass with an API key that names no user, and Cedar denies them/),
    expect.stringMatching(/authzConfig\.policies\[0\]: .*every caller with a name may call every tool/),
    expect.stringMatching(
      /authzConfig\.policies\[1\]: got "db_qery": policy "policies\[1\]" names a tool that \/routes\/finance\/books does not serve \(db_query, db_drop\)/,
    ),
    expect.stringMatching(
      /authzConfig\.policies\[2\]: got "ledger": policy "policies\[2\]" names a server that .* \(finance\/ledger\)\. Correct the name: it is namespace\/name/,
    ),
  ]);
});

describe('a ConfigMap', () => {
  const document = (policies: string[]) =>
    JSON.stringify({ version: '1.0', type: 'cedarv1', cedar: { policies, entities_json: '[]' } });

  test('is read when the app is synthesized, and again when it has got other data', () => {
    const { app, team, gateway, ledger } = topology();
    const map = new kplus.ConfigMap(team, 'cedar', { metadata: { name: 'cedar' } });
    const route = new McpRoute(team, 'mapped', {
      gateway,
      backends: [{ server: ledger }],
      authzConfig: AuthzConfig.fromConfigMap(map),
    });
    expect(errorsOf(app)).toEqual([
      expect.stringContaining(
        '[finance/mapped] authzConfig.configMap[authz.json]: got nothing: the ConfigMap cedar has no key authz.json',
      ),
    ]);
    map.addData('authz.json', document([ADMINS]));
    expect(errorsOf(app)).toEqual([]);
    AccessMatrix.of(app).expectAllowed({ route, principal: Principal.group('admins'), tool: 'db_query' });
    AccessMatrix.of(app).expectDenied({ route, principal: Principal.group('staff'), tool: 'db_query' });
    const objects = objectsOf(app);
    expect(validateObjects(objects)).toEqual([]);
    expect(find(objects, 'MCPRoute', 'mapped').spec.authzConfig).toEqual({
      configMap: { name: 'cedar', key: 'authz.json' },
    });
  });

  test('of a gateway too', () => {
    const app = new App();
    const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
    const map = new kplus.ConfigMap(platform, 'cedar', { data: { p: document(['permit;']) } });
    new McpGateway(platform, 'gateway', {
      authentication: [JWT],
      authzConfig: AuthzConfig.fromConfigMap(map, { key: 'p' }),
    });
    expect(errorsOf(app)).toEqual([
      expect.stringMatching(
        /^\[platform\/gateway\] authzConfig\.configMap\[p\]\.policies\[0\]: got "permit;": is not Cedar/,
      ),
    ]);
  });

  test('has to be in the namespace of the resource', () => {
    const { app, team } = topology();
    const map = new kplus.ConfigMap(new Chart(app, 'elsewhere', { namespace: 'elsewhere' }), 'cedar', {
      metadata: { name: 'cedar' },
    });
    expect(messageOf(() => new McpRoute(team, 'mapped', { authzConfig: AuthzConfig.fromConfigMap(map) }))).toMatch(
      '[finance/mapped] authzConfig: got "elsewhere/cedar": is a ConfigMap of another namespace, and a resource refers to those of its own (finance) only',
    );
  });
});
