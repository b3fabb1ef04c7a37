import { readdirSync } from 'fs';
import { cdk8s, javascript, JsonFile } from 'projen';
import { INSIDE, LAYERS, planeZones, PLANES, zonesInside, zonesOf } from './projenrc/layers';

/** Code beside the library: checked and linted as strictly, never packed. */
const DEV_FOLDERS = ['test', 'examples', 'scripts', 'bench', 'cli'];
/** Examples import the package by its name, as users do; here that is the sources. */
const MODULE_NAMES = { '^cdk8s-mcp$': '<rootDir>/src' };

/** What the command `cdk8s-mcp` runs with, besides the library. */
const CLI_DEPENDENCIES = ['commander@^14.0.3', 'picocolors@^1.1.1'];

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-mcp',
  description: 'cdk8s constructs for Model Context Protocol servers, routes and gateways on Kubernetes',
  author: 'cdk8s-mcp authors',
  authorAddress: 'maintainers@cdk8s-mcp.dev',
  repositoryUrl: 'https://github.com/cdk8s-mcp/cdk8s-mcp.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-mcp authors',
  copyrightPeriod: '2026',
  keywords: ['cdk8s', 'constructs', 'kubernetes', 'mcp', 'model-context-protocol', 'agentgateway', 'envoy', 'ome'],
  homepage: 'https://github.com/cdk8s-mcp/cdk8s-mcp#readme',
  bugsUrl: 'https://github.com/cdk8s-mcp/cdk8s-mcp/issues',

  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  release: false,
  github: false,
  depsUpgrade: false,

  jsiiVersion: '~5.9.0',
  typescriptVersion: '~5.9.0',
  minNodeVersion: '20.0.0',
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.3.0',
  // 2.5.6 is the first release of the 2.5 line on the registry.
  peerDeps: ['cdk8s-plus-28@^2.5.6'],
  // Tests run with the lowest version of each peer; the test of the packed tarball takes the newest.
  peerDependencyOptions: { pinnedDevDependency: true },

  // Names only: nothing is published from this repository's automation.
  publishToPypi: { distName: 'cdk8s-mcp', module: 'cdk8s_mcp' },
  publishToMaven: { javaPackage: 'dev.cdk8s.mcp', mavenGroupId: 'dev.cdk8s', mavenArtifactId: 'cdk8s-mcp' },
  publishToGo: { moduleName: 'github.com/cdk8s-mcp/cdk8s-mcp-go' },

  bundledDeps: [
    // Reads API documents with their line numbers, and writes configuration files.
    'yaml',
    // RE2, the regex dialect of the data planes: checks the user's regexes and evaluates them as a gateway would.
    're2js',
    // Reads API documents strictly, by the schemas of the CRDs.
    'ajv',
    // Google's CEL and Cedar's own engine: policies are evaluated by the very expressions that are emitted. Loaded when used.
    '@bufbuild/cel@~0.6.1',
    '@bufbuild/protobuf@^2.17.0',
    '@cedar-policy/cedar-wasm@^4.13.0',
  ],
  devDeps: [
    'cdk8s-cli',
    'ajv-formats',
    'fast-check@^3',
    // Real clients for real servers.
    '@modelcontextprotocol/sdk@^1.32.2',
    // The last release that ships Kubernetes' JSON schemas as data rather than as compiled validators.
    'kubernetes-models@4.3.0',
    '@kubernetes-models/validate@3.1.2',
    // A parser of Lua and a Lua VM: the programs of the proxy are linted, and run in tests, without a proxy.
    'luaparse@^0.3.1',
    '@types/luaparse',
    'wasmoon@^1.16.0',
    // Prometheus' own grammar of PromQL: what alerts and dashboards ask is parsed by it.
    '@prometheus-io/lezer-promql',
    '@lezer/highlight',
    '@lezer/lr',
    // A bill of materials in the form that scanners read, and texts of licenses for packages that come without.
    '@cyclonedx/cyclonedx-library@^10.3.0',
    'spdx-expression-parse',
    'spdx-license-list',
    'ajv-formats-draft2019',
    // Makes one file of the compiled library, which Node.js loads in a part of the time that it takes for hundreds.
    'esbuild',
    // Arguments and colours of the command (cli/), which has a package of its own.
    ...CLI_DEPENDENCIES,
    // Lets examples, tests and scripts import the sources by the package's own name.
    'tsconfig-paths',
  ],
  tsconfigDev: { compilerOptions: { paths: { 'cdk8s-mcp': ['../src'] } } },

  prettier: true,
  prettierOptions: {
    settings: {
      printWidth: 120,
      singleQuote: true,
      trailingComma: javascript.TrailingComma.ALL,
      arrowParens: javascript.ArrowParens.AVOID,
    },
    ignoreFile: true,
  },
  eslintOptions: { dirs: ['src'], devdirs: DEV_FOLDERS, prettier: true },
  jestOptions: {
    configFilePath: 'jest.config.json',
    junitReporting: false,
    // A snapshot that is not there is a failure, not a new truth, unless someone asks for it.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverage: false,
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/conformance/'],
      modulePathIgnorePatterns: ['<rootDir>/dist/'],
      moduleNameMapper: MODULE_NAMES,
    },
  },
  gitignore: [
    '/dist/',
    '*.tgz',
    '.DS_Store',
    '/.conformance/',
    '/test-reports/',
    '/cli/lib/',
    '.jsii.tabl.json',
    '!/test/golden/*.log/',
  ],
});

