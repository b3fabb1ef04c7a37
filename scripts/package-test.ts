/**
 * The package as a user gets it: packs it, and follows README's "In a project of your own" in an empty project, with the
 * newest peers and the tarball in the place of the published package. Needs lib/ and a package registry:
 * npm run package-test
 */
import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';

const ROOT = join(__dirname, '..');
const CLI = join(ROOT, 'cli');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const packageJson = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Packages with all that they depend on. */
function withDependencies(names: readonly string[], known = new Set<string>()): Set<string> {
  for (const name of names.filter(candidate => !known.has(candidate))) {
    known.add(name);
    withDependencies(Object.keys(packageJson(join(ROOT, 'node_modules', name)).dependencies ?? {}), known);
  }
  return known;
}

/** Files of the tarball by what they must be, and what must not be there. */
const WANTED = [
  'package.json',
  '.jsii',
  'README.md',
  'LICENSE',
  'API.md',
  'THIRD-PARTY-NOTICES.txt',
  'sbom.cdx.json',
  'lib/index.js',
  'lib/index.d.ts',
  'lib/imports/ome.io.js',
  ...['clustermcpgateways', 'clustermcpservers', 'mcpgateways', 'mcproutes', 'mcpservers'].map(
    plural => `crds/ome.io_${plural}.yaml`,
  ),
  ...[...withDependencies(packageJson(ROOT).bundledDependencies)].map(name => `node_modules/${name}/package.json`),
];
const KNOWN =
  /^(package\.json|\.jsii|README\.md|LICENSE|API\.md|THIRD-PARTY-NOTICES\.txt|sbom\.cdx\.json|lib\/.*\.(js|js\.map|d\.ts)|crds\/.*\.yaml|node_modules\/.*)$/;

function fail(message: string): never {
  throw new Error(`package test: ${message}`);
}

function run(folder: string, program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    return fail(`${program} ${args.join(' ')} failed\n${(error as { stdout?: string }).stdout ?? ''}`);
  }
}

function pack(folder: string): string {
  const [{ filename, files }] = JSON.parse(run(ROOT, 'npm', 'pack', '--json', '--pack-destination', folder)) as [
    { filename: string; files: { path: string }[] },
  ];
  const paths = new Set(files.map(file => file.path));
  const missing = WANTED.filter(path => !paths.has(path));
  const strange = [...paths].filter(path => !KNOWN.test(path));
  if (missing.length + strange.length > 0) {
    fail(`the tarball lacks [${missing.join(', ')}] and has [${strange.join(', ')}], which nobody needs`);
  }
  console.log(`${filename}: ${paths.size} files, none missing, none too many`);
  return join(folder, filename);
}

/** The code blocks of a language in the section, in order. */
function blocks(language: string): string[] {
  const section = /^## In a project of your own$([^]*?)^## /m.exec(README)?.[1] ?? '';
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text);
}

function follow(project: string, tarball: string): void {
  const [install, synthesize] = blocks('sh');
  const [sample] = blocks('ts');
  if (!install?.includes(' cdk8s-mcp\n') || synthesize === undefined || sample === undefined) {
    fail("README.md does not say how to install and run in a project of one's own");
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', version: '0.0.0', private: true }));
  run(project, 'bash', '-euc', install.replace(' cdk8s-mcp\n', ` ${tarball}\n`));
  const versions = ['cdk8s', 'cdk8s-plus-28', 'constructs', 'typescript'].map(
    name => `${name} ${packageJson(join(project, 'node_modules', name)).version}`,
  );
  console.log(`installed with ${versions.join(', ')}`);

  writeFileSync(join(project, 'main.ts'), sample);
  run(project, 'bash', '-euc', synthesize);
  const files = readdirSync(join(project, 'dist')).sort();
  const kinds = files.flatMap(name =>
    parseAllDocuments(readFileSync(join(project, 'dist', name), 'utf8')).map(
      document => document.toJS().kind as string,
    ),
  );
  const missing = [
    'MCPServer',
    'MCPRoute',
    'MCPGateway',
    'Deployment',
    'StatefulSet',
    'Service',
    'ServiceAccount',
    'ConfigMap',
  ].filter(kind => !kinds.includes(kind));
  if (missing.length > 0) {
    fail(`README's sample synthesizes no ${missing.join(', ')}`);
  }
  console.log(`README's sample compiles and synthesizes ${kinds.length} objects to ${files.join(', ')}`);
}

/** The command, beside the library in the same project, whose program is README's sample. */
function command(project: string): void {
  const [{ filename }] = JSON.parse(run(CLI, 'npm', 'pack', '--json', '--pack-destination', folder)) as [
    { filename: string },
  ];
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--save-dev', join(folder, filename));
  const explained = run(project, 'npx', 'cdk8s-mcp', 'explain', '--', 'node', 'main.js');
  for (const wanted of ['Namespace finance', 'Who may use which tool', 'kubectl apply --server-side -f dist']) {
    if (!explained.includes(wanted)) {
      fail(`cdk8s-mcp explain does not say "${wanted}":\n${explained}`);
    }
  }
  console.log(`${filename} explains README's sample`);
}

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-package-'));
try {
  const project = join(folder, 'project');
  mkdirSync(project);
  follow(project, pack(folder));
  command(project);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
