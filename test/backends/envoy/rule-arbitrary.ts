import * as fc from 'fast-check';
import { ItemKind, LISTS, patternsOf, Permission } from '../../../src/model/items';
import { AuthorizationRule, EffectivePolicy } from '../../../src/model/policy';
import { toolGlob, ToolPattern } from '../../../src/model/tool-pattern';
import { AccessRequest, RequestContext } from '../../../src/passes/access/caller';
import { effectivePolicy } from '../../../src/passes/policy/merge';
import {
  ADDRESSES,
  authorizationRule,
  GROUPS,
  HEADER_VALUES,
  itemRequest,
  NAMES,
  pattern,
} from '../../passes/policy/policy-arbitrary';
import { policyArbitrary } from '../agentgateway/policy-arbitrary';

/* Random policies that both planes can enforce, and random requests: their rules restrict no lists. */

const one = <T>(pool: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...pool);

/** Who may list, may list all. */
function withoutListing(rule: AuthorizationRule): AuthorizationRule {
  const permissions = rule.permissions.map((permission): Permission => {
    const listed = (kind: ItemKind): readonly ToolPattern[] =>
      permission.actions.includes(LISTS[kind])
        ? [...patternsOf(permission, kind), toolGlob('*')]
        : patternsOf(permission, kind);
    return { ...permission, tools: listed('tool'), prompts: listed('prompt'), resources: listed('resource') };
  });
  return { ...rule, permissions };
}

const rules = fc.array(authorizationRule.map(withoutListing), { maxLength: 3 });

/** Policies of a gateway and a route. */
export const policies: fc.Arbitrary<EffectivePolicy> = fc
  .tuple(policyArbitrary(one(NAMES), fc.array(pattern, { minLength: 1, maxLength: 2 })), rules, rules)
  .map(
    ([{ levels }, ...several]) => effectivePolicy(levels.map((level, i) => ({ ...level, rules: several[i] }))).policy,
  );

const claims = fc.dictionary(
  one(['groups', 'email', 'realm', 'https://x/user']),
  fc.oneof(
    one<unknown>([...NAMES, ...GROUPS]),
    fc.array(one(GROUPS), { maxLength: 2 }),
    one<unknown>([
      null,
      5,
      true,
      {},
      { roles: ['admins', 'a"d\\mins'] },
      { roles: 'admins' },
      [5, null, ['admins'], 'admin'],
    ]),
  ),
);

const contexts: fc.Arbitrary<RequestContext> = fc.record({
  caller: fc.record({
    user: fc.option(one([...NAMES, 'system:serviceaccount:finance:bot', 'bot']), { nil: undefined }),
    groups: fc.option(fc.array(one([...GROUPS, ...NAMES]), { maxLength: 2 }), { nil: undefined }),
    claims: fc.option(claims, { nil: undefined }),
  }),
  sourceIp: fc.option(one(ADDRESSES), { nil: undefined, freq: 20 }),
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

/** Requests of callers that have credentials. */
export const requests: fc.Arbitrary<AccessRequest> = fc
  .tuple(contexts, itemRequest)
  .map(([context, item]) => ({ ...context, ...item }));
