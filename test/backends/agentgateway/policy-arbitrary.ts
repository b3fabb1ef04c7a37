import * as fc from 'fast-check';
import { anyOf, apiKeyOf, BASIC, jwksOf, verifiableJwt } from './policy-fixtures';
import {
  AuthenticationMethod,
  AuthorizationRule,
  Condition,
  EffectivePolicy,
  LevelPolicy,
  Principal,
  RateLimit,
  SingleMethod,
} from '../../../src/model/policy';
import { ToolPattern } from '../../../src/model/tool-pattern';
import { effectivePolicy } from '../../../src/passes/policy/merge';

/* Random policies that agentgateway can enforce all of. */

const origin = fc.constantFrom(
  { path: 'app/gw', property: 'authorization[0]' },
  { path: 'app/smart', property: 'allow' },
);

/** Methods that go together in any number and at any level. */
const single: fc.Arbitrary<SingleMethod> = fc.constantFrom<SingleMethod>(
  verifiableJwt({ header: { name: 'x-token', prefix: '' } }),
  verifiableJwt({ header: { name: 'x-token', prefix: '' }, audiences: ['ledger', 'b$oks'] }),
  apiKeyOf(),
  BASIC,
);
const choice: fc.Arbitrary<AuthenticationMethod> = fc
  .uniqueArray(single, { minLength: 2, maxLength: 4 })
  .map(methods => anyOf(...methods));
const issuers = anyOf(
  verifiableJwt({ header: { name: 'x-token', prefix: '' } }),
  verifiableJwt({
    header: { name: 'x-token', prefix: '' },
    issuer: 'https://other.dev/${REALM}',
    keys: { kind: 'inline', jwks: jwksOf('k2') },
    claims: { user: ['https://x/user'], groups: ['realm', 'roles'] },
  }),
);
const resource = verifiableJwt({
  header: { name: 'x-token', prefix: '' },
  keys: { kind: 'url', url: 'https://auth.acme.dev/jwks.json' },
  resource: { scopes: ['tools'] },
});
const methods: fc.Arbitrary<readonly AuthenticationMethod[]> = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.oneof(single, choice), { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<readonly AuthenticationMethod[]>([issuers], [resource], [resource, apiKeyOf()]),
  },
);

function principal(text: fc.Arbitrary<string>): fc.Arbitrary<Principal> {
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('user' as const, 'group' as const), name: text }),
    fc.record({
      kind: fc.constant('serviceAccount' as const),
      namespace: fc.constant('finance'),
      name: fc.constant('bot'),
    }),
    fc.constant({ kind: 'anyAuthenticated' as const }),
  );
}

function condition(text: fc.Arbitrary<string>): fc.Arbitrary<Condition> {
  return fc.oneof(
    fc.record({
      kind: fc.constant('sourceIp' as const),
      negated: fc.boolean(),
      cidrs: fc.constantFrom(['10.0.0.0/8'], ['10.0.0.0/8', 'fd00::/8']),
    }),
    fc.record({
      kind: fc.constant('timeOfDay' as const),
      negated: fc.boolean(),
      from: fc.integer({ min: 0, max: 1439 }),
      to: fc.integer({ min: 0, max: 1440 }),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
    }),
    fc.record({
      kind: fc.constant('header' as const),
      name: fc.constant('x-env'),
      operator: fc.constantFrom('Equal' as const, 'NotIn' as const, 'In' as const),
      values: fc.array(text, { minLength: 1, maxLength: 2 }),
    }),
  );
}

function rule(text: fc.Arbitrary<string>, tools: fc.Arbitrary<ToolPattern[]>): fc.Arbitrary<AuthorizationRule> {
  return fc.record({
    principals: fc.array(principal(text), { minLength: 1, maxLength: 2 }),
    permissions: fc.array(
      fc.record({
        tools,
        actions: fc.constantFrom(
          ['tools/call', 'tools/list'] as const,
          ['tools/call'] as const,
          ['tools/list'] as const,
        ),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    conditions: fc.array(condition(text), { maxLength: 2 }),
    origin,
  });
}

function limit(tools: fc.Arbitrary<ToolPattern[]>): fc.Arbitrary<RateLimit> {
  return fc.record({
    dimension: fc.constantFrom(
      'user' as const,
      'principal' as const,
      'ip' as const,
      'tool' as const,
      'namespace' as const,
      'global' as const,
    ),
    requests: fc.integer({ min: 0, max: 10_000 }),
    unit: fc.constantFrom('second' as const, 'minute' as const, 'hour' as const, 'day' as const),
    tools: fc.option(tools, { nil: undefined }),
    origin,
  });
}

/** Policies of a gateway and a route, which share what methods there are. */
export function policyArbitrary(
  text: fc.Arbitrary<string>,
  tools: fc.Arbitrary<ToolPattern[]>,
): fc.Arbitrary<EffectivePolicy> {
  const part = fc.record({
    rules: fc.array(rule(text, tools), { maxLength: 2 }),
    rateLimits: fc.array(limit(tools), { maxLength: 3 }),
  });
  return fc.tuple(methods, fc.nat({ max: 3 }), part, part).map(([all, split, outer, inner]) => {
    const level = (
      name: LevelPolicy['level'],
      found: readonly AuthenticationMethod[],
      rest: typeof outer,
    ): LevelPolicy => ({
      level: name,
      path: `app/${name}`,
      authentication: found.map((method, i) => ({
        method,
        origin: { path: `app/${name}`, property: `authentication[${i}]` },
      })),
      ...rest,
    });
    return effectivePolicy([level('gateway', all.slice(0, split), outer), level('route', all.slice(split), inner)])
      .policy;
  });
}
