import * as fc from 'fast-check';
import { HeaderOperator } from '../../../src';

/*
 * Random policies, topologies and callers, as plain data, of which every part can be enforced by Envoy, so that refusals do not
 * take the place of decisions.
 */

/** Names that stand in programs. */
export const USERS = ['alice', 'bob', 'ci', 'mallory', 'O\'Brien "x" \\ $1 é'] as const;
export const GROUPS = ['finance-admins', 'interns', 'jobs', 'a,b'] as const;
export const TOOLS = ['db_query', 'db_insert', 'db_drop_table', 'k8s_get', 'report.make', 'x'] as const;
const ADDRESSES = ['127.201.0.1', '127.201.7.9', '127.202.0.1', '127.0.0.1'] as const;

/**
 * How callers prove who they are. `otherJwt` is of another issuer and in a header of its own; `realmJwt` has its users and groups
 * elsewhere in the token.
 */
export type Method =
  | 'jwt'
  | 'oidc'
  | 'realmJwt'
  | 'otherJwt'
  | 'hashedKeys'
  | 'secretKeys'
  | 'basic'
  | 'jwtOrKey'
  | 'keyOrJwt'
  | 'jwtOrBasic';

/** What can verify a name. */
export const SOURCES = ['token', 'otherToken', 'key', 'password'] as const;

export type PrincipalProgram =
  | {
      readonly kind: 'user' | 'group' | 'serviceAccount';
      readonly name: string;
      /** What has to have verified the name. */
      readonly by?: (typeof SOURCES)[number];
    }
  | { readonly kind: 'anyone' };

export type ConditionProgram =
  | { readonly kind: 'address'; readonly negated: boolean; readonly cidrs: readonly string[] }
  | {
      readonly kind: 'time';
      readonly negated: boolean;
      readonly from: string;
      readonly to: string;
      readonly zone: string;
    }
  | {
      readonly kind: 'header';
      readonly name: string;
      readonly operator: HeaderOperator;
      readonly values: readonly string[];
    }
  | { readonly kind: 'scope'; readonly scope: string };

export interface RuleProgram {
  readonly principals: readonly PrincipalProgram[];
  readonly tools: readonly string[];
  readonly conditions: readonly ConditionProgram[];
}

/** What a level asks: methods, rules about calls, and who may list, where that is said. */
export interface LevelProgram {
  readonly methods: readonly Method[];
  readonly rules: readonly RuleProgram[];
  readonly listers?: RuleProgram['principals'];
}

/** A rule of a route that sends some requests to servers of their own. */
export interface MatchProgram {
  readonly tools?: { readonly kind: 'exact' | 'prefix' | 'regex' | 'glob'; readonly value: string };
  readonly header?: { readonly kind: 'exact' | 'prefix' | 'regex'; readonly value: string };
  /** Index of a server; undefined means the route's own. */
  readonly server?: number;
}

export interface ServerProgram {
  readonly stateful: boolean;
  readonly replicas: number;
  readonly port: number;
  readonly path: string;
  /** Whether it says which tools it has. */
  readonly declares: boolean;
}

export interface RouteProgram {
  /** Origins of web pages that may ask. */
  readonly origins: readonly string[];
  readonly policy: LevelProgram;
  readonly weights: readonly number[];
  readonly matches: readonly MatchProgram[];
}

export interface DecisionProgram {
  readonly gateway: LevelProgram;
  readonly servers: readonly ServerProgram[];
  readonly routes: readonly RouteProgram[];
  readonly questions: readonly QuestionProgram[];
}

/** Who calls: by a principal alone, with claims of his token besides, or without credentials. */
export type CallerProgram =
  { readonly principal: PrincipalProgram; readonly claims?: Readonly<Record<string, unknown>> } | undefined;

