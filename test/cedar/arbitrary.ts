import * as fc from 'fast-check';
import { CedarRequest } from '../../src/cedar/evaluate';

/*
 * Random policies in Cedar's text, entities and requests. All is drawn from small pools, so that policies and requests meet.
 */

/** Names as nobody should choose them. */
const NAMES = [
  'alice',
  'bob',
  "o'brien",
  'quo"te',
  'back\\slash',
  'back\\"both',
  '$HOME',
  '${HOME}',
  '$$',
  'naïve',
  '日本',
  '😀',
  'line\nbreak',
  '\u0000',
  '*',
  'a*b',
  '(?i)alice',
  ' ',
  'e\u0301',
];
const GROUPS = ['admins', 'dba', 'quo"te', '$1', 'café'];
export const TOOLS = ['db_query', 'db_drop', 'report', 'back\\slash', '*', '工具'];
const SERVERS = ['finance/ledger', 'finance/crm', 'shared', '${X}/"y"'];
const RANGES = [
  '10.0.0.0/8',
  '10.1.2.3',
  '10.1.2.3/32',
  '192.168.7.9/16',
  '2001:db8::/32',
  '::1',
  '0.0.0.0/0',
  '::/0',
  '127.0.0.0/8',
];
const ADDRESSES = [
  '10.1.2.3',
  '10.200.0.1',
  '192.168.1.1',
  '127.0.0.1',
  '224.0.0.9',
  '::1',
  '2001:db8::7',
  'ff02::1',
  'fe80::1',
];
const NUMBERS = [0, 1, 2, 3, -1, 100, 9007199254740991, -9007199254740991];
const TEXTS = ['a', 'b', 'red', '', ...NAMES.slice(0, 12)];
const HEADER_TEXTS = ['red', 'blue', 'quo"te', '$x'];

/** A text as Cedar writes it: all but plain characters as escapes. */
export function cedarText(text: string): string {
  return `"${Array.from(text, character => (/[\w ./:@-]/.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`)).join('')}"`;
}

function pattern(parts: readonly string[]): string {
  return `"${parts.map(part => (part === '*' ? '*' : cedarText(part).slice(1, -1).replaceAll('\\u{2a}', '\\*'))).join('')}"`;
}

