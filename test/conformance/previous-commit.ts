import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** The examples as an earlier commit synthesizes them. */

const ROOT = join(__dirname, '..', '..');

/** Run in the folder of that commit, whose sources it loads. */
const SYNTHESIZE = `
  const { readdirSync } = require('fs');
  const { basename, resolve } = require('path');
  const { App } = require('cdk8s');
  const examples = {};
  for (const file of readdirSync('examples').filter((name) => name.endsWith('.ts'))) {
    const app = new App();
    require(resolve('examples', file)).build(app);
    examples[basename(file, '.ts')] = app.synthYaml();
  }
  console.log(JSON.stringify(examples));
`;

/** An earlier state of the examples, or why there is none. */
export type Previous =
  { readonly commit: string; readonly examples: Readonly<Record<string, string>> } | { readonly missing: string };

/** The examples of HEAD where the working tree differs from it, else of the commit before. */
export function previousExamples(): Previous {
  const changed = git(['status', '--porcelain', '--', 'src', 'examples']) !== '';
  const commit = git(['rev-parse', '--short', '--verify', '--quiet', changed ? 'HEAD' : 'HEAD~1'])?.trim();
  if (commit === undefined) {
    return { missing: whyNone() };
  }
  if (git(['ls-tree', '--name-only', commit, 'examples/']) === '') {
    return { missing: `commit ${commit} has no examples` };
  }
  return { commit, examples: examplesOf(commit) };
}

function whyNone(): string {
  switch (git(['rev-parse', '--is-shallow-repository'])?.trim()) {
    case 'true':
      return 'the clone is shallow: get its history by git fetch --unshallow';
    case 'false':
      return 'there is no commit before the first';
    default:
      return 'this is not a git clone: clone the repository, whose history has the previous commit';
  }
}

function examplesOf(commit: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'previous-commit-'));
  try {
    const archive = spawnSync('git', ['archive', commit], { cwd: ROOT, maxBuffer: 1024 * 1024 * 1024 });
    const extracted = spawnSync('tar', ['-x', '-C', folder], { input: archive.stdout });
    if (archive.status !== 0 || extracted.status !== 0) {
      throw new Error(`cannot check out ${commit}: ${archive.stderr}${extracted.stderr}`);
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['-r', 'ts-node/register/transpile-only', '-e', SYNTHESIZE],
      {
        cwd: folder,
        env: { ...process.env, TS_NODE_PROJECT: join(folder, 'test', 'tsconfig.json') },
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    if (status !== 0) {
      throw new Error(`the examples of ${commit} do not synthesize with the packages of today:\n${stderr}`);
    }
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function git(args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