// The last release whose binaries are there for every platform: without one, `npm ci` finds the lock file incomplete.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

/** The folders directly in a folder. */
function foldersIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
}
/** Which way imports go: between the rooms of the library, which are the folders in src/, and inside of rooms. */
const ZONES = [
  ...zonesOf(foldersIn('src'), LAYERS),
  ...Object.entries(INSIDE).flatMap(([room, levels]) => zonesInside(room, foldersIn(`src/${room}`), levels)),
  ...planeZones(PLANES),
];
project.eslint?.addRules({
  'import/no-restricted-paths': ['error', { zones: ZONES }],
  // Circles between files; test/package/imports.test.ts finds those of `import type` too.
  'import/no-cycle': 'error',
  // What its package.json says of the types of its files is only what TypeScript makes of it.
  'import/no-unresolved': ['error', { ignore: ['^@modelcontextprotocol/sdk/'] }],
  // Bundled libraries that few charts need are loaded where they are used.
  '@typescript-eslint/no-require-imports': 'off',
});
project.eslint?.addOverride({
  files: LAYERS.filter(layer => !layer.cdk8s).flatMap(({ rooms }) => rooms.map(room => `src/${room}/**`)),
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['cdk8s', 'cdk8s/*', 'cdk8s-plus-28', 'cdk8s-plus-28/*', 'constructs', 'constructs/*'],
            message: 'The compiler works on plain data; only constructs know cdk8s.',
          },
        ],
      },
    ],
  },
});
project.eslint?.addIgnorePattern('src/imports/');

// No maps: sources are not in the package, and with them Node.js reads three times as much before it runs anything.
for (const [option, value] of Object.entries({ sourceMap: false, inlineSourceMap: false, inlineSources: false })) {
  project.tsconfig?.file.addOverride(`compilerOptions.${option}`, value);
}

// One tsconfig a folder, so that editors and eslint find it, and one over everything for `typecheck`.
const DEV_TSCONFIG = project.tsconfigDev.fileName;
project.tsconfigDev.file.addOverride('ts-node', {
  // `npm run typecheck` checks types; a script should only start.
  transpileOnly: true,
  require: ['../scripts/package-name.ts'],
});
const devTsconfig = (path: string, extended: string, include: string[]) =>
  new JsonFile(project, path, { obj: { extends: extended, include, exclude: ['node_modules'] } });
for (const folder of DEV_FOLDERS.filter(name => name !== 'test')) {
  devTsconfig(`${folder}/tsconfig.json`, `../${DEV_TSCONFIG}`, ['**/*.ts']);
}
devTsconfig('tsconfig.check.json', `./${DEV_TSCONFIG}`, [
  ...['src', ...DEV_FOLDERS].map(folder => `${folder}/**/*.ts`),
  'projenrc/**/*.ts',
  '.projenrc.ts',
]);

