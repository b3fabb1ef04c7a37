import { spawnSync } from 'child_process';
import { closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { ProcessGroup } from './process-group';
import { Unavailable } from './tool';
import { inWorkFolder } from './work-folder';

const PROGRESS_MS = 30_000;
const LOG_LINES = 30;

/** A program in a module of the Go module proxy. */
export interface GoProgram {
  /** Package of the program. */
  readonly package: string;
  readonly module: string;
  readonly version: string;
  /** The module's own releases of what it replaces by folders of its repository, which the module does not contain. */
  readonly replacements?: (goMod: string) => ReadonlyMap<string, string>;
  /** `package.variable` and what it is set to. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Builds a program with the local Go toolchain, in a throw-away module: `go install` refuses modules that replace
 * anything.
 */
export async function goBuild(program: GoProgram, file: string): Promise<void> {
  needGo();
  console.log(`${program.package} ${program.version}: building, which takes minutes, once`);
  mkdirSync(dirname(file), { recursive: true });
  await inWorkFolder(async folder => {
    const replacements =
      program.replacements?.(readFileSync((await moduleOf(program, folder)).GoMod, 'utf8')) ??
      new Map<string, string>();
    writeFileSync(
      join(folder, 'go.mod'),
      [
        'module throwaway',
        'go 1.24.0',
        `tool ${program.package}`,
        `require ${program.module} v${program.version}`,
        ...[...replacements].map(([module, version]) => `replace ${module} => ${module} v${version}`),
        '',
      ].join('\n'),
    );
    const variables = Object.entries(program.variables ?? {})
      .map(([name, value]) => ` -X ${name}=${value}`)
      .join('');
    await go(
      ['build', '-trimpath', '-ldflags', `-s -w${variables}`, '-o', file, program.package],
      folder,
      `building ${program.package}`,
    );
  });
}

/** A program of one file of ours. */
export interface GoSource {
  /** The file. */
  readonly source: string;
  /** The modules that it is made of, with their versions. */
  readonly modules: Readonly<Record<string, string>>;
}

/** Builds a program of ours with the local Go toolchain. */
export async function goBuildSource({ source, modules }: GoSource, file: string): Promise<void> {
  needGo();
  console.log(`${basename(source)}: building, once`);
  mkdirSync(dirname(file), { recursive: true });
  await inWorkFolder(async folder => {
    copyFileSync(source, join(folder, 'main.go'));
    const requirements = Object.entries(modules).map(([module, version]) => `require ${module} v${version}`);
    writeFileSync(join(folder, 'go.mod'), ['module throwaway', 'go 1.24.0', ...requirements, ''].join('\n'));
    await go(['build', '-trimpath', '-ldflags', '-s -w', '-o', file, '.'], folder, `building ${basename(source)}`);
  });
}

/** Where Go keeps a module: its go.mod, and its files. */
export interface GoModule {
  readonly GoMod: string;
  readonly Dir: string;
}

/** Downloads a module. */
export async function moduleOf(
  { module, version }: Pick<GoProgram, 'module' | 'version'>,
  folder: string,
): Promise<GoModule> {
  needGo();
  const answer = await go(['mod', 'download', '-json', `${module}@v${version}`], folder, `downloading ${module}`);
  return JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
}

function needGo(): void {
  if (spawnSync('go', ['version']).status !== 0) {
    throw new Unavailable('there is no Go toolchain to get it with');
  }
}

/** Runs Go, says now and then that it still does, and returns what it printed. */
export async function go(args: readonly string[], folder: string, what: string): Promise<string> {
  const log = join(mkdtempSync(join(folder, 'log-')), 'output');
  const output = openSync(log, 'w');
  const started = Date.now();
  const progress = setInterval(
    () => console.log(`  ... ${what}, ${Math.round((Date.now() - started) / 1000)} s`),
    PROGRESS_MS,
  );
  const group = ProcessGroup.start('go', args, { cwd: folder, env: { ...process.env, GOFLAGS: '-mod=mod' }, output });
  try {
    const status = await group.ended;
    const text = readFileSync(log, 'utf8');
    if (status !== 0) {
      throw new Error(`go ${args.join(' ')} failed:\n${text.split('\n').slice(-LOG_LINES).join('\n')}`);
    }
    return text;
  } finally {
    clearInterval(progress);
    await group.stop();
    closeSync(output);
  }
}