/** A call, or a list, of a route. */
export interface QuestionProgram {
  readonly route: number;
  readonly action: 'call' | 'list';
  readonly tool: string;
  readonly caller: CallerProgram;
  readonly from: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Some are named more often than others, so that rules are about those who call. */
const userName = fc.constantFrom('alice', 'alice', 'alice', ...USERS);
const groupName = fc.constantFrom('interns', 'interns', 'interns', ...GROUPS);

const principal: fc.Arbitrary<PrincipalProgram> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('user' as const), name: userName }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('group' as const), name: groupName }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('serviceAccount' as const),
      name: fc.constantFrom('assistant', 'runner'),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'anyone' as const }) },
);

/** A principal of a rule. */
const granted: fc.Arbitrary<PrincipalProgram> = fc
  .tuple(principal, fc.option(fc.constantFrom(...SOURCES), { nil: undefined, freq: 1 }))
  .map(([named, by]) => (named.kind === 'anyone' || by === undefined ? named : { ...named, by }));

const HEADER_VALUES = ['stable', 'be"ta', 'canary.2', 'a b', 'x'] as const;

const condition: fc.Arbitrary<ConditionProgram> = fc.oneof(
  fc.record({
    kind: fc.constant('address' as const),
    negated: fc.boolean(),
    cidrs: fc.subarray(['127.201.0.0/16', '127.202.0.1/32', '10.0.0.0/8', '127.201.7.0/24', '::1/128'], {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  fc.record({
    kind: fc.constant('time' as const),
    negated: fc.boolean(),
    from: fc.constantFrom('00:00', '05:30', '12:00', '22:15'),
    to: fc.constantFrom('04:00', '11:59', '18:45', '23:59'),
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York'),
  }),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.constantFrom('X-Release', 'x-client'),
    operator: fc.constantFrom(HeaderOperator.EQUAL, HeaderOperator.NOT_EQUAL),
    values: fc.constantFrom(...HEADER_VALUES).map(value => [value]),
  }),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.constantFrom('X-Release', 'x-client'),
    operator: fc.constantFrom(HeaderOperator.IN, HeaderOperator.NOT_IN),
    values: fc.subarray([...HEADER_VALUES], { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('header' as const),
    name: fc.constantFrom('X-Release', 'x-client'),
    operator: fc.constantFrom(HeaderOperator.MATCHES, HeaderOperator.NOT_MATCHES),
    values: fc.constantFrom('sta.*', 'a b|x', '[a-z]+\\.[0-9]', '(?i)STABLE').map(value => [value]),
  }),
);

/** As others are, and of a token of ours. */
const anyCondition: fc.Arbitrary<ConditionProgram> = fc.oneof(
  { weight: 5, arbitrary: condition },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('scope' as const), scope: fc.constantFrom('read', 'db:write') }),
  },
);

const toolPatterns = fc.uniqueArray(
  fc.constantFrom('*', '*', 'db_*', 'db_*', '*_query', 'db_query', 'db_insert', 'k8s_get', 'report.make', 'x*', '*e*'),
  { minLength: 1, maxLength: 2 },
);

const rule: fc.Arbitrary<RuleProgram> = fc.record({
  principals: fc.array(granted, { minLength: 1, maxLength: 2 }),
  tools: toolPatterns,
  conditions: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(anyCondition, { minLength: 1, maxLength: 2 }) },
  ),
});

/** Methods that can stand together: each header carries one credential. */
const METHODS: readonly (readonly Method[])[] = [
  [],
  ['jwt'],
  ['jwt'],
  ['oidc'],
  ['realmJwt'],
  ['hashedKeys'],
  ['secretKeys'],
  ['basic'],
  ['jwtOrKey'],
  ['keyOrJwt'],
  ['jwtOrBasic'],
  ['jwt', 'otherJwt'],
  ['jwt', 'hashedKeys'],
  ['basic', 'secretKeys'],
];
const ADDED: readonly Method[] = ['jwt', 'otherJwt', 'hashedKeys', 'basic', 'jwtOrKey'];
const USES_AUTHORIZATION: readonly Method[] = [
  'jwt',
  'oidc',
  'realmJwt',
  'basic',
  'jwtOrKey',
  'keyOrJwt',
  'jwtOrBasic',
];
const USES_KEY_HEADER: readonly Method[] = ['hashedKeys', 'secretKeys', 'jwtOrKey', 'keyOrJwt'];

