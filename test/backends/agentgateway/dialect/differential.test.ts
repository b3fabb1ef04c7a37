import * as fc from 'fast-check';
import { levelExpression, variablesOf } from './variables';
import { evaluate } from '../../../../src/backends/agentgateway/dialect/evaluate';
import { ITEM_NAME } from '../../../../src/backends/agentgateway/dialect/matches';
import { Variables } from '../../../../src/cel/evaluate';
import { DONE_WITH, ItemKind } from '../../../../src/model/items';
import { LevelPolicy } from '../../../../src/model/policy';
import { effectivePolicy } from '../../../../src/passes/policy/merge';
import { admits } from '../../../passes/policy/plain-reading';
import { Facts, facts, levels } from '../../../passes/policy/policy-arbitrary';

/** Another one on each run, and printed: set it to repeat a run. */
const seed = Number(process.env.POLICY_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const TOOL_EXPRESSIONS = ['mcp.tool.name', 'json(request.body).params.name'];

function holds(expression: string, variables: Variables): boolean {
  const outcome = evaluate(expression, variables);
  return outcome.kind === 'value' && outcome.value;
}

function methodsOf(policies: readonly LevelPolicy[]) {
  return policies.flatMap(({ authentication }) => authentication.map(({ method }) => method));
}

/** What kind of item a request is about. */
function kindOf(request: Facts): ItemKind {
  const kinds = DONE_WITH[request.action];
  return kinds.find(kind => request[kind] !== undefined) ?? kinds[0];
}

const POLICIES = 350;
const REQUESTS = 30;

test(`${POLICIES * REQUESTS} random pairs of policy and request: the emitted CEL admits what docs/design.md §5 says, and nothing else (POLICY_SEED=${seed})`, () => {
  let [admitted, denied] = [0, 0];
  const requests = fc.array(facts, { minLength: REQUESTS, maxLength: REQUESTS });
  fc.assert(
    fc.property(levels, requests, fc.constantFrom(...TOOL_EXPRESSIONS), (policies, several, tool) => {
      const { policy } = effectivePolicy(policies);
      for (const request of several) {
        const variables = variablesOf(request);
        policy.levels.forEach((level, i) => {
          const kind = kindOf(request);
          const name = kind === 'tool' ? tool : ITEM_NAME[kind];
          const expression = levelExpression(policy, level, request.action, name, kind);
          const expected = admits(level, request, methodsOf(policies.slice(0, i + 1)), methodsOf(policies));
          if (holds(expression, variables) !== expected) {
            throw new Error(`should ${expected ? 'admit' : 'deny'} ${JSON.stringify(request)}: ${expression}`);
          }
          if (level.rules.length > 0) {
            admitted += expected ? 1 : 0;
            denied += expected ? 0 : 1;
          }
        });
      }
    }),
    { seed, numRuns: POLICIES },
  );
  // Neither outcome is so rare that nothing was compared.
  expect(Math.min(admitted, denied)).toBeGreaterThan(50);
}, 120_000);

test(`a route can only tighten: what two levels admit together, each admits alone (POLICY_SEED=${seed})`, () => {
  let admitted = 0;
  fc.assert(
    fc.property(levels, fc.array(facts, { minLength: REQUESTS, maxLength: REQUESTS }), (policies, requests) => {
      const [gateway, route] = policies;
      for (const request of requests) {
        const variables = variablesOf(request);
        const admittedBy = (all: readonly LevelPolicy[]): boolean => {
          const { policy } = effectivePolicy(all);
          return policy.levels.every(level =>
            holds(
              levelExpression(policy, level, request.action, ITEM_NAME[kindOf(request)], kindOf(request)),
              variables,
            ),
          );
        };
        if (admittedBy(policies)) {
          admitted++;
          expect(admittedBy([gateway])).toBe(true);
          // A route's rules may name callers that its gateway verified.
          expect(admittedBy([{ ...gateway, rules: [] }, route])).toBe(true);
        }
      }
    }),
    { seed, numRuns: 200 },
  );
  expect(admitted).toBeGreaterThan(10);
}, 120_000);
