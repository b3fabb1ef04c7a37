import { execFileSync } from 'child_process';
import { join } from 'path';
import type { FreshWork } from './fresh';

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** How long some work takes. */
export function milliseconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/**
 * Times pieces of work in turn, so that whatever else the machine does hits all alike, and gives the least time of each,
 * which is that of the round it was disturbed least in. The first round is not counted.
 */
export function sideBySide<K extends string>(
  rounds: number,
  works: Readonly<Record<K, () => void>>,
): Record<K, number> {
  const least = {} as Record<K, number>;
  for (let round = 0; round <= rounds; round++) {
    for (const [name, work] of Object.entries(works) as [K, () => void][]) {
      global.gc?.();
      const time = milliseconds(work);
      if (round > 0) {
        least[name] = Math.min(time, least[name] ?? Infinity);
      }
    }
  }
  return least;
}

/** Times the import of a module in a fresh process, without the start of the process. */
export function importTime(module: string): number {
  const script = `const t = process.hrtime.bigint(); require(${JSON.stringify(module)}); console.log(Number(process.hrtime.bigint() - t) / 1e6);`;
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}

/** What some work costs of the processor's time in a fresh process, in milliseconds: other work of the machine does not count. */
export function freshCost(work: FreshWork): number {
  const arguments_ = ['-r', 'ts-node/register/transpile-only', join(__dirname, 'fresh.ts'), JSON.stringify(work)];
  return Number(execFileSync(process.execPath, arguments_, { encoding: 'utf8' }));
}
