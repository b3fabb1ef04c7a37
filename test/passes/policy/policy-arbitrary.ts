import * as fc from 'fast-check';
import { apiKeys, basic, jwt, level, origin } from './fixtures';
import { ItemAction, ItemRequest, METHODS, Permission } from '../../../src/model/items';
import {
  AuthenticationMethod,
  AuthorizationRule,
  Condition,
  LevelPolicy,
  NameSource,
  Principal,
  SingleMethod,
} from '../../../src/model/policy';
import { ToolPattern } from '../../../src/model/tool-pattern';

/*
 * Small pools of names, so that rules and requests meet often; some of the names are nasty.
 */

export const NAMES = ['alice', 'bob', 'o"brien\\', '$HOME ${X}', 'zoë\n', '😀'];
export const GROUPS = ['admins', 'admin', 'a"d\\mins', '$admins', 'ädmins'];
export const TOOLS = ['db_query', 'db_insert', 'k8s_get', 'query', 'db_', 'DB_query', 'té_query', 'a"b\\$c'];
export const PROMPTS = ['report_sales', 'report_', 'summary', 'r"é\\$', 'db_query'];
/** Some of them lead out of where they seem to be. */
export const RESOURCES = [
  'file:///reports/sales',
  'file:///reports/',
  'file:///reports/../secret',
  'file:///reports/%2e%2E/secret',
  'file:///reports/a%2F..%2Fb',
  'file:///reports/..\\secret',
  'file:///reports/.',
  'file:///reports/..sales',
  'file:///reports/{name}',
  'FILE:///reports/sales',
  'memo://a"$é',
  'memo:..?x',
];
export const HEADER_VALUES = ['prod', 'dev', 'pröd', '', 'prod,dev', 'a$b'];

/** Regexes with what they mean, said without regexes of another kind. */
export const REGEXES: readonly { readonly regex: string; readonly means: (text: string) => boolean }[] = [
  { regex: 'db_.*', means: text => text.startsWith('db_') && !text.includes('\n') },
  { regex: '\\w+', means: text => text.length > 0 && [...text].every(isWord) },
  { regex: 'prod|dev', means: text => text === 'prod' || text === 'dev' },
  {
    regex: '[^_]*_query',
    means: text => text.endsWith('_query') && text.indexOf('_') === text.length - '_query'.length,
  },
  { regex: '(?i)db_query', means: text => text.toLowerCase() === 'db_query' },
  { regex: '(?s).*', means: () => true },
  { regex: 'a[$"][b]', means: text => text === 'a$b' || text === 'a"b' },
];

function isWord(character: string): boolean {
  return 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'.includes(character);
}

export const CIDRS = [
  '10.0.0.0/8',
  '10.1.2.0/24',
  '192.168.0.1/32',
  '0.0.0.0/0',
  'fd00::/8',
  '::1/128',
  '10.1.2.77/28',
];
export const ADDRESSES = [
  '10.1.2.70',
  '10.200.0.1',
  '192.168.0.1',
  '203.0.113.9',
  'fd00::1',
  '::1',
  '2001:db8::1',
  '::ffff:10.0.0.1',
];
/** Zones whose rules have been the same for long: the plain reading asks Node.js, whose rules may be older than those of the package. */
export const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Chatham',
];

const one = <T>(pool: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...pool);

export const pattern: fc.Arbitrary<ToolPattern> = fc.oneof(
  one(TOOLS).map((value): ToolPattern => ({ kind: 'exact', value })),
  one(['', 'db_', 'k8s', 'a"', 'té']).map((value): ToolPattern => ({ kind: 'prefix', value })),
  one(['*_query', '*', 'd*_*y', '*"b\\*', '*.*']).map((value): ToolPattern => ({ kind: 'glob', value })),
  one(REGEXES).map(({ regex }): ToolPattern => ({ kind: 'regex', value: regex })),
);

const ISSUERS = ['https://auth.acme.dev', 'https://auth.other.dev'];

/** What has to have verified a name; mostly nothing is said. */
const source: fc.Arbitrary<{ readonly source?: NameSource }> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: one<NameSource>([
      ...ISSUERS.map(issuer => ({ issuer })),
      { method: 'jwt' },
      { method: 'apiKey' },
      { method: 'basic' },
      { method: 'clientCertificate' },
    ]).map(said => ({ source: said })),
  },
);

const principal: fc.Arbitrary<Principal> = fc.oneof(
  fc.tuple(one(NAMES), source).map(([name, said]): Principal => ({ kind: 'user', name, ...said })),
  fc.tuple(one(GROUPS), source).map(([name, said]): Principal => ({ kind: 'group', name, ...said })),
  source.map((said): Principal => ({ kind: 'serviceAccount', namespace: 'finance', name: 'bot', ...said })),
  fc.constant<Principal>({ kind: 'anyAuthenticated' }),
);

const minutes = fc.integer({ min: 0, max: 1439 });

const SCOPES = ['read', 'db:write', 'a.b+c$'] as const;

