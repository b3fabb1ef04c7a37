import * as fc from 'fast-check';
import { policies, requests } from './rule-arbitrary';
import { enforcement as agentgateway } from '../../../src/backends/agentgateway/parts';
import { enforcement as envoy } from '../../../src/backends/envoy';
import { isAllowed } from '../../../src/passes/access/decide';
import { entryOf, groupOf, serverOf } from '../../support/literals';

/** Another one on each run, and printed: set it to repeat a run. */
const seed = Number(process.env.POLICY_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const POLICIES = 150;
const REQUESTS = 25;

test(`two planes, one meaning: ${POLICIES * REQUESTS} random decisions by what each emits (POLICY_SEED=${seed})`, () => {
  let [admitted, denied] = [0, 0];
  fc.assert(
    fc.property(policies, fc.array(requests, { minLength: REQUESTS, maxLength: REQUESTS }), (policy, several) => {
      const entry = entryOf([groupOf('default', [serverOf('ledger')])], { policy });
      const planes = [agentgateway(entry), envoy(entry)];
      for (const request of several) {
        const [expected, found] = planes.map(plane => isAllowed(plane, request));
        if (found !== expected) {
          throw new Error(`agentgateway ${expected ? 'admits' : 'denies'}, Envoy does not: ${JSON.stringify(request)}`);
        }
        if (policy.levels.some(({ rules }) => rules.length > 0)) {
          admitted += expected ? 1 : 0;
          denied += expected ? 0 : 1;
        }
      }
    }),
    { seed, numRuns: POLICIES },
  );
  // Neither outcome is so rare that nothing was compared.
  expect(Math.min(admitted, denied)).toBeGreaterThan(20);
}, 120_000);
