import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import {
  AccessMatrix,
  Authentication,
  Condition,
  HeaderOperator,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
} from '../../src';

const JWT = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});
const TOOLS = ['db_query', 'db_insert'];

interface Topology {
  readonly app: App;
  readonly gateway: McpGateway;
  readonly route: McpRoute;
  readonly ledger: McpServer;
}

function topology(options: McpGatewayOptions = {}): Topology {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    authentication: [JWT],
    ...options,
  });
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: TOOLS,
  });
  return { app, gateway, ledger, route: new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] }) };
}

/** The north star's rules. */
function ruled(): Topology {
  const made = topology();
  made.route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
  made.route.allow(Principal.user('alice'), { tools: ['db_query'], when: [Condition.sourceIp('10.0.0.0/8')] });
  return made;
}

describe('decide', () => {
  const { app, route } = ruled();
  const access = AccessMatrix.of(app);
  const admin = Principal.group('finance-admins');
  const alice = Principal.user('alice');

  test('says which rule granted, in words and as it is emitted', () => {
    const { allowed, reasons } = access.decide({ route, principal: admin, tool: 'db_insert' });
    expect([allowed, reasons]).toEqual([
      true,
      [
        {
          level: 'route',
          words: expect.stringContaining('group:finance-admins may call and list db_*'),
          expression: expect.stringContaining('finance-admins'),
        },
      ],
    ]);
  });

  test('says what stopped a request', () => {
    const { allowed, reasons } = access.decide({ route, principal: Principal.group('interns'), tool: 'db_insert' });
    expect(allowed).toBe(false);
    expect(reasons.map(({ level, words }) => `${level}: ${words}`)).toEqual([
      expect.stringMatching(/^route: no rule of the route allows .*interns.* to call db_insert/),
    ]);
  });

  test.each<[string, Parameters<AccessMatrix['decide']>[0], boolean]>([
    ['an address in range', { route, principal: alice, tool: 'db_query', sourceIp: '10.1.2.3' }, true],
    ['an address out of range', { route, principal: alice, tool: 'db_query', sourceIp: '11.1.2.3' }, false],
    ['an unknown address', { route, principal: alice, tool: 'db_query' }, false],
    ['another tool', { route, principal: alice, tool: 'db_insert', sourceIp: '10.1.2.3' }, false],
    ['another user', { route, principal: Principal.user('bob'), tool: 'db_query', sourceIp: '10.1.2.3' }, false],
    ['a list', { route, principal: admin, tool: 'db_query', action: ToolAction.LIST }, true],
    ['no credentials', { route, tool: 'db_query' }, false],
    [
      'claims that name the group',
      { route, claims: { sub: 'carol', groups: ['x', 'finance-admins'] }, tool: 'db_query' },
      true,
    ],
    [
      'claims that win over the principal',
      { route, principal: admin, claims: { sub: 'carol', groups: ['x'] }, tool: 'db_query' },
      false,
    ],
    [
      'a tool that nobody serves, but a rule grants',
      { route, principal: admin, tool: 'db_drop', undeclared: true },
      true,
    ],
  ])('%s', (_, question, expected) => {
    expect(access.decide(question).allowed).toBe(expected);
  });

  test('expectations say why they fail', () => {
    access.expectAllowed({ route, principal: admin, tool: 'db_query' });
    access.expectDenied({ route, principal: alice, tool: 'db_insert' });
    expect(() => access.expectAllowed({ route, principal: alice, tool: 'db_insert' })).toThrow(
      /^Expected admission of user:alice, tools\/call of db_insert at finance\/books, but it is denied:\n {2}route: no rule of the route allows .*/,
    );
    expect(() => access.expectDenied({ route, principal: admin, tool: 'db_insert' })).toThrow(
      /^Expected denial of group:finance-admins, tools\/call of db_insert at finance\/books, but it is admitted:\n {2}route: .*finance-admins may call and list db_\*/,
    );
    expect(() => access.expectAllowed({ route, tool: 'db_insert' })).toThrow(
      'Expected admission of a caller without credentials, tools/call of db_insert at finance/books, but it is denied:\n  authentication: ',
    );
  });
});

test('nothing restricts an open route', () => {
  const { app, route } = topology({ authentication: undefined });
  const access = AccessMatrix.of(app);
  expect(access.decide({ route, tool: 'db_query' })).toEqual({ allowed: true, reasons: [] });
  expect(() => access.expectDenied({ route, tool: 'db_query' })).toThrow('nothing restricts it');
});

