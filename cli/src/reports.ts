import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { McpReport } from 'cdk8s-mcp';
import { parse } from 'yaml';
import { CommandError, Terminal } from './terminal';

/** Where a command gets the report of an app from. */
export interface ReportSource {
  /** File that `McpReport.writeJson` wrote. */
  readonly report?: string;
  /** Which of several clusters it is about. */
  readonly cluster?: string;
  /** The program that synthesizes the app, and its arguments; none takes that of cdk8s.yaml. */
  readonly command: readonly string[];
}

/** Of an app for several clusters, which one it is about. */
export const CLUSTER_OPTION = ['--cluster <name>', 'which cluster, of an app that is for several'] as const;

/** The report that was asked for: from a file, or of a program that is run. */
export function reportOf(source: ReportSource, terminal: Terminal): McpReport {
  if (source.report !== undefined) {
    return fromFile(resolve(terminal.cwd, source.report));
  }
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-'));
  try {
    return ofProgram(source, terminal, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The report in a file. */
export function fromFile(path: string): McpReport {
  try {
    return McpReport.fromFile(path);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

function ofProgram({ cluster, command }: ReportSource, terminal: Terminal, folder: string): McpReport {
  const [program, ...args] = command;
  // The line of cdk8s.yaml is one for a shell, as it is for cdk8s itself.
  const line = program === undefined ? commandOfProject(terminal.cwd) : program;
  const { error, signal, status, stderr, stdout } = spawnSync(line, args, {
    cwd: terminal.cwd,
    // Whoever wants what it emits synthesizes by himself: here it is only looked at.
    env: {
      ...terminal.env,
      CDK8S_MCP_REPORT: join(folder, 'report.json'),
      CDK8S_MCP_WARNINGS: 'off',
      CDK8S_OUTDIR: join(folder, 'dist'),
    },
    encoding: 'utf8',
    shell: program === undefined,
    maxBuffer: 2 ** 28,
  });
  const shown = [line, ...args].join(' ');
  if (error !== undefined) {
    throw new CommandError(`\`${shown}\` cannot be run: ${error.message}`);
  }
  const written = writtenReports(folder);
  if (written.size === 0) {
    const ended = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
    throw new CommandError(
      `\`${shown}\` ${ended} and synthesized no app with constructs of cdk8s-mcp.\n${stdout}${stderr}`.trimEnd(),
    );
  }
  const report = fromFile(join(folder, chosen(written, cluster)));
  if (status !== 0 && report.content.errors.length === 0) {
    // Something else failed, of which the report knows nothing.
    throw new CommandError(`\`${shown}\` ended with status ${status}.\n${stderr}`.trimEnd());
  }
  return report;
}

/** Files of reports, by their clusters; by no name that of an app for one. */
function writtenReports(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder)
      .sort()
      .flatMap(file => {
        const found = /^report(?:\.(.+))?\.json$/.exec(file);
        return found === null ? [] : [[found[1] ?? '', file]];
      }),
  );
}

/** The file of a cluster. An error that concerns the whole app is told whichever was asked for. */
function chosen(written: ReadonlyMap<string, string>, cluster: string | undefined): string {
  const names = [...written.keys()].filter(name => name !== '');
  if (cluster !== undefined && names.length === 0) {
    throw new CommandError(
      `the app is for one cluster, not for several as --cluster ${cluster} has it: leave that out`,
    );
  }
  const file = written.get(cluster ?? (names.length === 1 ? names[0] : '')) ?? written.get('');
  if (file === undefined) {
    throw new CommandError(
      cluster === undefined
        ? `the app is for several clusters (${names.join(', ')}): say which with --cluster`
        : `the app has no cluster ${cluster}: it has ${names.join(', ')}`,
    );
  }
  return file;
}

/** What `cdk8s synth` runs. */
function commandOfProject(folder: string): string {
  const path = join(folder, 'cdk8s.yaml');
  const hint = 'say which program synthesizes the app: -- node main.js';
  if (!existsSync(path)) {
    throw new CommandError(`there is no cdk8s.yaml in ${folder}: ${hint}`);
  }
  const app: unknown = (parse(readFileSync(path, 'utf8')) as { app?: unknown } | null)?.app;
  if (typeof app !== 'string' || app === '') {
    throw new CommandError(`${path} names no app: ${hint}`);
  }
  return app;
}
