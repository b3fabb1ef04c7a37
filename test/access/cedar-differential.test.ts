import * as fc from 'fast-check';
import { AccessMatrix, ToolAction } from '../../src';
import { CedarRequest } from '../../src/cedar/evaluate';
import { requestArbitrary } from '../cedar/arbitrary';
import { buildCedarApp, cedarProgramArbitrary, cedarSets, plainDecisions } from '../support/cedar-program';

/*
 * Whole apps: what the access matrix says of a route with Cedar policies is what Cedar itself decides. CEDAR_SEED repeats a run,
 * CEDAR_APPS makes it longer. Together with the test of the translation, more than 10,000 decisions a run.
 */

const SEED = Number(process.env.CEDAR_SEED ?? Date.now() % 2 ** 31);
const APPS = Number(process.env.CEDAR_APPS ?? 60);
const REQUESTS = 40;

/** Requests, mostly for tools that servers declare. */
const asked = fc
  .tuple(requestArbitrary, fc.option(fc.constantFrom('db_query', 'db_drop', 'report'), { nil: undefined, freq: 5 }))
  .map(([request, tool]): CedarRequest => ({ ...request, tool: tool ?? request.tool }));

/** A request as a question. The token has no subject where the caller has no name. */
function question({ action, user, groups, claims, tool, arguments: args, sourceIp, headers, time }: CedarRequest) {
  return {
    claims: { ...claims, sub: user, groups },
    tool,
    undeclared: true,
    action: action === 'call_tool' ? ToolAction.CALL : ToolAction.LIST,
    arguments: args,
    sourceIp,
    headers: headers as Record<string, string>,
    time: time.toISOString(),
  };
}

it(`decides over whole apps as Cedar does, seed ${SEED}`, () => {
  const count = { apps: 0, pairs: 0, allowed: 0 };
  process.stdout.write(`cedar in apps: CEDAR_SEED=${SEED}\n`);
  fc.assert(
    fc.property(
      cedarProgramArbitrary,
      fc.array(asked, { minLength: REQUESTS, maxLength: REQUESTS }),
      (program, requests) => {
        const sets = cedarSets(program);
        // What is random is sometimes impossible, which is an error.
        fc.pre(sets !== undefined);
        const { app, route } = buildCedarApp(program);
        const access = AccessMatrix.of(app);
        const expected = plainDecisions(program, sets!, requests);
        requests.forEach((request, i) => {
          const { allowed, reasons } = access.decide({ route, ...question(request) });
          if (allowed !== expected[i]) {
            throw new Error(
              `Cedar: ${expected[i]}\nmatrix: ${allowed}, ${JSON.stringify(reasons)}\n${JSON.stringify(request)}\n${JSON.stringify(program, undefined, 2)}`,
            );
          }
          expect(reasons).not.toEqual([]);
          count.pairs++;
          count.allowed += allowed ? 1 : 0;
        });
        count.apps++;
      },
    ),
    { numRuns: APPS, seed: SEED, endOnFailure: true },
  );
  process.stdout.write(`cedar in apps: ${JSON.stringify(count)}\n`);
  expect(count.pairs).toBeGreaterThanOrEqual(Math.min(2_400, APPS * REQUESTS));
  // A test in which nothing is allowed shows nothing.
  expect(count.allowed).toBeGreaterThan(count.pairs / 1000);
}, 300_000);
