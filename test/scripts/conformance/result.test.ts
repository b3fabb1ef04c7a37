import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Result, isFailure, table, writeTotals } from '../../../scripts/conformance/result';

const part = { name: 'crds', title: 'CRDs', files: ['crds'] };
const result = (rest: Partial<Result>): Result => ({ part, passed: 0, skipped: 0, failed: 0, seconds: 1.25, ...rest });

it.each<[string, Result, boolean, boolean]>([
  ['everything passed', result({ passed: 3 }), false, false],
  ['some were skipped', result({ passed: 3, skipped: 1 }), false, false],
  ['one failed', result({ passed: 3, failed: 1 }), true, true],
  ['all were skipped', result({ skipped: 3 }), false, true],
  ['all of one file were skipped', result({ passed: 3, skipped: 3, idleFiles: ['rbac'] }), false, true],
  ['it did not run', result({ missing: 'needs ../shared/upstream' }), false, true],
  ['jest broke', result({ passed: 3, trouble: 'jest ended with status 1' }), true, true],
])('a part of which %s', (_, one, fails, failsInCi) => {
  expect([isFailure(one, false), isFailure(one, true)]).toEqual([fails, failsInCi]);
});

it('says of each part what came of it, and why where nothing did', () => {
  expect(table([result({ passed: 3, skipped: 1, idleFiles: ['rbac'] }), result({ missing: 'needs etcd' })])).toBe(
    [
      'part  checks  passed  skipped  failed  seconds',
      'crds       4       3        1       0      1.3  skipped altogether: rbac',
      'crds       0       0        0       0      1.3  did not run: needs etcd',
      'all        4       3        1       0      2.5',
    ].join('\n'),
  );
});

it('adds up what failed, parts that did not run in CI included', () => {
  const folder = mkdtempSync(join(tmpdir(), 'totals-'));
  const totals = (ci: boolean): unknown => {
    writeTotals(
      join(folder, 'totals.json'),
      [result({ passed: 3, skipped: 2 }), result({ failed: 1 }), result({ missing: 'needs etcd' })],
      ci,
    );
    return JSON.parse(readFileSync(join(folder, 'totals.json'), 'utf8'));
  };
  try {
    expect(totals(true)).toEqual({
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numRuntimeErrorTestSuites: 1,
    });
    expect(totals(false)).toMatchObject({ numRuntimeErrorTestSuites: 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
