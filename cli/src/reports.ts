import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { McpReport } from 'cdk8s-mcp';
import { parse } from 'yaml';
import { CommandError, Terminal } from './terminal';

/** Where a command gets the report of an app from. */
export interface ReportSource {
  /** File that `McpReport.writeJson` wrote. */
  readonly report?: string;
  /** The program that synthesizes the app, and its arguments; none takes that of cdk8s.yaml. */
  readonly command: readonly string[];
}

/** The report that was asked for: from a file, or of a program that is run. */
export function reportOf(source: ReportSource, terminal: Terminal): McpReport {
  if (source.report !== undefined) {
    return fromFile(resolve(terminal.cwd, source.report));
  }
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-'));
  try {
    return ofProgram(source.command, terminal, join(folder, 'report.json'), join(folder, 'dist'));
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

function ofProgram(command: readonly string[], terminal: Terminal, path: string, outdir: string): McpReport {
  const [program, ...args] = command;
  // The line of cdk8s.yaml is one for a shell, as it is for cdk8s itself.
  const line = program === undefined ? commandOfProject(terminal.cwd) : program;
  const { error, signal, status, stderr, stdout } = spawnSync(line, args, {
    cwd: terminal.cwd,
    // Whoever wants what it emits synthesizes by himself: here it is only looked at.
    env: { ...terminal.env, CDK8S_MCP_REPORT: path, CDK8S_MCP_WARNINGS: 'off', CDK8S_OUTDIR: outdir },
    encoding: 'utf8',
    shell: program === undefined,
    maxBuffer: 2 ** 28,
  });
  const shown = [line, ...args].join(' ');
  if (error !== undefined) {
    throw new CommandError(`\`${shown}\` cannot be run: ${error.message}`);
  }
  if (!existsSync(path)) {
    const ended = signal === null ? `ended with status ${status}` : `was ended by ${signal}`;
    throw new CommandError(
      `\`${shown}\` ${ended} and synthesized no app with constructs of cdk8s-mcp.\n${stdout}${stderr}`.trimEnd(),
    );
  }
  const report = fromFile(path);
  if (status !== 0 && report.content.errors.length === 0) {
    // Something else failed, of which the report knows nothing.
    throw new CommandError(`\`${shown}\` ended with status ${status}.\n${stderr}`.trimEnd());
  }
  return report;
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
