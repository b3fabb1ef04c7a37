/**
 * Generates the CRDs in `crds/` and the typed L1 in `src/imports/`.
 *
 *   npx ts-node scripts/crds/index.ts           writes the files
 *   npx ts-node scripts/crds/index.ts --check   fails when a checked-in file differs
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join, relative } from 'path';
import { renderL1 } from './l1';
import { renderCrds } from './render';
import { GROUP } from '../../src/api/resource';

const ROOT = join(__dirname, '..', '..');

const generate = (): ReadonlyMap<string, string> =>
  new Map([
    ...renderCrds().map(({ name, text }): [string, string] => [join(ROOT, 'crds', name), text]),
    [join(ROOT, 'src', 'imports', `${GROUP}.ts`), renderL1()],
  ]);

function write(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Paths of the files that are missing or hold something else. */
const stale = (files: ReadonlyMap<string, string>): string[] =>
  [...files]
    .filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
    .map(([path]) => relative(ROOT, path));

const files = generate();
if (process.argv.includes('--check')) {
  const paths = stale(files);
  if (paths.length > 0) {
    console.error(`out of date: ${paths.join(', ')}\nrun: npx ts-node scripts/crds/index.ts`);
    process.exitCode = 1;
  }
} else {
  write(files);
}
