import * as fc from 'fast-check';
import { AccessMatrix } from '../../src';
import { buildDecisionApp, NAMESPACE } from '../../test/conformance/end-to-end/decision-app';
import { decisionProgramArbitrary, questionsTo } from '../../test/conformance/end-to-end/decision-program';
import { decide, Decisions } from '../../test/conformance/end-to-end/decisions';
import { secretsIn } from '../../test/conformance/end-to-end/identities';
import { RunningApp } from '../../test/conformance/end-to-end/running-app';
import { ServerPool } from '../../test/conformance/end-to-end/server-pool';
import { objectsOf } from '../../test/support/synth';
import { ENVOY } from '../conformance/envoy';
import { provide } from '../conformance/toolchain';

/*
 * Random policies on a real Envoy, compared with AccessMatrix, by the million: conformance asks a few questions of many topologies, each of
 * which has to start. Here each is asked many.
 */

/** Questions to one topology: so many that its start, some seconds, costs less than they do. */
const QUESTIONS = 2_500;
const AT_ONCE = 16;
const SHOWN = 20;

/** Makes so many decisions, of topologies whose seeds begin with one; what is wrong. */
export async function compareDecisions(count: number, seed: number): Promise<readonly string[]> {
  const pool = new ServerPool();
  const envoy = (await provide(ENVOY)).file;
  const problems: string[] = [];
  const started = Date.now();
  let decided = 0;
  console.log(`seed ${seed}: --seed ${seed} repeats all of it, the seed of a topology that one`);
  try {
    for (let own = seed; decided < count; own++) {
      const questions = Math.min(QUESTIONS, count - decided);
      const found = await decideTopology(own, questions, pool, envoy);
      decided += found.allowed + found.denied;
      problems.push(...found.disagreements.map(text => `seed ${own}: ${text}`));
      found.disagreements.slice(0, SHOWN).forEach(text => console.log(`seed ${own}: ${text}`));
      const seconds = (Date.now() - started) / 1000;
      console.log(
        `seed ${own}: ${found.allowed} allowed, ${found.denied} denied, ${found.disagreements.length} disagreements; ` +
          `${decided} of ${count} decisions, ${Math.round(decided / seconds)} a second`,
      );
    }
  } finally {
    await pool.stop();
  }
  return problems;
}

async function decideTopology(seed: number, count: number, pool: ServerPool, envoy: string): Promise<Decisions> {
  const [program] = fc.sample(decisionProgramArbitrary, { numRuns: 1, seed });
  const questions = fc.sample(questionsTo(program), { numRuns: count, seed });
  const { app, routes } = buildDecisionApp(program);
  const matrix = AccessMatrix.of(app);
  const running = await RunningApp.start(objectsOf(app), pool, { envoy }, { secrets: secretsIn(NAMESPACE) });
  try {
    const found = await decide(running, { program, matrix, routes }, questions, AT_ONCE);
    const executed = (await running.executed()).filter(({ method }) => method === 'tools/call').length;
    return executed === found.calls
      ? found
      : {
          ...found,
          disagreements: [...found.disagreements, `${found.calls} calls were answered, and ${executed} executed`],
        };
  } finally {
    await running.stop();
  }
}
