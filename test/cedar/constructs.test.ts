import { decide, outcome, parsed, request, translated } from './support';
import { CedarRequest } from '../../src/cedar/evaluate';

/*
 * Every supported construct: one request let through, one stopped. `decide` holds Cedar's own decision against the expression's.
 */

const ENTITIES = [
  { uid: { type: 'Group', id: 'dba' }, parents: [{ type: 'Group', id: 'admins' }] },
  { uid: { type: 'Group', id: 'admins' }, parents: [{ type: 'Group', id: 'staff' }] },
  {
    uid: { type: 'User', id: 'carol' },
    attrs: { clearance: 3, teams: ['red'] },
    parents: [{ __entity: { type: 'Group', id: 'dba' } }],
  },
  {
    uid: { type: 'Tool', id: 'db_drop' },
    attrs: { destructive: true, tier: 2, tags: ['sql', 'write'] },
    parents: [{ type: 'Server', id: 'legacy/db' }],
  },
  { uid: { type: 'Tool', id: 'db_query' }, attrs: { destructive: false, tags: [] } },
  { uid: { type: 'Server', id: 'legacy/db' }, attrs: { zone: 'b' } },
];

const call = 'action == Action::"call_tool"';
const permit = (conditions: string) => `permit(principal, action, resource) ${conditions};`;
const permitCall = (conditions: string) => `permit(principal, ${call}, resource) ${conditions};`;
const claim = (name: string, condition: string) => permit(`when { principal.claims has ${name} && ${condition} }`);
const argument = (name: string, condition: string) =>
  permitCall(`when { context.arguments has ${name} && ${condition} }`);

type Case = readonly [construct: string, policy: string, allowed: Partial<CedarRequest>, denied: Partial<CedarRequest>];

