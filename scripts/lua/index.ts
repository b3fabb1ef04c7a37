/**
 * Generates the module that carries the programs of the proxy, from src/backends/envoy/lua/*.lua.
 *
 *   npm run lua               writes the module
 *   npm run lua -- --check    fails when it is not up to date
 *   npm run lua -- --lint     lints the programs and writes nothing
 */
import { existsSync, readFileSync, writeFileSync } from 'fs';
import { relative } from 'path';
import { lint } from './lint';
import { LUA_FOLDER, MODULE, PROGRAMS, renderModule, sourceOf, strayFiles } from './programs';

const ROOT = process.cwd();

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}

if (process.argv.includes('--lint')) {
  const folder = relative(ROOT, LUA_FOLDER);
  for (const { file, line, problem } of PROGRAMS.flatMap(({ files }) => lint(files.map(sourceOf)))) {
    fail(`${folder}/${file}:${line}: ${problem}`);
  }
  for (const file of strayFiles()) {
    fail(`${folder}/${file}: no program in scripts/lua/programs.ts has this file`);
  }
} else if (!process.argv.includes('--check')) {
  writeFileSync(MODULE, renderModule());
} else if (!existsSync(MODULE) || readFileSync(MODULE, 'utf8') !== renderModule()) {
  fail(`out of date: ${relative(ROOT, MODULE)}\nrun: npm run lua`);
}