test('headers and times, of the question or of the whole matrix', () => {
  const { app, route } = topology();
  route.allow(Principal.anyAuthenticated(), {
    tools: ['db_query'],
    when: [Condition.header('X-Release', HeaderOperator.EQUAL, 'stable')],
  });
  route.allow(Principal.anyAuthenticated(), {
    tools: ['db_insert'],
    when: [Condition.timeOfDay('08:00', '18:00', 'Europe/Berlin')],
  });
  const bob = Principal.user('bob');
  const access = AccessMatrix.of(app);
  expect(access.decide({ route, principal: bob, tool: 'db_query', headers: { 'x-release': 'stable' } }).allowed).toBe(
    true,
  );
  expect(access.decide({ route, principal: bob, tool: 'db_query', headers: { 'x-release': 'beta' } }).allowed).toBe(
    false,
  );
  // 07:30 in UTC is 08:30 in Berlin in winter, and 16:30 is 17:30.
  expect(
    ['2026-11-23T06:59:00Z', '2026-11-23T07:00:00Z', '2026-11-23T16:59:00Z', '2026-11-23T17:00:00Z'].map(
      time => access.decide({ route, principal: bob, tool: 'db_insert', time }).allowed,
    ),
  ).toEqual([false, true, true, false]);
  const told = AccessMatrix.of(app, {
    headers: { 'X-RELEASE': 'stable' },
    time: '2026-11-23T09:00:00Z',
    principals: [bob],
    tools: [...TOOLS, 'other'],
  });
  expect(told.toCsv()).toMatchInlineSnapshot(`
"route,principal,tool,call,list
finance/books,user:bob,db_insert,true,true
finance/books,user:bob,db_query,true,true
finance/books,user:bob,other,false,false
"
`);
});

test('a gateway and its route must both grant', () => {
  const { app, gateway, route } = ruled();
  gateway.allow(Principal.group('finance-admins'), { tools: ['db_query'] });
  const access = AccessMatrix.of(app);
  expect(
    access
      .decide({ route, principal: Principal.group('finance-admins'), tool: 'db_query' })
      .reasons.map(({ level }) => level)
      .sort(),
  ).toEqual(['gateway', 'route']);
  expect(access.decide({ route, principal: Principal.group('finance-admins'), tool: 'db_insert' })).toMatchObject({
    allowed: false,
    reasons: [{ level: 'gateway' }],
  });
});

describe('tables', () => {
  const access = AccessMatrix.of(ruled().app, { sourceIp: '10.1.2.3' });

  test('Markdown', () => {
    expect(access.toMarkdown()).toMatchInlineSnapshot(`
"### finance/books

|  | db_insert | db_query |
|-|-|-|
| group:finance-admins | call, list | call, list |
| user:alice | - | call, list |
| any authenticated caller | - | - |
| without credentials | - | - |
"
`);
  });

  test('CSV', () => {
    expect(AccessMatrix.of(ruled().app, { principals: [Principal.user('alice')], sourceIp: '10.1.2.3' }).toCsv())
      .toMatchInlineSnapshot(`
"route,principal,tool,call,list
finance/books,user:alice,db_insert,false,false
finance/books,user:alice,db_query,true,true
"
`);
  });

  test('JSON', () => {
    expect(JSON.parse(access.toJson())[0]).toEqual({
      route: 'finance/books',
      principal: 'group:finance-admins',
      tool: 'db_insert',
      call: true,
      list: true,
    });
  });

  test('do not depend on the order of calls', () => {
    const { app, route } = topology();
    route.allow(Principal.user('alice'), { tools: ['db_query'], when: [Condition.sourceIp('10.0.0.0/8')] });
    route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
    expect(AccessMatrix.of(app, { sourceIp: '10.1.2.3' }).toMarkdown()).toBe(access.toMarkdown());
  });
});

test('differences of two matrices', () => {
  const before = AccessMatrix.of(ruled().app);
  const { app, route } = topology();
  route.allow(Principal.group('finance-admins'), { tools: ['db_query'] });
  route.allow(Principal.user('alice'), { tools: ['db_insert'], actions: [ToolAction.LIST] });
  expect(AccessMatrix.diff(before, AccessMatrix.of(app))).toEqual([
    {
      change: 'lost',
      route: 'finance/books',
      principal: 'group:finance-admins',
      tool: 'db_insert',
      action: 'tools/call',
    },
    {
      change: 'lost',
      route: 'finance/books',
      principal: 'group:finance-admins',
      tool: 'db_insert',
      action: 'tools/list',
    },
    { change: 'gained', route: 'finance/books', principal: 'user:alice', tool: 'db_insert', action: 'tools/list' },
  ]);
  expect(AccessMatrix.diff(before, before)).toEqual([]);
});