const oneOf = <T>(items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
const text = oneOf(TEXTS).map(cedarText);
const number = oneOf(NUMBERS).map(String);
const join = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc.tuple(...parts.map(part => (typeof part === 'string' ? fc.constant(part) : part))).map(all => all.join(''));
const some = (item: fc.Arbitrary<string>, maxLength = 3): fc.Arbitrary<string> =>
  fc.array(item, { minLength: 1, maxLength }).map(items => items.join(', '));

/** An operand and what guards it. */
interface Guarded {
  readonly expression: string;
  readonly guard?: string;
}

function optional(record: string, name: string): Guarded {
  return /^\w+$/.test(name)
    ? { expression: `${record}.${name}`, guard: `${record} has ${name}` }
    : { expression: `${record}[${cedarText(name)}]`, guard: `${record} has ${cedarText(name)}` };
}

const inCalls = (guarded: Guarded): Guarded => ({ ...guarded, guard: `context has arguments && ${guarded.guard}` });
const plain = (expression: string): Guarded => ({ expression });

/** What requests may hold of each type. */
const TEXT_FIELDS: readonly Guarded[] = [
  plain('principal.name'),
  plain('resource.name'),
  optional('principal.claims', 'dept'),
  optional('principal.claims', 'https://acme.dev/"x"'),
  optional('context.headers', 'x-team'),
  inCalls(optional('context.arguments', 'owner')),
  inCalls(optional('context.arguments', '$opt\\')),
  optional('resource', 'label'),
];
const NUMBER_FIELDS: readonly Guarded[] = [
  optional('principal.claims', 'level'),
  inCalls(optional('context.arguments', 'limit')),
  optional('resource', 'tier'),
  optional('principal', 'clearance'),
  inCalls({ expression: 'context.arguments.filter.max', guard: 'context.arguments has filter.max' }),
];
const BOOLEAN_FIELDS: readonly Guarded[] = [
  optional('principal.claims', 'admin'),
  inCalls(optional('context.arguments', 'force')),
  optional('resource', 'destructive'),
];
const TEXT_SETS: readonly Guarded[] = [
  optional('principal.claims', 'roles'),
  { expression: 'principal.claims.realm_access.roles', guard: 'principal.claims has realm_access.roles' },
  inCalls(optional('context.arguments', 'tags')),
  optional('resource', 'tags'),
];
const NUMBER_SETS: readonly Guarded[] = [optional('principal.claims', 'scores')];

/** An operand, from a field or as it is. */
const operand = (fields: readonly Guarded[], literal: fc.Arbitrary<string>): fc.Arbitrary<Guarded> =>
  fc.oneof({ weight: 3, arbitrary: oneOf(fields) }, { weight: 2, arbitrary: literal.map(plain) });

/** A condition over operands, behind their guards. */
function over(
  operands: readonly fc.Arbitrary<Guarded>[],
  write: (...expressions: string[]) => string,
): fc.Arbitrary<string> {
  return fc.tuple(...operands).map(values => {
    const guards = [...new Set(values.flatMap(({ guard }) => guard ?? []))];
    return `(${[...guards, write(...values.map(({ expression }) => expression))].join(' && ')})`;
  });
}

const textOperand = operand(TEXT_FIELDS, text);
const numberOperand = operand(NUMBER_FIELDS, number);
const textSet = operand(TEXT_SETS, join('[', some(text), ']'));
const numberSet = operand(NUMBER_SETS, join('[', some(number), ']'));

const user = join('User::', oneOf(NAMES).map(cedarText));
const group = join('Group::', oneOf(GROUPS).map(cedarText));
const tool = join('Tool::', oneOf(TOOLS).map(cedarText));
const server = join('Server::', oneOf(SERVERS).map(cedarText));
const address = oneOf(RANGES).map(range => `ip("${range}")`);
const datetime = oneOf([
  '2026-03-04',
  '2026-03-04T12:00:00Z',
  '2026-03-04T13:00:00.001+0100',
  '2026-03-03T23:30:00-0030',
]).map(value => `datetime("${value}")`);
const duration = oneOf(['8h', '12h', '17h30m', '1d', '43200000ms', '43200001ms', '0s']).map(
  value => `duration("${value}")`,
);

const comparison = oneOf(['<', '<=', '>', '>=', '==', '!=']);
const equality = oneOf(['==', '!=']);

const atom: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(equality).chain(([operator]) => over([textOperand, textOperand], (a, b) => `${a} ${operator} ${b}`)),
  comparison.chain(operator => over([numberOperand, numberOperand], (a, b) => `${a} ${operator} ${b}`)),
  over([oneOf(BOOLEAN_FIELDS)], a => a),
  fc
    .array(fc.oneof(fc.constant('*'), oneOf(TEXTS)), { minLength: 1, maxLength: 5 })
    .chain(parts => over([oneOf(TEXT_FIELDS)], a => `${a} like ${pattern(parts)}`)),
  over([textSet, textOperand], (a, b) => `${a}.contains(${b})`),
  over([numberSet, numberOperand], (a, b) => `${a}.contains(${b})`),
  oneOf(['containsAll', 'containsAny']).chain(method => over([textSet, textSet], (a, b) => `${a}.${method}(${b})`)),
  oneOf(['containsAll', 'containsAny']).chain(method => over([numberSet, numberSet], (a, b) => `${a}.${method}(${b})`)),
  equality.chain(operator => over([textSet, textSet], (a, b) => `${a} ${operator} ${b}`)),
  over([oneOf([...TEXT_SETS, ...NUMBER_SETS])], a => `${a}.isEmpty()`),
  oneOf([...TEXT_FIELDS, ...NUMBER_FIELDS, ...BOOLEAN_FIELDS, ...TEXT_SETS]).map(
    ({ guard }) => `(${guard ?? 'principal has claims'})`,
  ),
  oneOf([
    'principal.claims has email',
    'principal.claims has nothing.of.it',
    'context has arguments',
    'principal has nothing',
  ]),
  join('principal == ', user),
  join('principal in ', group),
  join('principal in ', user),
  join('resource == ', tool),
  join('resource in ', server),
  join('principal in [', fc.oneof(some(group), some(user)), ']'),
  join('resource in [', fc.oneof(some(server), some(tool)), ']'),
  join('[', some(user), '].contains(principal)'),
  join('[', some(tool), '].containsAny([resource, ', tool, '])'),
  join('principal is User in ', group),
  join('resource is Tool in ', server),
  oneOf(['principal is User', 'action is Action', 'resource is Server']),
  join(group, ' in ', group),
  join(user, ' in ', group),
  join(tool, ' in ', server),
  join('action == Action::', oneOf(['"call_tool"', '"list_tools"'])),
  oneOf(['action in [Action::"call_tool", Action::"list_tools"]', 'action != Action::"list_tools"']),
  join('context.sourceIp.isInRange(', address, ')'),
  join('context.sourceIp ', equality, ' ', address),
  oneOf(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast']).map(name => `context.sourceIp.${name}()`),
  join('context.time ', comparison, ' ', datetime),
  join('context.time.toTime() ', comparison, ' ', duration),
  fc.boolean().map(String),
);

const condition: fc.Arbitrary<string> = fc.letrec<{ any: string; leaf: string; node: string }>(tie => ({
  any: fc.oneof({ depthSize: 'small', withCrossShrink: true, maxDepth: 4 }, tie('leaf'), tie('node')),
  leaf: atom,
  node: fc.oneof(
    join('(', tie('any'), ' && ', tie('any'), ')'),
    join('(', tie('any'), ' || ', tie('any'), ')'),
    join('!(', tie('any'), ')'),
    join('(if ', tie('any'), ' then ', tie('any'), ' else ', tie('any'), ')'),
    join('((if ', tie('any'), ' then ', text, ' else resource.name) == ', text, ')'),
    join('(principal.name == (if ', tie('any'), ' then ', text, ' else principal.name))'),
  ),
})).any;

const principal = fc.oneof(
  { weight: 3, arbitrary: fc.constant('principal') },
  join('principal == ', user),
  join('principal in ', group),
  join('principal in ', user),
  join('principal is User in ', group),
  fc.constant('principal is User'),
);
const action = fc.oneof(
  { weight: 3, arbitrary: fc.constant('action') },
  oneOf([
    'action == Action::"call_tool"',
    'action == Action::"list_tools"',
    'action in [Action::"call_tool"]',
    'action in Action::"list_tools"',
  ]),
);
const resource = fc.oneof(
  { weight: 3, arbitrary: fc.constant('resource') },
  join('resource == ', tool),
  join('resource in ', server),
  join('resource is Tool in ', server),
  fc.constant('resource is Tool'),
);
const clause = join(oneOf([' when', ' unless']), ' { ', condition, ' }');

const policy = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constant('permit') }, fc.constant('forbid')),
    principal,
    action,
    resource,
    fc.array(clause, { maxLength: 2 }),
  )
  .map(([effect, who, what, which, clauses]) => `${effect}(${who}, ${what}, ${which})${clauses.join('')};`);

