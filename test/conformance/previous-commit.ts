import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Manifest } from '../support/validate';

/** What an earlier commit synthesizes. */

const ROOT = join(__dirname, '..', '..');

/** Programs that run in the folder of that commit, whose sources they load: they print JSON. */
const EXAMPLES = `
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
const CLUSTER_APP = `
  const { clusterApp } = require(require('path').resolve('test/conformance/in-cluster/app.ts'));
  console.log(JSON.stringify(clusterApp(JSON.parse(process.argv[1])).objects));
`;

/** Why there is nothing earlier. */
interface Missing {
  readonly missing: string;
}

/** The examples of HEAD where the working tree differs from it, else of the commit before. */
export function previousExamples():
  { readonly commit: string; readonly examples: Readonly<Record<string, string>> } | Missing {
  const commit = previousCommit('examples');
  return typeof commit === 'string' ? { commit, examples: run(commit, EXAMPLES) } : commit;
}

/** The same of the objects that tests of a whole cluster apply, in a shape. */
export function previousClusterApp(shape: object): { readonly objects: readonly Manifest[] } | Missing {
  const commit = previousCommit('test/conformance/in-cluster');
  return typeof commit === 'string' ? { objects: run(commit, CLUSTER_APP, JSON.stringify(shape)) } : commit;
}

/** The commit that is compared with, which has to have a folder. */
function previousCommit(folder: string): string | Missing {
  const changed = git(['status', '--porcelain', '--', 'src', 'examples']) !== '';
  const commit = git(['rev-parse', '--short', '--verify', '--quiet', changed ? 'HEAD' : 'HEAD~1'])?.trim();
  if (commit === undefined) {
    return { missing: whyNone() };
  }
  return git(['ls-tree', '--name-only', commit, `${folder}/`]) === ''
    ? { missing: `commit ${commit} has no ${folder}` }
    : commit;
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

/** Runs a program in the folder of a commit, with the packages of today. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function run(commit: string, program: string, ...args: readonly string[]): any {
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
      ['-r', 'ts-node/register/transpile-only', '-e', program, ...args],
      {
        cwd: folder,
        env: { ...process.env, TS_NODE_PROJECT: join(folder, 'test', 'tsconfig.json') },
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    if (status !== 0) {
      throw new Error(`${commit} does not synthesize with the packages of today:\n${stderr}`);
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
