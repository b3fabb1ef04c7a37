import * as fc from 'fast-check';
import { apiKeys, basic, jwt, level, origin, rate } from './fixtures';
import { AuthenticationMethod, RateDimension, RateLimit, RateUnit } from '../../../src/model/policy';
import { toolGlob } from '../../../src/model/tool-pattern';
import { compareRates, countersOf, effectivePolicy, lowestRates } from '../../../src/passes/policy/merge';
import { jwtOf, LevelOptions, limitOf, policyOf } from '../../backends/agentgateway/policy-fixtures';
import { gatewayOf } from '../../support/literals';

function merge(gateway: AuthenticationMethod[], route: AuthenticationMethod[]) {
  return effectivePolicy([level('gateway', { authentication: gateway }), level('route', { authentication: route })]);
}

describe('authentication', () => {
  test('every method of every level must pass, and equal ones are asked once', () => {
    const { policy, diagnostics } = merge(
      [jwt({ audiences: ['a', 'b'] })],
      [jwt({ audiences: ['b', 'a'] }), apiKeys([{}])],
    );
    expect(diagnostics).toEqual([]);
    expect(policy.authentication.map(({ method, origins }) => [method.kind, origins])).toEqual([
      ['jwt', [origin('authentication[0]', 'app/gateway'), origin('authentication[0]', 'app/route')]],
      ['apiKey', [origin('authentication[1]', 'app/route')]],
    ]);
  });

  test('the order of properties and of alternatives is no difference', () => {
    const { kind, ...rest } = jwt();
    const { policy } = merge(
      [{ kind: 'anyOf', methods: [jwt(), basic] }],
      [{ kind: 'anyOf', methods: [basic, { ...rest, kind }] }],
    );
    expect(policy.authentication).toHaveLength(1);
  });

  test('levels are kept as they are', () => {
    const levels = [level('gateway', { rateLimits: [rate()] }), level('route', { authentication: [jwt()] })];
    expect(effectivePolicy(levels).policy.levels).toEqual(levels);
    expect(effectivePolicy([])).toEqual({
      policy: { levels: [], authentication: [], rateLimits: [] },
      diagnostics: [],
    });
  });

  test('one issuer for several audiences is no contradiction', () => {
    const { policy, diagnostics } = merge([jwt()], [jwt({ audiences: ['finance'] })]);
    expect(policy.authentication).toHaveLength(2);
    expect(diagnostics).toEqual([]);
  });

  test.each<[string, AuthenticationMethod, AuthenticationMethod]>([
    ['two issuers', jwt(), jwt({ issuer: 'https://other.dev' })],
    ['two sets of keys', jwt(), jwt({ keys: { kind: 'inline', jwks: '{}' } })],
    ['a token and a password', jwt(), basic],
    [
      'a token and a key as bearer',
      jwt(),
      { ...apiKeys([{}], 'authorization'), header: { name: 'authorization', prefix: 'Bearer ' } },
    ],
    [
      'API keys of which none is accepted by both',
      apiKeys([{}]),
      apiKeys([{ secret: { kind: 'sha256', hex: 'f'.repeat(64) } }]),
    ],
    ['a choice that leaves nothing', { kind: 'anyOf', methods: [jwt(), basic] }, jwt({ issuer: 'https://other.dev' })],
  ])('%s in one header contradict', (_, first, second) => {
    const { diagnostics } = merge([first], [second]);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: 'error', path: 'app/route', property: 'authentication[0]' });
    expect(diagnostics[0].problem).toContain('app/gateway (authentication[0])');
    expect(merge([second], [first]).diagnostics).toHaveLength(1);
  });

  test.each<[string, AuthenticationMethod, AuthenticationMethod]>([
    [
      'two issuers in two headers',
      jwt(),
      jwt({ issuer: 'https://other.dev', header: { name: 'x-token', prefix: '' } }),
    ],
    ['a token and an API key', jwt(), apiKeys([{}])],
    ['API keys of which one is accepted by both', apiKeys([{}, {}]), apiKeys([{}])],
    [
      'a choice that leaves one',
      { kind: 'anyOf', methods: [jwt(), apiKeys([{}])] },
      jwt({ issuer: 'https://other.dev' }),
    ],
    [
      'a token and a certificate',
      jwt(),
      { kind: 'clientCertificate', ca: { kind: 'secret', ref: { secretName: 'ca', key: 'ca.crt' } } },
    ],
  ])('%s do not', (_, first, second) => {
    expect(merge([first], [second]).diagnostics).toEqual([]);
  });

  test('a contradiction says what to do', () => {
    expect(merge([jwt()], [jwt({ issuer: 'https://other.dev' })]).diagnostics[0]).toMatchInlineSnapshot(`
     {
       "id": "authentication-contradicts",
       "path": "app/route",
       "problem": "no request can pass this and also a token of https://auth.acme.dev in the header authorization, which app/gateway (authentication[0]) asks for: both read the same header",
       "property": "authentication[0]",
       "remedy": "Read one of them from another header, accept either of them with Authentication.anyOf at one level, or remove one",
       "severity": "error",
       "value": "a token of https://other.dev in the header authorization",
     }
    `);
  });
});