const headerCondition: fc.Arbitrary<Condition> = fc
  .oneof(
    fc.record({ operator: one(['Equal', 'NotEqual'] as const), values: fc.tuple(one(HEADER_VALUES)) }),
    fc.record({
      operator: one(['In', 'NotIn'] as const),
      values: fc.array(one(HEADER_VALUES), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      operator: one(['Matches', 'NotMatches'] as const),
      values: fc.tuple(one(REGEXES).map(({ regex }) => regex)),
    }),
  )
  .chain(rest => one(['x-env', 'x-other']).map((name): Condition => ({ kind: 'header', name, ...rest })));

export const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('sourceIp' as const),
    negated: fc.boolean(),
    cidrs: fc.array(one(CIDRS), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('timeOfDay' as const),
    negated: fc.boolean(),
    from: minutes,
    to: minutes,
    timeZone: one(ZONES),
  }),
  headerCondition,
  fc.record(
    { kind: fc.constant('scope' as const), scope: one(SCOPES), issuer: one(ISSUERS) },
    { requiredKeys: ['kind', 'scope'] },
  ),
);

const prompts: fc.Arbitrary<ToolPattern> = fc.oneof(
  one(PROMPTS).map((value): ToolPattern => ({ kind: 'exact', value })),
  one(['', 'report_', 'r"'].map((value): ToolPattern => ({ kind: 'prefix', value }))),
  one(['*_sales', '*"é*'].map((value): ToolPattern => ({ kind: 'glob', value }))),
);

const resources: fc.Arbitrary<ToolPattern> = fc.oneof(
  one(RESOURCES).map((value): ToolPattern => ({ kind: 'exact', value })),
  one(['', 'file:///reports/', 'file:', 'memo:'].map((value): ToolPattern => ({ kind: 'prefix', value }))),
  one(['*secret', '**', '*://*a*'].map((value): ToolPattern => ({ kind: 'glob', value }))),
);

const some = (item: fc.Arbitrary<ToolPattern>): fc.Arbitrary<ToolPattern[]> =>
  fc.array(item, { minLength: 1, maxLength: 3 });

/** Of tools, or of several kinds of items. */
export const permission: fc.Arbitrary<Permission> = fc.oneof(
  fc.record({
    tools: some(pattern),
    actions: one([['tools/call'], ['tools/list'], ['tools/call', 'tools/list']] as const),
  }),
  fc.record(
    {
      tools: some(pattern),
      prompts: some(prompts),
      resources: some(resources),
      actions: fc.subarray<ItemAction>(Object.keys(METHODS) as ItemAction[], { minLength: 1 }),
    },
    { requiredKeys: ['actions'] },
  ),
);

/** What is asked for: an item, and what is done with it. */
export const itemRequest: fc.Arbitrary<ItemRequest> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      tool: fc.oneof({ weight: 4, arbitrary: one(TOOLS) }, fc.string({ unit: 'grapheme', maxLength: 8 })),
      action: one(['tools/call', 'tools/call', 'tools/list', 'tasks/get'] as const),
    }),
  },
  fc.record({
    prompt: one(PROMPTS),
    action: one(['prompts/get', 'prompts/list', 'completion/complete'] as const),
  }),
  fc.record({
    resource: one(RESOURCES),
    action: one(['resources/read', 'resources/read', 'resources/list', 'completion/complete'] as const),
  }),
);

export const authorizationRule: fc.Arbitrary<AuthorizationRule> = fc.record({
  principals: fc.array(principal, { minLength: 1, maxLength: 3 }),
  permissions: fc.array(permission, { minLength: 1, maxLength: 2 }),
  conditions: fc.array(condition, { maxLength: 2 }),
  origin: fc.constant(origin('rules[0]')),
});

const CLAIM_PATHS = [
  ['groups'],
  ['realm_access', 'roles'],
  ['https://acme.dev/groups'],
  ['https://acme.dev/', 'in', 'groups'],
];

/** Issuers that read their claims from different places: what one says must not be taken for what the other says. */
const token = (issuer: string, header: string): fc.Arbitrary<SingleMethod> =>
  fc
    .record({ user: one([['sub'], ['email']]), groups: one(CLAIM_PATHS) })
    .map(claims => jwt({ issuer, claims, header: { name: header, prefix: '' } }));

const keys = fc.constant<SingleMethod>(apiKeys([{ user: 'alice', groups: ['admins'] }]));

export const methods: fc.Arbitrary<AuthenticationMethod[]> = fc.oneof(
  fc.constant<AuthenticationMethod[]>([]),
  fc.subarray([0, 1, 2, 3], { minLength: 1 }).chain(chosen =>
    fc
      .tuple(token(ISSUERS[0], 'authorization'), keys, fc.constant<SingleMethod>(basic), token(ISSUERS[1], 'x-token'))
      .chain(all => {
        const singles = chosen.map(i => all[i]);
        return fc
          .boolean()
          .map((any): AuthenticationMethod[] =>
            any && singles.length > 1 ? [{ kind: 'anyOf', methods: singles }] : singles,
          );
      }),
  ),
);

