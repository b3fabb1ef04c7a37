import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import { run } from '../../cli/src/program';
import { McpReport } from '../../src';

/** What a command line does. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder to run commands in, which goes when the tests of the file are done. */
export class Workplace {
  public readonly folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-cli-'));

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** Writes a file; its path. */
  write(name: string, text: string): string {
    writeFileSync(join(this.folder, name), text);
    return join(this.folder, name);
  }

  /** Writes the report of an app. */
  report(name: string, app: App): string {
    return this.write(name, McpReport.of(app).toJson());
  }

  /** Runs a command line. */
  run(...args: string[]): Outcome {
    const said = { out: '', err: '' };
    const code = run(
      args,
      {
        cwd: this.folder,
        env: process.env,
        out: text => void (said.out += text),
        err: text => void (said.err += text),
      },
      '1.2.3',
      false,
    );
    return { code, ...said };
  }
}