function together(methods: readonly Method[]): boolean {
  const single = (list: readonly Method[]): boolean => methods.filter(method => list.includes(method)).length < 2;
  return new Set(methods).size === methods.length && single(USES_AUTHORIZATION) && single(USES_KEY_HEADER);
}

function levelArbitrary(methods: readonly Method[], anyMethod: boolean): fc.Arbitrary<LevelProgram> {
  return fc
    .record({
      methods: fc.constant(methods),
      // Without authentication nobody is anyone.
      rules: anyMethod ? fc.oneof(fc.constant([]), fc.array(rule, { minLength: 1, maxLength: 4 })) : fc.constant([]),
      listers: anyMethod
        ? fc.option(fc.array(granted, { minLength: 1, maxLength: 2 }), { nil: undefined })
        : fc.constant(undefined),
    })
    .map(level => {
      // A level that said who may list and nothing else would deny every call.
      return level.rules.length === 0 ? { ...level, listers: undefined } : level;
    });
}

const serverArbitrary: fc.Arbitrary<Omit<ServerProgram, 'path' | 'stateful'>> = fc.record({
  replicas: fc.constantFrom(1, 1, 2),
  port: fc.constantFrom(8080, 3000),
  declares: fc.boolean(),
});

function matchArbitrary(count: number, stateless: boolean): fc.Arbitrary<MatchProgram> {
  const server = fc.option(fc.nat(count - 1), { nil: undefined });
  const header = fc.constantFrom<NonNullable<MatchProgram['header']>[]>(
    { kind: 'exact', value: 'acme "$1"' },
    { kind: 'prefix', value: 'acme' },
    { kind: 'regex', value: 'beta|[0-9]{2}' },
  );
  const tools = fc.constantFrom<NonNullable<MatchProgram['tools']>[]>(
    { kind: 'exact', value: 'db_query' },
    { kind: 'prefix', value: 'k8s_' },
    { kind: 'regex', value: 'db_(insert|query)' },
    { kind: 'glob', value: '*_table' },
  );
  return stateless
    ? fc
        .record({ tools: fc.option(tools, { nil: undefined }), header, server })
        .map(match => (match.tools === undefined ? match : { ...match, header: undefined }))
    : fc.record({ header, server });
}

/** Somebody must answer `initialize`: servers of a match that is not about calls alone, or the route's own. */
function connecting(matches: readonly MatchProgram[]): readonly MatchProgram[] {
  const connects =
    matches.every(({ server }) => server !== undefined) || matches.some(({ tools }) => tools === undefined);
  return connects ? matches : matches.map(match => ({ ...match, server: match.server ?? 0 }));
}

/** Where web pages come from. Most calls are of programs. */
const ORIGINS = ['https://chat.acme.dev', 'http://localhost:6274'] as const;

function routeArbitrary(gateway: readonly Method[], servers: readonly ServerProgram[]): fc.Arbitrary<RouteProgram> {
  const own = [[], [], ...ADDED.map(method => [method])].filter(methods => together([...gateway, ...methods]));
  const stateless = servers.every(({ stateful }) => !stateful);
  return fc.constantFrom(...own).chain(methods =>
    fc.record({
      origins: fc.constantFrom([], [], ...ORIGINS.map(origin => [origin]), [...ORIGINS]),
      policy: levelArbitrary(methods, gateway.length + methods.length > 0),
      weights: fc
        .array(fc.constantFrom(0, 1, 10), { minLength: servers.length, maxLength: servers.length })
        .map(weights => (weights.every(weight => weight === 0) ? weights.map(() => 1) : weights)),
      matches: fc.array(matchArbitrary(servers.length, stateless), { maxLength: 2 }).map(connecting),
    }),
  );
}