// The command, a package of its own so that the library stays small.
new JsonFile(project, 'cli/package.json', {
  marker: true,
  obj: {
    name: 'cdk8s-mcp-cli',
    description: 'The command cdk8s-mcp: synthesize, explain, check and compare MCP topologies on Kubernetes',
    version: '0.0.0',
    license: 'Apache-2.0',
    repository: { type: 'git', url: 'https://github.com/cdk8s-mcp/cdk8s-mcp.git', directory: 'cli' },
    keywords: ['cdk8s', 'kubernetes', 'mcp', 'model-context-protocol', 'cli'],
    bin: { 'cdk8s-mcp': 'bin/cdk8s-mcp' },
    files: ['bin', 'lib'],
    engines: { node: '>= 20.0.0' },
    dependencies: {
      ...Object.fromEntries(CLI_DEPENDENCIES.map(dependency => dependency.split('@'))),
      yaml: '^2.8.0',
      'cdk8s-mcp': '0.0.0',
      // Its peers.
      cdk8s: '^2.70.0',
      'cdk8s-plus-28': '^2.5.6',
      constructs: '^10.3.0',
    },
  },
});
new JsonFile(project, 'cli/tsconfig.build.json', {
  obj: {
    extends: '../tsconfig.json',
    compilerOptions: {
      rootDir: 'src',
      outDir: 'lib',
      declaration: false,
      // The library as it is published.
      paths: { 'cdk8s-mcp': ['../lib'] },
    },
    include: ['src/**/*.ts'],
    exclude: ['node_modules'],
  },
});
project
  .tryFindObjectFile('.eslintrc.json')
  ?.addOverride('settings.import/resolver.typescript.project', ['./tsconfig.json', `./${DEV_TSCONFIG}`]);

// What needs real components or files that are not in this repository.
new JsonFile(project, 'jest.conformance.config.json', {
  obj: {
    testMatch: ['<rootDir>/test/conformance/**/*.test.ts'],
    modulePathIgnorePatterns: ['<rootDir>/dist/'],
    moduleNameMapper: MODULE_NAMES,
    transform: { '^.+\\.[t]sx?$': ['ts-jest', { tsconfig: DEV_TSCONFIG }] },
    maxWorkers: 1,
    testTimeout: 120_000,
  },
});