const CASES: readonly Case[] = [
  // Scope.
  ['principal ==', 'permit(principal == User::"alice", action, resource);', {}, { user: 'bob' }],
  [
    'principal in a group of the token',
    'permit(principal in Group::"admins", action, resource);',
    { groups: ['x', 'admins'] },
    { groups: ['admins2'] },
  ],
  [
    'principal in a group above one of the token',
    'permit(principal in Group::"staff", action, resource);',
    { groups: ['dba'] },
    { groups: ['guests'] },
  ],
  [
    'principal in a group by the entities',
    'permit(principal in Group::"staff", action, resource);',
    { user: 'carol' },
    { user: 'dave' },
  ],
  ['principal in itself', 'permit(principal in User::"alice", action, resource);', {}, { user: 'bob' }],
  ['principal is', 'permit(principal is User, action, resource);', {}, { user: undefined }],
  ['principal is in', 'permit(principal is User in Group::"admins", action, resource);', { groups: ['admins'] }, {}],
  ['action ==', `permit(principal, ${call}, resource);`, {}, { action: 'list_tools' }],
  ['action in', 'permit(principal, action in [Action::"list_tools"], resource);', { action: 'list_tools' }, {}],
  ['action in one', 'permit(principal, action in Action::"list_tools", resource);', { action: 'list_tools' }, {}],
  ['resource ==', 'permit(principal, action, resource == Tool::"db_query");', {}, { tool: 'db_drop' }],
  [
    'resource in a server',
    'permit(principal, action, resource in Server::"finance/ledger");',
    {},
    { servers: ['finance/crm'] },
  ],
  [
    'resource in a server by the entities',
    'permit(principal, action, resource in Server::"legacy/db");',
    { tool: 'db_drop' },
    {},
  ],
  ['resource is in', 'permit(principal, action, resource is Tool in Server::"finance/ledger");', {}, { servers: [] }],
  // Conditions.
  ['unless', permit('unless { resource.name == "db_drop" }'), {}, { tool: 'db_drop' }],
  [
    'several conditions',
    permit('when { principal.name == "alice" } unless { resource.name == "db_drop" }'),
    {},
    { tool: 'db_drop' },
  ],
  [
    '== of text',
    claim('dept', 'principal.claims.dept == "sales"'),
    { claims: { dept: 'sales' } },
    { claims: { dept: 'Sales' } },
  ],
  ['!=', claim('dept', 'principal.claims.dept != "sales"'), { claims: { dept: 'hr' } }, { claims: { dept: 'sales' } }],
  ['<', claim('level', 'principal.claims.level < 3'), { claims: { level: 2 } }, { claims: { level: 3 } }],
  ['<=', claim('level', 'principal.claims.level <= -3'), { claims: { level: -3 } }, { claims: { level: -2 } }],
  ['>', claim('level', 'principal.claims.level > 3'), { claims: { level: 4 } }, { claims: { level: 3 } }],
  ['>=', claim('level', '3 >= principal.claims.level'), { claims: { level: 3 } }, { claims: { level: 4 } }],
  [
    'a claim of another type',
    claim('level', 'principal.claims.level > 3'),
    { claims: { level: 4 } },
    { claims: { level: '4' } },
  ],
  [
    'a claim that is null',
    claim('level', 'principal.claims.level > 3'),
    { claims: { level: 4 } },
    { claims: { level: null } },
  ],
  ['a fraction', claim('level', 'principal.claims.level > 3'), { claims: { level: 4 } }, { claims: { level: 4.5 } }],
  ['a boolean', claim('admin', 'principal.claims.admin'), { claims: { admin: true } }, { claims: { admin: false } }],
  ['!', claim('admin', '!principal.claims.admin'), { claims: { admin: false } }, { claims: { admin: true } }],
  ['&&', permit('when { principal.name == "alice" && resource.name == "db_query" }'), {}, { tool: 'db_drop' }],
  [
    '||',
    permit('when { principal.name == "alice" || resource.name == "db_query" }'),
    { user: 'bob' },
    { user: 'bob', tool: 'db_drop' },
  ],
  [
    'if-then-else',
    permit('when { if principal.name == "alice" then resource.name == "db_query" else resource.name == "db_drop" }'),
    { user: 'bob', tool: 'db_drop' },
    { tool: 'db_drop' },
  ],
  [
    'if-then-else of values',
    permit('when { (if principal.name == "alice" then "db_query" else "db_drop") == resource.name }'),
    {},
    { user: 'bob' },
  ],
  [
    'if-then-else over what is known',
    permitCall('when { if context has arguments then principal.name == "alice" else false }'),
    {},
    { user: 'bob' },
  ],
  ['in', permit('when { principal in Group::"admins" }'), { groups: ['dba'] }, { groups: ['staff'] }],
  ['in of a set', permit('when { principal in [Group::"x", Group::"y"] }'), { groups: ['y'] }, { groups: ['z'] }],
  [
    'in of named entities',
    permit('when { Group::"dba" in Group::"staff" && principal in User::"alice" }'),
    {},
    { user: 'bob' },
  ],
  ['is', permit('when { principal is User in Group::"x" && resource is Tool }'), { groups: ['x'] }, {}],
  ['has', permit('when { principal.claims has email }'), { claims: { email: 1 } }, {}],
  [
    'has of a path',
    permit('when { principal.claims has realm_access.roles && principal.claims.realm_access.roles.contains("r") }'),
    { claims: { realm_access: { roles: ['r'] } } },
    { claims: { realm_access: {} } },
  ],
  [
    'a record of another type',
    permit(
      'when { principal.name == "alice" || (principal.claims has realm_access.roles && principal.claims.realm_access.roles.contains("r")) }',
    ),
    {},
    { claims: { realm_access: 'r' } },
  ],
  [
    'a claim by index',
    permit(
      'when { principal.claims has "https://acme.dev/x\\"y" && principal.claims["https://acme.dev/x\\"y"] == "$1" }',
    ),
    { claims: { 'https://acme.dev/x"y': '$1' } },
    { claims: { 'https://acme.dev/x"y': '1' } },
  ],
  [
    'contains',
    claim('roles', 'principal.claims.roles.contains("r")'),
    { claims: { roles: ['q', 'r'] } },
    { claims: { roles: ['rr'] } },
  ],
  [
    'contains, of text that is no set',
    claim('roles', 'principal.claims.roles.contains("r")'),
    { claims: { roles: ['r'] } },
    { claims: { roles: 'r' } },
  ],
  ['contains of a literal', permit('when { ["db_query", "x"].contains(resource.name) }'), {}, { tool: 'y' }],
  [
    'contains of entities',
    permit('when { [User::"alice", User::"bob"].contains(principal) }'),
    { user: 'bob' },
    { user: 'carol' },
  ],
  [
    'containsAll',
    claim('roles', 'principal.claims.roles.containsAll(["a", "b"])'),
    { claims: { roles: ['b', 'c', 'a'] } },
    { claims: { roles: ['a'] } },
  ],
  [
    'containsAny',
    claim('roles', 'principal.claims.roles.containsAny(["a", "b"])'),
    { claims: { roles: ['b'] } },
    { claims: { roles: ['c'] } },
  ],
  [
    'containsAny of entities',
    permit('when { [User::"alice"].containsAny([principal, User::"x"]) }'),
    {},
    { user: 'bob' },
  ],
  [
    'containsAll of entities',
    permit('when { [User::"alice", User::"x"].containsAll([principal]) }'),
    {},
    { user: 'bob' },
  ],
  [
    '== of sets',
    claim('scores', 'principal.claims.scores == [1, 2, 1]'),
    { claims: { scores: [2, 1, 2] } },
    { claims: { scores: [1] } },
  ],
  ['== of sets of entities', permit('when { [principal] == [User::"alice", User::"alice"] }'), {}, { user: 'bob' }],
  [
    'isEmpty',
    claim('roles', 'principal.claims.roles.isEmpty()'),
    { claims: { roles: [] } },
    { claims: { roles: ['x'] } },
  ],
  ['like with a prefix', permit('when { resource.name like "db_*" }'), {}, { tool: 'xdb_' }],
  ['like with a suffix', permit('when { resource.name like "*_query" }'), {}, { tool: 'db_query2' }],
  ['like with a part', permit('when { resource.name like "*b_q*" }'), {}, { tool: 'bq' }],
  ['like with several parts', permit('when { resource.name like "d*_*y" }'), {}, { tool: 'd_yx' }],
  ['like over lines', permit('when { principal.name like "a*z*" }'), { user: 'a\nz\n' }, { user: '\naz' }],
  ['like of a star', permit('when { principal.name like "a\\*" }'), { user: 'a*' }, { user: 'ab' }],
  ['like of anything', permit('when { principal.name like "*" && resource.name == "x" }'), { tool: 'x' }, {}],
  ['isInRange', permit('when { context.sourceIp.isInRange(ip("10.0.0.0/8")) }'), {}, { sourceIp: '11.0.0.1' }],
  [
    'isInRange of the other family',
    permit('unless { context.sourceIp.isInRange(ip("0.0.0.0/0")) }'),
    { sourceIp: '2001:db8::1' },
    {},
  ],
  [
    'isInRange of one address',
    permit('when { context.sourceIp.isInRange(ip("2001:db8::1")) }'),
    { sourceIp: '2001:db8:0::1' },
    { sourceIp: '2001:db8::2' },
  ],
  ['== of addresses', permit('when { context.sourceIp == ip("10.1.2.3") }'), {}, { sourceIp: '10.1.2.4' }],
  [
    '!= of a range',
    permit('when { context.sourceIp != ip("10.0.0.0/8") && context.sourceIp.isIpv4() }'),
    {},
    { sourceIp: '::1' },
  ],
  ['isIpv6', permit('when { context.sourceIp.isIpv6() }'), { sourceIp: '::1' }, {}],
  ['isLoopback', permit('when { context.sourceIp.isLoopback() }'), { sourceIp: '127.9.9.9' }, {}],
  ['isMulticast', permit('when { context.sourceIp.isMulticast() }'), { sourceIp: 'ff02::1' }, {}],
  [
    'datetime',
    permit('when { context.time < datetime("2026-03-04T13:00:00.001+0100") }'),
    {},
    { time: new Date('2026-03-04T12:00:00.001Z') },
  ],
  [
    'a day',
    permit('when { context.time >= datetime("2026-03-04") }'),
    {},
    { time: new Date('2026-03-03T23:59:59.999Z') },
  ],
  [
    'toTime',
    permit('when { context.time.toTime() >= duration("8h") && context.time.toTime() < duration("17h30m") }'),
    {},
    { time: new Date('2026-03-04T17:30:00Z') },
  ],
  [
    'headers',
    permit('when { context.headers has "x-team" && context.headers["x-team"] == "red" }'),
    { headers: { 'x-team': 'red' } },
    { headers: { 'x-team': 'blue' } },
  ],
  [
    'arguments',
    argument('limit', 'context.arguments.limit <= 100'),
    { arguments: { limit: 100 } },
    { arguments: { limit: 101 } },
  ],
  [
    'arguments compared with the caller',
    argument('owner', 'context.arguments.owner == principal.name'),
    { arguments: { owner: 'alice' } },
    { arguments: { owner: 'bob' } },
  ],
  ['no arguments', argument('limit', 'context.arguments.limit <= 100'), { arguments: { limit: 1 } }, {}],
  [
    'attributes of the tool',
    permit('when { resource has destructive && !resource.destructive }'),
    {},
    { tool: 'db_drop' },
  ],
  ['a tool without the attribute', permit('when { resource has tier && resource.tier < 3 }'), { tool: 'db_drop' }, {}],
  [
    'sets as attributes',
    permit('when { resource has tags && resource.tags.containsAny(["write", "x"]) }'),
    { tool: 'db_drop' },
    {},
  ],
  [
    'attributes of the user',
    permit('when { principal has clearance && principal.clearance >= 3 }'),
    { user: 'carol' },
    {},
  ],
  [
    'attributes of a named entity',
    permit('when { Server::"legacy/db" has zone && Server::"legacy/db".zone == "b" && principal.name == "alice" }'),
    {},
    { user: 'bob' },
  ],
];

