import { existsSync, readFileSync } from 'fs';
import { basename, join } from 'path';
import { Part, ROOT, testFiles } from './parts';
import { ProcessGroup } from './process-group';
import { Result } from './result';
import { inWorkFolder } from './work-folder';

/** The fields of jest's report that are counted. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** Runs the tests of a part in processes of their own, with folders of their own, all of which are gone afterwards. */
export function runPart(part: Part, environment: NodeJS.ProcessEnv): Promise<Result> {
  return inWorkFolder(async folder => {
    const started = Date.now();
    const report = join(folder, 'report.json');
    const jest = ProcessGroup.start(
      process.execPath,
      [
        require.resolve('jest/bin/jest'),
        '--config',
        join(ROOT, 'jest.conformance.config.json'),
        '--ci',
        '--verbose=false',
        '--json',
        '--outputFile',
        report,
        '--runTestsByPath',
        ...testFiles(part),
      ],
      { cwd: ROOT, env: { ...process.env, TMPDIR: folder, ...environment }, quiet: true },
    );
    const status = await jest.ended;
    await jest.stop();

    const seconds = (Date.now() - started) / 1000;
    if (!existsSync(report)) {
      return {
        part,
        passed: 0,
        skipped: 0,
        failed: 1,
        seconds,
        trouble: `jest ended with status ${status} and left no report`,
      };
    }
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites, testResults } =
      JSON.parse(readFileSync(report, 'utf8')) as JestReport;
    // A test file that does not even load has no tests to count.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const idleFiles = testResults
      .filter(({ assertionResults }) =>
        assertionResults.every(check => check.status !== 'passed' && check.status !== 'failed'),
      )
      .map(({ name }) => basename(name, '.test.ts'));
    const trouble = failed === 0 && status !== 0 ? `jest ended with status ${status}` : undefined;
    return {
      part,
      passed: numPassedTests,
      skipped: numPendingTests + numTodoTests,
      failed,
      seconds,
      idleFiles,
      trouble,
    };
  });
}