/** Texts of policies. */
export const policiesArbitrary: fc.Arbitrary<string[]> = fc.array(policy, { minLength: 1, maxLength: 5 });

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 2 });
/** A value of a field; now and then of another type, which denies. */
const field = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: maybe(value) }, oneOf<unknown>([null, 1.5, 'x', true, ['x', 1], {}, [], 7]));
const defined = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
const texts = fc.array(oneOf(TEXTS), { maxLength: 4 });
const dynamic = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields).map(defined);

/** Entities: groups in groups of a lower index, so without cycles; users and tools with attributes. */
export const entitiesArbitrary: fc.Arbitrary<unknown[]> = fc
  .tuple(
    fc.uniqueArray(fc.nat(GROUPS.length - 1)).chain(indices =>
      fc.tuple(
        ...indices.map(index =>
          fc.subarray(GROUPS.slice(0, index)).map(parents => ({
            uid: uid('Group', GROUPS[index]),
            parents: parents.map(id => uid('Group', id)),
          })),
        ),
      ),
    ),
    fc.uniqueArray(
      fc.record({
        id: oneOf(NAMES),
        groups: fc.subarray(GROUPS),
        attrs: dynamic({ clearance: maybe(oneOf(NUMBERS)) }),
      }),
      { selector: ({ id }) => id, maxLength: 4 },
    ),
    fc.uniqueArray(
      fc.record({
        id: oneOf(TOOLS),
        servers: fc.subarray(SERVERS),
        attrs: dynamic({
          destructive: maybe(fc.boolean()),
          tier: maybe(oneOf(NUMBERS)),
          label: maybe(oneOf(TEXTS)),
          tags: maybe(texts),
        }),
      }),
      { selector: ({ id }) => id, maxLength: 4 },
    ),
  )
  .map(([groups, users, tools]) => [
    ...groups,
    ...users.map(({ id, groups: parents, attrs }) => ({
      uid: uid('User', id),
      attrs,
      parents: parents.map(parent => uid('Group', parent)),
    })),
    ...tools.map(({ id, servers, attrs }) => ({
      uid: { __entity: uid('Tool', id) },
      attrs,
      parents: servers.map(parent => uid('Server', parent)),
    })),
  ]);

