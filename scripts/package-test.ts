/**
 * The package as a user gets it: packs it, and follows README's "In a project of your own" in an empty project, with the
 * newest peers and the tarball in the place of the published package. Needs lib/ and a package registry:
 * npm run package-test
 */
import { execFileSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { basename, join } from 'path';
import { parseAllDocuments } from 'yaml';
import { filesOf, pack } from './pack';

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
  'docs/README.md',
  'docs/findings.md',
  'examples/north-star.ts',
  'jest.js',
  'jest.d.ts',
  'lib/index.js',
  'lib/index.d.ts',
  'lib/bundle/library.js',
  'lib/imports/ome.io.js',
  ...['clustermcpgateways', 'clustermcpservers', 'mcpgateways', 'mcproutes', 'mcpservers'].map(
    plural => `crds/ome.io_${plural}.yaml`,
  ),
  ...[...withDependencies(packageJson(ROOT).bundledDependencies)].map(name => `node_modules/${name}/package.json`),
];
const KNOWN =
  /^(package\.json|\.jsii|README\.md|LICENSE|API\.md|THIRD-PARTY-NOTICES\.txt|sbom\.cdx\.json|jest\.(js|d\.ts)|lib\/(index|bundle\/library|imports\/ome\.io)\.js|lib\/.*\.d\.ts|crds\/.*\.yaml|docs\/.*\.md|examples\/.*\.(ts|yaml)|node_modules\/.*)$/;
/** The most that the tarball may have. */
const MOST_BYTES = 4_000_000;

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

function packed(folder: string): string {
  const tarball = pack(ROOT, folder);
  const paths = new Set(filesOf(tarball));
  const missing = WANTED.filter(path => !paths.has(path));
  const strange = [...paths].filter(path => !KNOWN.test(path));
  if (missing.length + strange.length > 0) {
    fail(`the tarball lacks [${missing.join(', ')}] and has [${strange.join(', ')}], which nobody needs`);
  }
  const bytes = statSync(tarball).size;
  if (bytes > MOST_BYTES) {
    fail(`the tarball has ${bytes} bytes`);
  }
  console.log(`${basename(tarball)}: ${bytes} bytes, ${paths.size} files, none missing, none too many`);
  return tarball;
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

/** Compiles programs as users do, with the global types of some packages. */
function compile(project: string, types: string, ...files: string[]): void {
  const options = ['--strict', '--target', 'es2022', '--module', 'node16', '--skipLibCheck', '--types', types];
  run(project, 'npx', 'tsc', ...options, ...files);
}

/** The examples of the package, which need all that is bundled with it: CEL, Cedar, RE2, and readers of YAML and JSON schemas. */
function runExamples(project: string): void {
  const target = join(project, 'examples');
  cpSync(join(project, 'node_modules', 'cdk8s-mcp', 'examples'), target, { recursive: true });
  const examples = readdirSync(target).filter(name => name.endsWith('.ts'));
  compile(project, 'node', ...examples.map(name => join('examples', name)));
  for (const name of examples) {
    run(target, 'node', name.replace(/\.ts$/, '.js'));
  }
  console.log(`${examples.length} examples compile and synthesize`);
}

/** Tests of users with jest's matchers, and a program of an ES module, which names what it imports. */
function useMatchers(project: string): void {
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--save-dev', 'jest', '@types/jest');
  writeFileSync(join(project, 'access.test.ts'), ACCESS_TEST);
  compile(project, 'jest,node', 'access.test.ts');
  run(project, 'npx', 'jest', '--ci', '--silent', 'access.test.js');
  writeFileSync(join(project, 'names.mjs'), "import { McpServer } from 'cdk8s-mcp'; console.log(McpServer.name);");
  if (run(project, 'node', 'names.mjs').trim() !== 'McpServer') {
    fail('an ES module cannot import McpServer by its name');
  }
  const late =
    "require('cdk8s-mcp').McpServer; console.log(Object.keys(require.cache).some(f => f.includes('cdk8s-plus')))";
  if (run(project, 'node', '-e', late).trim() !== 'false') {
    fail('who only names a class loads cdk8s-plus-28');
  }
  console.log("jest's matchers compile and run");
}

const ACCESS_TEST = `import { App, Chart } from 'cdk8s';
import { AccessMatrix, Authentication, McpGateway, McpRoute, McpServer, McpServerSource, Principal } from 'cdk8s-mcp';
import 'cdk8s-mcp/jest';

const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
const issuer = 'https://auth.acme.dev';
const gateway = new McpGateway(chart, 'gateway', {
  authentication: [Authentication.jwt({ issuer, audiences: ['mcp'], jwksUri: issuer + '/jwks.json' })],
});
const server = new McpServer(chart, 'ledger', {
  source: McpServerSource.image('ghcr.io/acme/ledger:1.4.0'),
  tools: ['db_query', 'db_insert'],
});
const route = new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
route.allow(Principal.group('admins'), { tools: ['db_query'] });

test('who may insert', () => {
  const access = AccessMatrix.of(chart);
  expect(access).toAllowTool({ route, principal: Principal.group('admins'), tool: 'db_query' });
  expect(access).toDenyTool({ route, principal: Principal.group('admins'), tool: 'db_insert' });
});
`;

/** The line of cdk8s-plus that `cdk8s init` installs, in the same chart as ours, as docs/versioning.md says. */
const OTHER_PLUS = 'cdk8s-plus-33';

function mix(project: string): void {
  run(project, 'npm', 'install', '--no-audit', '--no-fund', OTHER_PLUS);
  writeFileSync(join(project, 'mixed.ts'), MIXED);
  compile(project, 'node', 'mixed.ts');
  const text = run(project, 'node', 'mixed.js');
  for (const wanted of ['MCP_GATEWAY_URL', 'kind: Deployment', 'kind: MCPRoute', 'name: clients-credentials']) {
    if (!text.includes(wanted)) {
      fail(`beside ${OTHER_PLUS}, ${wanted} is not written:\n${text}`);
    }
  }
  console.log(
    `beside ${OTHER_PLUS} ${packageJson(join(project, 'node_modules', OTHER_PLUS)).version}: workloads connect`,
  );
}

const MIXED = `import { Chart } from 'cdk8s';
import * as kplus from '${OTHER_PLUS}';
import * as kplus28 from 'cdk8s-plus-28';
import { McpApp, McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';

const app = new McpApp();
const chart = new Chart(app, 'finance', { namespace: 'finance' });
const gateway = new McpGateway(chart, 'gateway');
const secret = new kplus.Secret(chart, 'credentials', { metadata: { name: 'clients-credentials' } });
const server = new McpServer(chart, 'ledger', {
  source: McpServerSource.image('ghcr.io/acme/ledger:1.4.0'),
  // What is of cdk8s-plus in our options is of cdk8s-plus-28: an object of another line is referred to by its name.
  env: { TOKEN: kplus28.EnvValue.fromSecretValue({ secret: kplus28.Secret.fromSecretName(chart, 'reference', secret.name), key: 'token' }) },
});
const route = new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
const agent = new kplus.Deployment(chart, 'agent', { containers: [{ image: 'ghcr.io/acme/agent:2.0.0' }] });
route.connect(agent);
console.log(app.synthYaml());
`;

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-package-'));
try {
  const project = join(folder, 'project');
  mkdirSync(project);
  follow(project, packed(folder));
  command(project);
  runExamples(project);
  useMatchers(project);
  mix(project);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