const claims: fc.Arbitrary<Record<string, unknown> | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 4, arbitrary: fc.record({ sub: userName, groups: fc.subarray([...GROUPS]) }) },
  fc.constantFrom<Record<string, unknown>[]>(
    { groups: 'interns' },
    { sub: 'alice', groups: ['interns', 7, null, { a: 1 }] },
    { sub: 'alice', groups: { 'finance-admins': true } },
    { sub: 'bob', groups: 'finance' },
    { groups: '["interns"]' },
    { sub: 'alice', realm: { name: 'bob', roles: ['interns'] } },
    { realm: 'interns' },
    { realm: { roles: 'jobs' } },
    { sub: 'ALICE', groups: ['INTERNS'] },
    { sub: 'alice ', groups: [' interns'] },
    { groups: [['interns']] },
    { sub: 'alice', groups: ['interns'], scope: 'db:write read' },
    { sub: 'bob', groups: ['finance-admins'], scope: 'db:write' },
    { sub: 'alice', groups: ['interns'], scp: ['read', 'other'] },
    { sub: 'alice', scope: 'readers db:writes', scp: 'xread' },
    { sub: 'alice', scope: ['read db:write'], scp: { read: true } },
    { sub: 'alice', extra: 'x'.repeat(2000) },
  ),
);

const caller: fc.Arbitrary<CallerProgram> = fc.option(fc.record({ principal, claims }), { nil: undefined, freq: 8 });

function questionArbitrary(routes: number): fc.Arbitrary<QuestionProgram> {
  return fc.record({
    route: fc.nat(routes - 1),
    action: fc.constantFrom('call' as const, 'call' as const, 'call' as const, 'call' as const, 'list' as const),
    tool: fc.constantFrom('db_query', 'db_query', ...TOOLS),
    caller,
    from: fc.constantFrom(...ADDRESSES),
    headers: fc
      .record({
        origin: fc.constantFrom(
          ...Array.from({ length: 9 }, () => undefined),
          ...ORIGINS,
          'https://chat.acme.dev:8443',
        ),
        'x-release': fc.constantFrom(undefined, ...HEADER_VALUES, 'STABLE', 'stable.1'),
        'X-Client': fc.constantFrom(undefined, undefined, ...HEADER_VALUES),
        'x-tenant': fc.constantFrom(undefined, undefined, 'acme "$1"', 'acme', 'beta', '42', 'beta2'),
      })
      .map(headers =>
        Object.fromEntries(
          Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
      ),
  });
}

/** So many calls of each topology. */
export const QUESTIONS = 20;

/** Servers that share requests answer at one path, and all of them keep sessions, or none does. */
const serversArbitrary = fc
  .tuple(
    fc.array(serverArbitrary, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('/mcp', '/', '/api/mcp'),
    fc.boolean(),
  )
  .map(([servers, path, stateful]): ServerProgram[] => servers.map(server => ({ ...server, path, stateful })));

export const decisionProgramArbitrary: fc.Arbitrary<DecisionProgram> = fc
  .tuple(fc.constantFrom(...METHODS), serversArbitrary, fc.integer({ min: 1, max: 2 }))
  .chain(([methods, servers, routeCount]) =>
    fc.record({
      gateway: levelArbitrary(methods, methods.length > 0),
      servers: fc.constant(servers),
      routes: fc.array(routeArbitrary(methods, servers), { minLength: routeCount, maxLength: routeCount }),
      questions: fc.array(questionArbitrary(routeCount), { minLength: QUESTIONS, maxLength: QUESTIONS }),
    }),
  )
  .map(program => ({ ...program, questions: program.questions.map(question => presentable(question, program)) }));

/** More questions to a topology. */
export function questionsTo(program: DecisionProgram): fc.Arbitrary<QuestionProgram> {
  return questionArbitrary(program.routes.length).map(question => presentable(question, program));
}

/** No name with a colon, as those of service accounts are, goes with a password. */
function presentable(
  question: QuestionProgram,
  { gateway, routes }: Pick<DecisionProgram, 'gateway' | 'routes'>,
): QuestionProgram {
  const methods = [...gateway.methods, ...routes[question.route].policy.methods];
  return methods.includes('basic') && question.caller?.principal.kind === 'serviceAccount'
    ? { ...question, caller: { ...question.caller, principal: { kind: 'anyone' } } }
    : question;
}
