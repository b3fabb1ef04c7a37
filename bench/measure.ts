import { execFileSync } from 'child_process';

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

/** Times two pieces of work in turn, so that whatever else the machine does hits both alike. The first round is not counted. */
export function sideBySide(rounds: number, a: () => void, b: () => void): { readonly a: number; readonly b: number } {
  const times: { a: number[]; b: number[] } = { a: [], b: [] };
  for (let round = 0; round <= rounds; round++) {
    global.gc?.();
    const timeA = milliseconds(a);
    global.gc?.();
    const timeB = milliseconds(b);
    if (round > 0) {
      times.a.push(timeA);
      times.b.push(timeB);
    }
  }
  return { a: median(times.a), b: median(times.b) };
}

/** Times the import of a module in a fresh process, without the start of the process. */
export function importTime(module: string): number {
  const script = `const t = process.hrtime.bigint(); require(${JSON.stringify(module)}); console.log(Number(process.hrtime.bigint() - t) / 1e6);`;
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}
