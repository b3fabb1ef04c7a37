import { spawnSync } from 'child_process';
import { join } from 'path';
import type { Work, WorkCost } from './work';

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * Costs of pieces of work, each the middle of several rounds. A round does all of them one after the other, so that whatever
 * else the machine does hits all alike.
 */
export function inTurn<K extends string>(rounds: number, works: Readonly<Record<K, () => number>>): Record<K, number> {
  const names = Object.keys(works) as K[];
  const costs = Array.from({ length: rounds }, () => names.map(name => works[name]()));
  return Object.fromEntries(names.map((name, i) => [name, median(costs.map(round => round[i]))])) as Record<K, number>;
}

/**
 * How a cost grows with a size: 1 where twice as much costs twice as much, 2 where it costs four times as much.
 */
export function exponent(small: readonly [size: number, cost: number], large: readonly [number, number]): number {
  return Math.log(large[1] / small[1]) / Math.log(large[0] / small[0]);
}

const ENVIRONMENT = { ...process.env, CDK8S_MCP_WARNINGS: 'off' };

/** What some work costs in a fresh process. */
export function costOf(work: Work): WorkCost {
  return JSON.parse(
    run(process.execPath, ['-r', 'ts-node/register/transpile-only', join(__dirname, 'work.ts'), JSON.stringify(work)]),
  );
}

/** Milliseconds of the processor's time that a program of JavaScript takes in a fresh process, without the start of the process. */
export function scriptCost(script: string, options: readonly string[] = []): number {
  const measured = `const c = process.cpuUsage(); ${script}; const { user, system } = process.cpuUsage(c); console.log((user + system) / 1000);`;
  return Number(run(process.execPath, [...options, '-e', measured]));
}

/** Milliseconds of the processor's time that a command takes, all in all. */
export function commandCost(command: readonly string[], output: string): number {
  const script = 'TIMEFORMAT="%U %S"; out=$1; shift; time "$@" > "$out"';
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', output, ...command], {
    encoding: 'utf8',
    env: { ...ENVIRONMENT, LC_ALL: 'C' },
  });
  if (status !== 0) {
    throw new Error(`${command.join(' ')} failed:\n${stderr}`);
  }
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return 1000 * (user + system);
}

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env: ENVIRONMENT });
  if (status !== 0) {
    throw new Error(`a process of the benchmark failed: ${error?.message ?? ''}\n${stderr}`);
  }
  return stdout;
}