test('discovered servers, at /mcp', () => {
  const app = new App();
  const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const ledger = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: TOOLS,
  });
  const gateway = new McpGateway(chart, 'gateway', { authentication: [JWT], discovery: { servers: [ledger] } });
  gateway.allow(Principal.user('alice'), { tools: ['db_query'] });
  const access = AccessMatrix.of(app);
  access.expectAllowed({ principal: Principal.user('alice'), tool: 'db_query' });
  access.expectDenied({ gateway, principal: Principal.user('alice'), tool: 'db_insert' });
  expect(() => access.expectAllowed({ principal: Principal.user('alice'), tool: 'db_insert' })).toThrow(
    ' at /mcp, but it is denied',
  );
  expect(access.toMarkdown()).toContain('### ');
});

describe('what cannot be asked', () => {
  test('an app with errors', () => {
    const { app, route } = topology({ authentication: undefined });
    route.addRateLimit(RateLimit.perUser(1, RateLimitUnit.HOUR));
    expect(() => AccessMatrix.of(app)).toThrow(
      '[finance/books] rateLimits[0]: got "1 per hour for each user": a limit for each user needs to know the user',
    );
  });

  test('a route of another app', () => {
    const access = AccessMatrix.of(ruled().app);
    const chart = new Chart(new App(), 'other', { namespace: 'other' });
    expect(() =>
      access.decide({ route: McpRoute.fromMcpRouteName(chart, 'imported', 'books'), tool: 'db_query' }),
    ).toThrow('route: got "other/imported": no gateway of this app serves it. Ask for a route of the app');
    expect(() => access.decide({ tool: 'db_query' })).toThrow('route: got nothing: no gateway of this app serves it.');
  });
});

describe('a question about what is not there', () => {
  const admin = Principal.group('finance-admins');

  it('is refused: a test of a slip of the pen would prove nothing', () => {
    const { app, route } = ruled();
    const access = AccessMatrix.of(app);
    const asked = () => access.expectDenied({ route, principal: admin, tool: 'db_insrt' });
    expect(asked).toThrow(
      'tool: got "db_insrt": no server offers it; db_insert is one of those that are offered. ' +
        'Correct the name, or say undeclared: true to ask about a tool that is not declared.',
    );
    expect(access.decide({ route, principal: admin, tool: 'db_drop', undeclared: true }).allowed).toBe(true);
    expect(access.decide({ route, principal: admin, tool: 'drop', undeclared: true }).allowed).toBe(false);
  });

  it('is answered where a server does not say what it offers, or offers it to nobody', () => {
    const { app, route, gateway } = ruled();
    const team = new Chart(app, 'other', { namespace: 'other' });
    const source = McpServerSource.image('acme/a:1');
    const unknown = new McpRoute(team, 'unknown', {
      gateway,
      backends: [{ server: new McpServer(team, 'a', { source }) }],
    });
    const filtered = new McpRoute(team, 'filtered', {
      gateway,
      backends: [{ server: new McpServer(team, 'b', { source, tools: ['x', 'y'], toolsFilter: ['x'] }) }],
    });
    const access = AccessMatrix.of(app);
    expect(access.decide({ route: unknown, principal: admin, tool: 'anything' }).allowed).toBe(true);
    expect(access.decide({ route: filtered, principal: admin, tool: 'y' }).allowed).toBe(false);
    expect(access.decide({ route, principal: admin, tool: 'db_query' }).allowed).toBe(true);
  });

  it('is refused about principals that the matrix was not given and no rule names', () => {
    const { app, route } = ruled();
    const access = AccessMatrix.of(app, { principals: [Principal.group('interns')] });
    const decide = (principal: Principal) => access.decide({ route, principal, tool: 'db_query' }).allowed;
    expect([decide(Principal.group('interns')), decide(admin), decide(Principal.anyAuthenticated())]).toEqual([
      false,
      true,
      false,
    ]);
    expect(() => decide(Principal.group('finance-admin'))).toThrow(
      'principal: got "group:finance-admin": is neither one of the principals of this matrix nor named by a rule; group:finance-admins is. ' +
        'Correct the name, or add it to the principals that AccessMatrix.of is given.',
    );
  });
});

test('is written to files as it is said, and replaces what was there', () => {
  const access = AccessMatrix.of(ruled().app);
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  try {
    const file = join(folder, 'access');
    access.writeJson(file);
    expect(readFileSync(file, 'utf8')).toBe(access.toJson());
    access.writeCsv(file);
    expect(readFileSync(file, 'utf8')).toBe(access.toCsv());
    expect(() => access.writeCsv(join(folder, 'missing', 'access.csv'))).toThrow('ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a large one is written in parts', () => {
  const { app } = ruled();
  const tools = Array.from({ length: 5000 }, (_, i) => `tool-${i}`);
  const access = AccessMatrix.of(app, { tools, principals: [Principal.user('alice')] });
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  try {
    const file = join(folder, 'access.csv');
    access.writeCsv(file);
    expect(readFileSync(file, 'utf8')).toBe(access.toCsv());
    expect(access.toCsv().length).toBeGreaterThan(100_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
