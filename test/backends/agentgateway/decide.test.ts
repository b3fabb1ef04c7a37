import * as fc from 'fast-check';
import { enforcement } from '../../../src/backends/agentgateway/parts';
import { Entry } from '../../../src/model/plan';
import { AuthenticationMethod } from '../../../src/model/policy';
import { MatchConditions } from '../../../src/model/route';
import { AccessRequest } from '../../../src/passes/access/caller';
import { decide } from '../../../src/passes/access/decide';
import { effectivePolicy } from '../../../src/passes/policy/merge';
import { enforcementOf } from '../../passes/access/fixtures';
import { apiKeys, basic, jwt, level } from '../../passes/policy/fixtures';
import {
  ADDRESSES,
  authorizationRule,
  GROUPS,
  HEADER_VALUES,
  itemRequest,
  NAMES,
} from '../../passes/policy/policy-arbitrary';
import { entryOf, groupOf, serverOf } from '../../support/literals';

/*
 * What the default data plane emits can be decided on, whatever it is made of.
 */

const rules = fc.array(authorizationRule, { maxLength: 2 });
const methods = fc.constantFrom<readonly AuthenticationMethod[]>(
  [jwt()],
  [
    jwt({ claims: { user: ['email'], groups: ['https://acme.dev/groups'] } }),
    apiKeys([{ user: 'alice', groups: ['admins'] }]),
  ],
  [{ kind: 'anyOf', methods: [jwt(), apiKeys([{ user: 'bob', groups: ['admin'] }]), basic] }],
);
const contexts = fc.record({
  caller: fc.option(fc.record({ user: fc.constantFrom(...NAMES), groups: fc.subarray(GROUPS) }, { requiredKeys: [] }), {
    nil: undefined,
    freq: 10,
  }),
  sourceIp: fc.constantFrom(...ADDRESSES),
  headers: fc.dictionary(fc.constantFrom('x-env', 'x-other'), fc.constantFrom(...HEADER_VALUES)),
  time: fc.date({ min: new Date('2024-01-01T00:00:00Z'), max: new Date('2037-12-31T00:00:00Z'), noInvalidDate: true }),
});
const requests: fc.Arbitrary<AccessRequest> = fc
  .tuple(contexts, itemRequest)
  .map(([context, item]) => ({ ...context, ...item }));

test('the rules of the plane decide as the rules of the policy', () => {
  let allowed = 0;
  fc.assert(
    fc.property(
      methods,
      rules,
      rules,
      fc.array(requests, { minLength: 20, maxLength: 20 }),
      (authentication, outer, inner, several) => {
        const levels = [level('gateway', { authentication, rules: outer }), level('route', { rules: inner })];
        const emitted = enforcement(
          entryOf([groupOf('default', [serverOf('ledger')])], { policy: effectivePolicy(levels).policy }),
        );
        const plain = enforcementOf(levels);
        for (const request of several) {
          const expected = decide(plain, request).allowed;
          expect({ request, ...decide(emitted, request) }).toMatchObject({ request, allowed: expected });
          allowed += expected ? 1 : 0;
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(allowed).toBeGreaterThan(0);
});

test('matches by tools, headers and methods say what is served', () => {
  const conditions = (options: Partial<MatchConditions>): MatchConditions => ({ headers: [], ...options });
  const canary = conditions({
    headers: [{ name: 'x-env', kind: 'Exact', value: 'canary' }],
    tools: [{ kind: 'prefix', value: 'db_' }],
  });
  const calls = conditions({ method: 'tools/call' });
  const shows = (entry: Entry, request: Partial<Extract<AccessRequest, { tool: string }>>) =>
    decide(enforcement(entry), { tool: 'db_query', action: 'tools/call', ...request }).allowed;

  const byHeader = entryOf([groupOf('match-0', [serverOf('canary')], { when: canary })]);
  expect(shows(byHeader, { headers: { 'X-Env': 'canary' } })).toBe(true);
  expect(shows(byHeader, { headers: { 'X-Env': 'stable' } })).toBe(false);
  expect(shows(byHeader, {})).toBe(false);
  expect(shows(byHeader, { headers: { 'X-Env': 'canary' }, tool: 'k8s_get' })).toBe(false);

  const stateless = { sessions: 'stateless' as const };
  const filtered = serverOf('rest', { ...stateless, toolsFilter: [{ kind: 'glob', value: '*_get' }] });
  const byMethod = entryOf([
    groupOf('match-0', [serverOf('calls', stateless)], { when: calls }),
    groupOf('default', [filtered], { unless: [calls] }),
  ]);
  expect(shows(byMethod, {})).toBe(true);
  expect(shows(byMethod, { action: 'tools/list' })).toBe(false);
  expect(shows(byMethod, { action: 'tools/list', tool: 'k8s_get' })).toBe(true);
});
