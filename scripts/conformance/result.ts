import { writeFileSync } from 'fs';
import { Part } from './parts';

/** What came of a part. */
export interface Result {
  readonly part: Part;
  readonly passed: number;
  readonly skipped: number;
  readonly failed: number;
  readonly seconds: number;
  /** Test files all of whose checks were skipped. */
  readonly idleFiles?: readonly string[];
  /** Why it did not run. */
  readonly missing?: string;
  /** What went wrong besides its checks. */
  readonly trouble?: string;
}

/** Whether a part says that something is wrong; in CI also that it, or one of its files, says nothing, because what it needs is missing or all its checks were skipped. */
export function isFailure({ passed, failed, trouble, idleFiles = [] }: Result, ci: boolean): boolean {
  return failed > 0 || trouble !== undefined || (ci && (passed === 0 || idleFiles.length > 0));
}

/** A line a part, and one for all. */
export function table(results: readonly Result[]): string {
  const total = (pick: (result: Result) => number): number => results.reduce((sum, result) => sum + pick(result), 0);
  const checks = ({ passed, skipped, failed }: Result): number => passed + skipped + failed;
  const cells = (name: string, numbers: readonly number[], seconds: number, note: string): string[] => [
    name,
    ...numbers.map(String),
    seconds.toFixed(1),
    note,
  ];
  const rows = [
    ['part', 'checks', 'passed', 'skipped', 'failed', 'seconds', ''],
    ...results.map(result =>
      cells(
        result.part.name,
        [checks(result), result.passed, result.skipped, result.failed],
        result.seconds,
        noteOf(result),
      ),
    ),
    cells(
      'all',
      [total(checks), total(({ passed }) => passed), total(({ skipped }) => skipped), total(({ failed }) => failed)],
      total(({ seconds }) => seconds),
      '',
    ),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column === 0 || column === row.length - 1 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function noteOf({ missing, trouble, idleFiles = [] }: Result): string {
  return missing !== undefined
    ? `did not run: ${missing}`
    : (trouble ?? (idleFiles.length > 0 ? `skipped altogether: ${idleFiles.join(', ')}` : ''));
}

/** Writes the sums under the names that jest's own reports have, for what adds reports up. */
export function writeTotals(file: string, results: readonly Result[], ci: boolean): void {
  const brokenParts = results.filter(result => result.failed === 0 && isFailure(result, ci)).length;
  writeFileSync(
    file,
    JSON.stringify({
      numPassedTests: results.reduce((sum, { passed }) => sum + passed, 0),
      numFailedTests: results.reduce((sum, { failed }) => sum + failed, 0),
      numPendingTests: results.reduce((sum, { skipped }) => sum + skipped, 0),
      numRuntimeErrorTestSuites: brokenParts,
    }),
  );
}
