/*
 * `npm pack`, and of bundled packages without what nobody runs: npm packs all of their files, whatever ignore files say. Prints the name of
 * the tarball, which is where it was called.
 */
import { execFileSync } from 'child_process';
import { mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';

/** What is there once more for browsers and bundlers, tests' data, and maps of sources that are not there. */
const NEEDLESS = [
  /^@cedar-policy\/cedar-wasm\/(esm|web)\//,
  /^@bufbuild\/[^/]+\/dist\/esm\/.*\.js$/,
  /^@bufbuild\/cel-spec\/dist\/\w+\/testdata\//,
  /^re2js\/build\/index\.(umd\.)?js$/,
  /\.map$/,
];

/** Files below a folder, by their paths from it. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)));
}

function npmPack(source: string, destination: string): string {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
    cwd: source,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return filename;
}

/** Packs the package in a folder; the path of the tarball. */
export function pack(source: string, destination: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-pack-'));
  try {
    execFileSync('tar', ['-xzf', join(folder, npmPack(source, folder)), '-C', folder]);
    const contents = join(folder, 'package');
    const bundled = join(contents, 'node_modules');
    for (const file of filesIn(bundled).filter(path => NEEDLESS.some(pattern => pattern.test(path)))) {
      rmSync(join(bundled, file));
    }
    return join(destination, npmPack(contents, destination));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files of the package in a tarball, by their paths in it. */
export function filesOf(tarball: string): string[] {
  return execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter(path => path !== '')
    .map(path => path.replace(/^package\//, ''));
}

if (require.main === module) {
  console.log(pack(process.cwd(), process.cwd()));
}