// Tests are tests: lint, types and generated files have tasks of their own.
project.testTask.reset('jest --ci', { receiveArgs: true });
project.addTask('demo', {
  description: 'Synthesize an example and say what came out: npm run demo [-- NAME]',
  exec: 'ts-node scripts/demo/index.ts',
  receiveArgs: true,
});
project.addTask('examples', { description: 'Test the examples', exec: 'jest --ci test/examples', receiveArgs: true });
project.addTask('golden', {
  description: 'Write anew what the apps of test/golden emit [-- FOLDER...]',
  exec: 'ts-node -P test/tsconfig.json test/golden/write.ts',
  receiveArgs: true,
});
project.addTask('conformance', {
  description: "Test against real components and upstream's files [-- PART... | --list]",
  exec: 'ts-node scripts/conformance/index.ts',
  receiveArgs: true,
});
project.addTask('cluster', {
  description: 'Test on a whole Kubernetes of one node, or leave one up [-- up | down]',
  exec: 'ts-node scripts/cluster/index.ts',
  receiveArgs: true,
});
project.addTask('typecheck', {
  description: 'Check the types of everything, examples, tests and scripts included',
  exec: 'tsc --noEmit -p tsconfig.check.json',
});
project.addTask('lint', {
  description: 'Lint everything and change nothing',
  env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
  steps: [
    { exec: `eslint --ext .ts --max-warnings 0 src ${DEV_FOLDERS.join(' ')} projenrc .projenrc.ts` },
    { exec: 'ts-node scripts/lua/index.ts --lint' },
  ],
});
project.addTask('crds', {
  description: 'Generate crds/ and src/imports/ [-- --check]',
  exec: 'ts-node scripts/crds/index.ts',
  receiveArgs: true,
});
project.addTask('time-zones', {
  description: 'Generate the rules of time zones that the library carries',
  exec: 'ts-node scripts/time-zones.ts',
});
project.addTask('envoy-api', {
  description: "Generate the types of Envoy's configuration, src/backends/envoy/config/api.ts",
  exec: 'ts-node scripts/envoy-api/index.ts',
});
project.addTask('lua', {
  description: "Generate the module that carries the proxy's programs [-- --check | --lint]",
  exec: 'ts-node scripts/lua/index.ts',
  receiveArgs: true,
});
project.addTask('nightly', {
  description: 'Mixed load, attacks and generated inputs, for longer than CI can wait [-- --list | --part NAME ...]',
  exec: 'ts-node scripts/nightly/index.ts',
  receiveArgs: true,
});
project.addTask('capabilities', {
  description: 'Generate docs/capabilities.md, gateway-policy.md and findings.md [-- --check]',
  exec: 'ts-node scripts/capabilities.ts',
  receiveArgs: true,
});
project.addTask('notices', {
  description: 'Generate THIRD-PARTY-NOTICES.txt and sbom.cdx.json, about the packages in the tarball',
  exec: 'ts-node scripts/notices/index.ts',
});
project.compileTask.exec('ts-node scripts/bundle.ts');
const docgen = project.tasks.tryFind('docgen')!;
const rosetta = project.addTask('rosetta', {
  description: 'Compile the examples in docstrings and README (after compile)',
  exec: 'jsii-rosetta extract --strict',
});
const docs = project.addTask('docs', {
  description: 'Generate API.md and docs/, and compile the examples in docstrings',
});
docs.spawn(project.compileTask);
docs.spawn(docgen);
docs.spawn(project.tasks.tryFind('capabilities')!);
docs.spawn(rosetta);
const compileCli = project.addTask('compile-cli', {
  description: 'Compile the command, after compile',
  exec: 'tsc -p cli/tsconfig.build.json',
});
const packageTest = project.addTask('package-test', {
  description: "Pack, install into an empty project, and run README's sample there",
});
packageTest.spawn(project.compileTask);
packageTest.spawn(compileCli);
packageTest.exec('ts-node scripts/package-test.ts');
// Bundled packages without what nobody runs; jsii-pacmak packs in a copy of everything.
for (const task of ['package:js', 'package:python', 'package:java', 'package:go'].map(name =>
  project.tasks.tryFind(name)!,
)) {
  task.reset(`jsii-pacmak -v --pack-command "ts-node scripts/pack.ts" --target ${task.name.replace('package:', '')}`);
}
const bench = project.addTask('bench', {
  description: 'Compare with the same objects by hand, and measure what grows [-- --all | --smoke | --save]',
});
bench.spawn(project.compileTask);
bench.exec('ts-node bench/index.ts', { receiveArgs: true });

// The tarball carries what a consumer runs and reads: lib, crds, API.md, README, docs, examples.
for (const path of [
  '/cli/',
  '/examples/tsconfig.json',
  '/scripts/',
  '/bench/',
  '/.ci/',
  '/.git-blame-ignore-revs',
  '/CONTRIBUTING.md',
  '/CHANGELOG.md',
  '/SECURITY.md',
  '/CODE_OF_CONDUCT.md',
  '/jest.config.json',
  '/jest.conformance.config.json',
  '/tsconfig.check.json',
  '/.conformance/',
  '/test-reports/',
  '.jsii.tabl.json',
  // What runs is in the bundle; the typed L1 is a module of its own.
  '/lib/**/*.js',
  '!/lib/index.js',
  '!/lib/bundle/*.js',
  '!/lib/imports/ome.io.js',
]) {
  project.npmignore?.addPatterns(path);
}
for (const path of [
  '/crds/*',
  '/src/imports/*',
  '/src/backends/envoy/config/api.ts',
  '/src/backends/envoy/lua/programs.ts',
  '/docs/capabilities.md',
  '/docs/findings.md',
  '/API.md',
  '/THIRD-PARTY-NOTICES.txt',
  '/sbom.cdx.json',
]) {
  project.gitattributes.addAttributes(path, 'linguist-generated');
}
project.gitattributes.addAttributes('/scripts/envoy-api/descriptors.binpb', 'binary', 'linguist-generated');

project.synth();
