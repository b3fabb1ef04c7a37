import { LOADS, loadObjects } from '../../test/conformance/end-to-end/load';
import { RunningApp } from '../../test/conformance/end-to-end/running-app';
import { ServerPool } from '../../test/conformance/end-to-end/server-pool';
import { ENVOY } from '../conformance/envoy';
import { RATE_LIMIT_SERVICE, REDIS } from '../conformance/rate-limit';
import { provide } from '../conformance/toolchain';

/*
 * Mixed load on a real Envoy with an emitted configuration, for longer than CI can wait: no answer that the policies do not
 * explain, and memory that stays what it is.
 */

const SAMPLE_MS = 5_000;
const RELOAD_MS = 15_000;
/** What memory may grow by after the first quarter, in which pools and caches fill. */
const GROWTH = 1.1;
const GROWTH_BYTES = 8 * 2 ** 20;
const SHOWN = 20;

/** Runs the load for some minutes; what is wrong. */
export async function load(minutes: number): Promise<readonly string[]> {
  const until = Date.now() + minutes * 60_000;
  const pool = new ServerPool();
  const binaries = {
    envoy: (await provide(ENVOY)).file,
    rateLimit: (await provide(RATE_LIMIT_SERVICE)).file,
    redis: (await provide(REDIS)).file,
  };
  const running = await RunningApp.start(loadObjects(90), pool, binaries);
  try {
    const { problems, counts, memory } = await loaded(running, until);
    console.log(
      `\n${Object.entries(counts)
        .map(([name, count]) => `${name}: ${count} times`)
        .join('\n')}`,
    );
    const [settled, last] = [
      medianOf(memory.slice(Math.floor(memory.length / 4), Math.floor(memory.length / 2))),
      medianOf(memory.slice(-Math.ceil(memory.length / 4))),
    ];
    console.log(`memory of Envoy: ${megabytes(settled)} after a quarter, ${megabytes(last)} at the end`);
    const grown = last > settled * GROWTH && last > settled + GROWTH_BYTES;
    problems.slice(0, SHOWN).forEach(problem => console.log(problem));
    return grown ? [...problems, 'memory grows'] : problems;
  } finally {
    await running.stop();
    await pool.stop();
  }
}

interface Result {
  readonly problems: readonly string[];
  /** How often each kind of load was done. */
  readonly counts: Readonly<Record<string, number>>;
  /** Bytes, at regular times. */
  readonly memory: readonly number[];
}

async function loaded(running: RunningApp, until: number): Promise<Result> {
  const problems: string[] = [];
  const counts: Record<string, number> = {};
  const memory: number[] = [];
  const over = (): boolean => Date.now() > until;
  const every = async (milliseconds: number, action: () => Promise<void>): Promise<void> => {
    for (let next = Date.now() + milliseconds; !over(); next += milliseconds) {
      await new Promise(resolve => setTimeout(resolve, Math.max(0, next - Date.now())));
      await action();
    }
  };
  let weight = 90;
  await Promise.all([
    ...LOADS.flatMap(({ name, workers, run }) =>
      Array.from({ length: workers }, async (_, worker) => {
        for (let round = 0; !over(); round++) {
          problems.push(
            ...(await run(running, `${name}-${worker}-${round}`).catch(error => [String(error)])).map(
              problem => `${new Date().toISOString()} ${name}: ${problem}`,
            ),
          );
          counts[name] = (counts[name] ?? 0) + 1;
        }
      }),
    ),
    every(SAMPLE_MS, async () => {
      memory.push(await running.gateway().stat('server.memory_allocated'));
      const rounds = Object.values(counts).reduce((sum, count) => sum + count, 0);
      console.log(
        `${Math.max(0, Math.round((until - Date.now()) / 1000))} s left, ${rounds} rounds, ${megabytes(memory[memory.length - 1])}, ${problems.length} problems`,
      );
    }),
    every(RELOAD_MS, async () => {
      weight = 100 - weight;
      await running.apply(loadObjects(weight));
    }),
  ]);
  return { problems, counts, memory };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
