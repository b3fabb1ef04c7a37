import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ProcessGroup } from '../../../scripts/conformance/process-group';

/** Which of the tests are run, and by which Node.js; all, by this one. */
export interface SuiteOptions {
  readonly node?: string;
  /** A revision of the protocol: what it requires of servers. */
  readonly requirements?: string;
}

/** What the protocol's own tests say of a server: the status of each check, by scenario and check. */
export async function runSuite(
  folder: string,
  url: string,
  { node = process.execPath, requirements }: SuiteOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const results = mkdtempSync(join(tmpdir(), 'mcp-conformance-'));
  const program = join(folder, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
  const suite = ProcessGroup.start(
    node,
    [
      program,
      'server',
      '--url',
      url,
      ...(requirements === undefined ? ['--suite', 'all'] : ['--requirements', requirements]),
      '-o',
      results,
    ],
    { env: { PATH: process.env.PATH }, quiet: true },
  );
  try {
    // Its status says whether every check passed.
    await suite.ended;
    return new Map(
      readdirSync(results).flatMap(name => {
        const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
        const checks = JSON.parse(readFileSync(join(results, name, 'checks.json'), 'utf8')) as {
          readonly id: string;
          readonly status: string;
        }[];
        return checks
          .filter(({ status }) => status !== 'INFO')
          .map(({ id, status }): [string, string] => [`${scenario}: ${id}`, status]);
      }),
    );
  } finally {
    await suite.stop();
    rmSync(results, { recursive: true, force: true });
  }
}