describe('rates', () => {
  const lowest = (...limits: RateLimit[]) => lowestRates(limits).map(({ requests, unit }) => `${requests}/${unit}`);

  test('the lowest after normalising units, its figure as it was written', () => {
    expect(lowest(rate({ requests: 100, unit: 'hour' }), rate({ requests: 2, unit: 'minute' }))).toEqual(['100/hour']);
    expect(lowest(rate({ requests: 1, unit: 'second' }), rate({ requests: 86_399, unit: 'day' }))).toEqual([
      '86399/day',
    ]);
    expect(
      lowest(
        rate({ requests: Number.MAX_SAFE_INTEGER, unit: 'hour' }),
        rate({ requests: Number.MAX_SAFE_INTEGER - 1, unit: 'hour' }),
      ),
    ).toEqual(['9007199254740990/hour']);
  });

  test('of equal rates the one of the shorter unit, whichever comes first', () => {
    const [minute, hour] = [rate({ requests: 60, unit: 'minute' }), rate({ requests: 3600, unit: 'hour' })];
    expect(lowest(minute, hour)).toEqual(['60/minute']);
    expect(lowest(hour, minute)).toEqual(['60/minute']);
  });

  test('for each dimension and selection of tools', () => {
    const tools = [toolGlob('db_*'), toolGlob('query')];
    const merged = lowestRates([
      rate({ requests: 10 }),
      rate({ requests: 5, tools }),
      rate({ requests: 4, tools: [...tools].reverse() }),
      rate({ requests: 1, dimension: 'ip' }),
      rate({ requests: 20 }),
    ]);
    expect(merged.map(({ dimension, requests, tools: selection }) => [dimension, requests, selection?.length])).toEqual(
      [
        ['ip', 1, undefined],
        ['user', 10, undefined],
        ['user', 4, 2],
      ],
    );
  });

  const arbitrary: fc.Arbitrary<RateLimit> = fc.record({
    dimension: fc.constantFrom<RateDimension>('user', 'ip'),
    requests: fc.integer({ min: 1, max: 100_000 }),
    unit: fc.constantFrom<RateUnit>('second', 'minute', 'hour', 'day'),
    tools: fc.constantFrom(undefined, [toolGlob('a')], [toolGlob('a*')]),
    origin: fc.constant(origin('rateLimits[0]')),
  });

  test('no limit is lost: each has one at least as low, and the order of levels does not matter', () => {
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 8 }), limits => {
        const merged = lowestRates(limits);
        for (const limit of limits) {
          expect(
            merged.some(
              other =>
                other.dimension === limit.dimension &&
                JSON.stringify(other.tools) === JSON.stringify(limit.tools) &&
                compareRates(other, limit) <= 0,
            ),
          ).toBe(true);
        }
        expect(merged.every(limit => limits.includes(limit))).toBe(true);
        expect(lowestRates([...limits].reverse())).toEqual(merged);
      }),
    );
  });
});

const counters = (...levels: LevelOptions[]) =>
  countersOf(policyOf(...levels), 'finance/smart', gatewayOf()).map(
    ({ id, requests, unit, namespace }) => `${id}: ${requests} per ${unit} in ${namespace}`,
  );

it("counts a gateway's limit over its routes, and a route's on it alone", () => {
  expect(
    counters(
      { level: 'gateway', authentication: [jwtOf()], rateLimits: [limitOf('namespace', 10_000)] },
      { rateLimits: [limitOf('user', 100)] },
    ),
  ).toEqual(['gateway/namespace: 10000 per hour in finance', 'route/finance/smart/user: 100 per hour in finance']);
});

it("keeps a gateway's limit below which a route has one, and drops a route's that says nothing new", () => {
  const gateway: LevelOptions = { level: 'gateway', rateLimits: [limitOf('ip', 100)] };
  expect(counters(gateway, { rateLimits: [limitOf('ip', 10)] })).toEqual([
    'gateway/ip: 100 per hour in finance',
    'route/finance/smart/ip: 10 per hour in finance',
  ]);
  expect(counters(gateway, { rateLimits: [limitOf('ip', 10, { unit: 'second' })] })).toEqual([
    'gateway/ip: 100 per hour in finance',
  ]);
});

it('takes the lowest of several at one level', () => {
  expect(
    counters({
      level: 'gateway',
      rateLimits: [limitOf('ip', 100), limitOf('ip', 50), limitOf('ip', 1, { unit: 'second' })],
    }),
  ).toEqual(['gateway/ip: 50 per hour in finance']);
});

it('counts selections of tools apart, whatever their order, and keeps the counter of a changed rate', () => {
  const tools = [
    { kind: 'exact' as const, value: 'a' },
    { kind: 'prefix' as const, value: 'b' },
  ];
  const [some] = counters({ rateLimits: [limitOf('ip', 1, { tools })] });
  expect(some).toMatch(/^route\/finance\/smart\/ip\/[0-9a-f]{12}: 1 per hour/);
  expect(counters({ rateLimits: [limitOf('ip', 2, { tools: [...tools].reverse() }), limitOf('ip', 3)] })).toEqual([
    'route/finance/smart/ip: 3 per hour in finance',
    some.replace(': 1', ': 2'),
  ]);
});

it('counts discovered servers in the namespace of their gateway', () => {
  const policy = policyOf({ level: 'gateway', rateLimits: [limitOf('namespace', 1)] });
  expect(countersOf(policy, 'mcp', gatewayOf()).map(({ namespace }) => namespace)).toEqual(['mcp-system']);
});
