import * as fc from 'fast-check';
import { entitiesArbitrary, policiesArbitrary, requestArbitrary } from './arbitrary';
import { outcome, translated } from './support';
import { CedarTranslation, parseCedar } from '../../src/cedar';
import { authorizationCall, evaluateCedar } from '../../src/cedar/evaluate';
import { cedarWasm } from '../../src/cedar/wasm';

/*
 * Cedar's own decision is the oracle. CEDAR_SEED repeats a run, CEDAR_SETS makes it longer.
 */

const SEED = Number(process.env.CEDAR_SEED ?? Date.now() % 2 ** 31);
const SETS = Number(process.env.CEDAR_SETS ?? 256);
const REQUESTS = 40;

it(`decides as Cedar does, seed ${SEED}`, () => {
  const count = { pairs: 0, allowed: 0, forbidden: 0, refused: 0 };
  const cpu = process.cpuUsage();
  process.stdout.write(`cedar differential: CEDAR_SEED=${SEED}\n`);
  fc.assert(
    fc.property(
      policiesArbitrary,
      entitiesArbitrary,
      fc.array(requestArbitrary, { minLength: REQUESTS, maxLength: REQUESTS }),
      (policies, entities, requests) => {
        const { set, findings } = parseCedar(policies, JSON.stringify(entities));
        // What is random is sometimes impossible, which is an error here; nothing else may be.
        expect(
          findings.filter(({ severity, problem }) => severity === 'error' && !/can never apply/.test(problem)),
        ).toEqual([]);
        fc.pre(set !== undefined);
        const translations = {
          call_tool: new Map<string, CedarTranslation>(),
          list_tools: new Map<string, CedarTranslation>(),
        };
        requests.forEach((request, index) => {
          const cedar = evaluateCedar(set!, request);
          const place = JSON.stringify(request.servers);
          const translation = translations[request.action].get(place) ?? translated(set!, request);
          translations[request.action].set(place, translation);
          const cel = outcome(translation.expression, request);
          const denied = cedar.errors.length > 0;
          const agree = cedar.allowed === (cel.kind === 'value' && cel.value);
          // What conforms to the types cannot err, on either side.
          const sound = denied ? /another type|no user name/.test(cedar.errors[0]) : cel.kind === 'value';
          if (!agree || !sound) {
            throw new Error(
              `Cedar: ${JSON.stringify(cedar)}\nCEL: ${JSON.stringify(cel)}\n${JSON.stringify(request)}\n${JSON.stringify(entities)}\n${policies.join('\n')}\n${translation.expression}`,
            );
          }
          if (index < 1 && !denied) {
            const call = authorizationCall(set!, request);
            const staticPolicies = Object.fromEntries(set!.policies.map(({ id, text }) => [id, text]));
            // Against the schema, once more: the requests that are made of conforming parts are valid ones.
            const answer = cedarWasm().isAuthorized({
              ...(call as Exclude<typeof call, string>),
              schema: set!.schema,
              policies: { staticPolicies },
            });
            expect(answer).toMatchObject({ type: 'success', response: { decision: cedar.allowed ? 'allow' : 'deny' } });
            const applying = translation.policies.filter(({ expression }) => {
              const result = outcome(expression, request);
              return result.kind === 'value' && result.value;
            });
            const forbids = applying.filter(({ effect }) => effect === 'forbid');
            expect((forbids.length > 0 ? forbids : applying).map(({ id }) => id).sort()).toEqual(cedar.reasons);
          }
          count.pairs++;
          count.allowed += cedar.allowed ? 1 : 0;
          count.forbidden += !cedar.allowed && cedar.reasons.length > 0 ? 1 : 0;
          count.refused += denied ? 1 : 0;
        });
      },
    ),
    { numRuns: SETS, seed: SEED, endOnFailure: true },
  );
  process.stdout.write(
    `cedar differential: ${JSON.stringify(count)}, ${Math.round(process.cpuUsage(cpu).user / 1000)} ms of CPU\n`,
  );
  expect(count.pairs).toBeGreaterThanOrEqual(Math.min(10_000, SETS * REQUESTS));
  // A test in which nothing is allowed, or nothing forbidden, shows nothing.
  expect(Math.min(count.allowed, count.forbidden, count.refused)).toBeGreaterThan(count.pairs / 50);
}, 300_000);