/** A gateway and a route, the outermost first. */
export const levels: fc.Arbitrary<LevelPolicy[]> = fc
  .tuple(methods, methods, fc.array(authorizationRule, { maxLength: 3 }), fc.array(authorizationRule, { maxLength: 3 }))
  .map(([outer, inner, outerRules, innerRules]) => [
    level('gateway', { authentication: outer, rules: outerRules }),
    level('route', { authentication: inner, rules: innerRules }),
  ]);

/** What the data plane knows of a request once it has verified its credentials, and all of which may be missing or of an odd shape. */
export interface Facts {
  /** One of these is asked for. */
  readonly tool?: string;
  readonly prompt?: string;
  readonly resource?: string;
  readonly action: ItemAction;
  readonly jwt: Readonly<Record<string, unknown>>;
  readonly apiKey: Readonly<Record<string, unknown>>;
  readonly basicAuth: Readonly<Record<string, unknown>>;
  readonly certificate?: Readonly<Record<string, unknown>>;
  readonly address?: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly time?: Date;
}

const oddClaim = fc.constantFrom<unknown>(
  null,
  5,
  true,
  {},
  { admins: {} },
  [5, null, ['admins'], 'admin'],
  'not admins',
  'admins bob',
);
const userClaim = fc.oneof(
  { weight: 6, arbitrary: one<unknown>([...NAMES, 'system:serviceaccount:finance:bot']) },
  oddClaim,
);
const groupsClaim = fc.oneof(
  { weight: 4, arbitrary: fc.array(one<unknown>(GROUPS), { maxLength: 3 }) as fc.Arbitrary<unknown> },
  one<unknown>(GROUPS),
  oddClaim,
);

const scopesClaim = fc.oneof(
  { weight: 3, arbitrary: fc.subarray([...SCOPES]).map((scopes): unknown => scopes.join(' ')) },
  { weight: 2, arbitrary: fc.subarray([...SCOPES]) as fc.Arbitrary<unknown> },
  one<unknown>([
    '',
    ' ',
    'readx',
    'xread',
    'read\nx',
    'READ',
    'db:write,read',
    ['read db:write'],
    [['read']],
    { read: true },
    'a.b+c',
  ]),
  oddClaim,
);

const claims: fc.Arbitrary<Record<string, unknown>> = fc
  .record(
    {
      sub: userClaim,
      email: userClaim,
      groups: groupsClaim,
      scope: scopesClaim,
      scp: scopesClaim,
      realm_access: fc.oneof(fc.record({ roles: groupsClaim }, { requiredKeys: [] }), oddClaim),
      'https://acme.dev/groups': groupsClaim,
      'https://acme.dev/': fc.record(
        { in: fc.record({ groups: groupsClaim }, { requiredKeys: [] }) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  .chain(rest =>
    one(ISSUERS).chain(iss =>
      one<unknown>(['mcp', ['other', 'mcp'], 'other', undefined]).map(aud => ({
        iss,
        ...(aud === undefined ? {} : { aud }),
        ...rest,
      })),
    ),
  );

const absent = fc.constant<Record<string, unknown>>({});

const factsOfCaller = fc.record({
  jwt: fc.oneof({ weight: 5, arbitrary: claims }, absent),
  apiKey: fc.oneof(
    absent,
    fc.record(
      {
        key: fc.constant<unknown>('<redacted>'),
        user: one<unknown>(NAMES),
        groups: fc.array(one<unknown>(GROUPS), { maxLength: 2 }),
      },
      { requiredKeys: ['key'] },
    ),
  ),
  basicAuth: fc.oneof(
    absent,
    one(NAMES).map((username): Record<string, unknown> => ({ username })),
  ),
  address: fc.option(one(ADDRESSES), { nil: undefined, freq: 20 }),
  headers: fc.dictionary(
    one(['x-env', 'x-other']),
    fc.oneof<fc.Arbitrary<string | string[]>[]>(
      one(HEADER_VALUES),
      fc.array(one(HEADER_VALUES), { minLength: 2, maxLength: 2 }),
    ),
  ),
  time: fc.option(
    fc.date({ min: new Date('2024-01-01T00:00:00Z'), max: new Date('2037-12-31T23:59:59Z'), noInvalidDate: true }),
    { nil: undefined, freq: 20 },
  ),
});

/** What is asked for, if it is something that rules are about. */
const asked: fc.Arbitrary<Pick<Facts, 'tool' | 'prompt' | 'resource' | 'action'>> = fc.oneof(
  { weight: 19, arbitrary: itemRequest },
  one([{ action: 'tools/call' }, { action: 'prompts/get' }, { action: 'resources/read' }] as const),
);

export const facts: fc.Arbitrary<Facts> = fc.tuple(factsOfCaller, asked).map(([rest, item]) => ({ ...rest, ...item }));
