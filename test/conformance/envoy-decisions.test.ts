import * as fc from 'fast-check';
import { buildDecisionApp, NAMESPACE } from './end-to-end/decision-app';
import { DecisionProgram, decisionProgramArbitrary } from './end-to-end/decision-program';
import { decide } from './end-to-end/decisions';
import { describeWithEnvoy } from './end-to-end/describe';
import { secretsIn } from './end-to-end/identities';
import { AccessMatrix } from '../../src';
import { objectsOf } from '../support/synth';

/*
 * Random topologies with random policies on a real Envoy: what really happens to each call is what AccessMatrix says. How many:
 * CONFORMANCE_DECISIONS. A failure is repeated with the CONFORMANCE_SEED that it prints.
 */

const COUNT = Number(process.env.CONFORMANCE_DECISIONS ?? 300);
/** The same every time, so that a change that fails is the change's own. */
const SEED = Number(process.env.CONFORMANCE_SEED ?? 20_261_122);

/** What at least each answer's share is, in percent: decisions that are all alike would say little. */
const LEAST_SHARE = 15;

describeWithEnvoy(`decisions of a real Envoy, seed ${SEED}`, envoy => {
  const programs = fc.sample(decisionProgramArbitrary, { numRuns: COUNT, seed: SEED });
  const decided = { allowed: 0, denied: 0 };

  test.each(programs.map((program, i): [number, DecisionProgram] => [i, program]))(
    'topology %i decides as AccessMatrix says',
    async (i, program) => {
      const { app, routes } = buildDecisionApp(program);
      const matrix = AccessMatrix.of(app);
      const running = await envoy().start(objectsOf(app), { secrets: secretsIn(NAMESPACE) });
      try {
        const found = await decide(running, { program, matrix, routes }, program.questions);
        decided.allowed += found.allowed;
        decided.denied += found.denied;
        expect(
          found.disagreements.map(
            text => `seed ${SEED}, topology ${i}: ${JSON.stringify({ ...program, questions: undefined })}\n${text}`,
          ),
        ).toEqual([]);
        // What was refused was executed by nobody either.
        expect((await running.executed()).filter(({ method }) => method === 'tools/call')).toHaveLength(found.calls);
      } finally {
        await running.stop();
      }
    },
  );

  test('allows some and denies some', () => {
    const share = (100 * decided.allowed) / (decided.allowed + decided.denied);
    expect(share).toBeGreaterThan(LEAST_SHARE);
    expect(share).toBeLessThan(100 - LEAST_SHARE);
  });
});