it.each(CASES)('%s', (_construct, policy, allowed, denied) => {
  const set = parsed(policy, ENTITIES);
  expect(decide(set, request(allowed))).toBe(true);
  expect(decide(set, request(denied))).toBe(false);
});

describe('what decides', () => {
  it('is forbid over permit', () => {
    const set = parsed(
      ['permit(principal, action, resource);', 'forbid(principal == User::"bob", action, resource);'],
      ENTITIES,
    );
    expect(decide(set, request())).toBe(true);
    expect(decide(set, request({ user: 'bob' }))).toBe(false);
  });

  it('is nothing, and denies, without a permit', () => {
    expect(decide(parsed('forbid(principal, action, resource) when { resource.name == "x" };'), request())).toBe(false);
  });

  it('is not asked for a caller without a name', () => {
    const set = parsed('permit(principal, action, resource);');
    expect(decide(set, request({ user: '' }))).toBe(false);
    expect(decide(set, request({ user: undefined, groups: ['admins'] }))).toBe(false);
  });

  it('is not asked over a value of another type: it must not slip by a forbid', () => {
    const set = parsed([
      'permit(principal, action, resource);',
      'forbid(principal, action == Action::"call_tool", resource) when { context.arguments has limit && context.arguments.limit > 100 };',
    ]);
    expect(decide(set, request({ arguments: { limit: 99 } }))).toBe(true);
    expect(decide(set, request({ arguments: { limit: 1000 } }))).toBe(false);
    expect(decide(set, request({ arguments: { limit: '1000' } }))).toBe(false);
    expect(decide(set, request({ arguments: { limit: '1000' }, action: 'list_tools' }))).toBe(true);
  });

  it('is a denial where an expression errs', () => {
    const set = parsed(['permit(principal, action, resource);', 'forbid(principal in Group::"x", action, resource);']);
    const { expression } = translated(set, request());
    // Groups that are a map: no data plane yields that, and none may admit it.
    expect(outcome(expression.replaceAll('jwt.groups', 'jwt.broken.groups'), request()).kind).toBe('error');
  });
});

it('says of each policy whether it applies', () => {
  const set = parsed([
    '@id("all") permit(principal, action, resource);',
    'forbid(principal, action == Action::"list_tools", resource); forbid(principal == User::"bob", action, resource);',
  ]);
  expect(translated(set, request()).policies).toEqual([
    { id: 'all', effect: 'permit', expression: 'true' },
    { id: 'policies[1]#0', effect: 'forbid', expression: 'false' },
    { id: 'policies[1]#1', effect: 'forbid', expression: 'jwt.sub == "bob"' },
  ]);
});