function uid(type: string, id: string) {
  return { type, id };
}

/** Requests. */
export const requestArbitrary: fc.Arbitrary<CedarRequest> = fc.record({
  action: fc.oneof({ weight: 2, arbitrary: fc.constant('call_tool' as const) }, fc.constant('list_tools' as const)),
  user: fc.oneof({ weight: 30, arbitrary: oneOf(NAMES) }, oneOf([undefined, ''])),
  groups: fc.subarray(GROUPS),
  claims: dynamic({
    dept: field(oneOf(TEXTS)),
    'https://acme.dev/"x"': field(oneOf(TEXTS)),
    level: field(oneOf(NUMBERS)),
    admin: field(fc.boolean()),
    roles: field(texts),
    scores: field(fc.array(oneOf(NUMBERS), { maxLength: 3 })),
    realm_access: field(dynamic({ roles: field(texts) })),
    email: field(oneOf(TEXTS)),
    other: fc.jsonValue({ maxDepth: 1 }),
  }),
  tool: oneOf(TOOLS),
  servers: fc.subarray(SERVERS),
  arguments: maybe(
    dynamic({
      owner: field(oneOf(TEXTS)),
      '$opt\\': field(oneOf(TEXTS)),
      limit: field(oneOf(NUMBERS)),
      filter: field(dynamic({ max: field(oneOf(NUMBERS)) })),
      force: field(fc.boolean()),
      tags: field(texts),
    }),
  ),
  sourceIp: oneOf(ADDRESSES),
  headers: dynamic({ 'x-team': maybe(oneOf(HEADER_TEXTS)), 'x-other': maybe(oneOf(HEADER_TEXTS)) }),
  time: oneOf([
    '2026-03-04T00:00:00.000Z',
    '2026-03-04T12:00:00.000Z',
    '2026-03-04T12:00:00.001Z',
    '2026-03-03T23:59:59.999Z',
    '2026-03-04T17:29:59Z',
    '2027-01-01T08:00:00Z',
  ]).map(value => new Date(value)),
});
