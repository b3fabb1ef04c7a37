import { ChildProcess, fork } from 'child_process';
import { existsSync } from 'fs';
import { cpus } from 'os';
import { join } from 'path';
import type { Outcome } from './inputs/worker';

/*
 * Generated inputs: options by the types of the public API, and documents by its schemas. Each has to be written whole, or refused
 * by errors as users should get them, soon.
 */

/** Written by `npm run compile`: it says which types there are. */
const ASSEMBLY = join(__dirname, '../../.jsii');
/** An input that takes longer is stuck. */
const HANG_MS = 60_000;
/** Time to load everything. */
const START_MS = 300_000;
/** Seeds that one process does, so that its memory does not grow for ever. */
const BATCH = 500;
const SHOWN = 20;
const REPORT_MS = 30_000;

/** What came of all inputs. */
interface Sum {
  inputs: number;
  written: number;
  refused: number;
  slowest: number;
  readonly problems: string[];
}

/**
 * Tries inputs until there were so many, beginning with a seed.
 *
 * @returns what is wrong, each with the seed by which it is repeated
 */
export async function tryInputs(count: number, seed: number, assembly = ASSEMBLY): Promise<readonly string[]> {
  if (!existsSync(assembly)) {
    throw new Error(`${assembly} is missing: run npm run compile first`);
  }
  console.log(
    `${count} inputs from seed ${seed}; one of them again: npm run nightly -- --part inputs --seed SEED --count 1`,
  );
  const sum: Sum = { inputs: 0, written: 0, refused: 0, slowest: 0, problems: [] };
  const report = setInterval(() => console.log(inWords(sum)), REPORT_MS);
  let next = seed;
  const work = async (): Promise<void> => {
    while (sum.inputs < count) {
      const first = next;
      const seeds = Math.min(BATCH, count);
      next += seeds;
      // After what ended a process, the seeds behind it are still to be tried.
      for (let from = first; from < first + seeds && sum.inputs < count;) {
        from = (await batch(assembly, from, first + seeds - from, sum)) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(cpus().length, Math.ceil(count / BATCH))) }, work));
  clearInterval(report);
  console.log(`\n${inWords(sum)}`);
  sum.problems.slice(0, SHOWN).forEach(problem => console.log(`\n${problem}`));
  return sum.problems;
}

/** Has a process try some seeds; the last that it came to. */
function batch(assembly: string, first: number, seeds: number, sum: Sum): Promise<number> {
  const child: ChildProcess = fork(join(__dirname, 'inputs/worker.ts'), [assembly, String(first), String(seeds)], {
    execArgv: ['-r', 'ts-node/register/transpile-only'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let current = first;
  let done = first - 1;
  let hung = false;
  let said = '';
  child.stderr!.on('data', text => {
    said = `${said}${text}`.slice(-2000);
  });
  const stop = (): void => {
    hung = true;
    child.kill('SIGKILL');
  };
  let watch = setTimeout(stop, START_MS);
  child.on('message', ({ seed, kind, milliseconds = 0, tries = 1, problem }: Outcome) => {
    clearTimeout(watch);
    watch = setTimeout(stop, HANG_MS);
    current = seed;
    if (kind === undefined) {
      return;
    }
    done = seed;
    sum.inputs += tries;
    sum.written += kind === 'written' ? 1 : 0;
    sum.refused += kind === 'written' ? tries - 1 : kind === 'refused' ? tries : 0;
    sum.slowest = Math.max(sum.slowest, milliseconds);
    if (problem !== undefined) {
      sum.problems.push(`seed ${seed}: ${problem}`);
    }
  });
  return new Promise(resolve =>
    child.on('exit', (code, signal) => {
      clearTimeout(watch);
      if (done < first + seeds - 1) {
        sum.inputs++;
        sum.problems.push(
          hung ? `seed ${current}: hangs` : `seed ${current}: ends the process (${String(code ?? signal)})\n${said}`,
        );
        resolve(current);
      } else {
        resolve(done);
      }
    }),
  );
}

function inWords({ inputs, written, refused, slowest, problems }: Sum): string {
  return `${inputs} inputs: ${written} written, ${refused} refused, ${problems.length} problems; the slowest took ${slowest} ms`;
}
