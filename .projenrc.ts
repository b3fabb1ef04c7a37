import { cdk8s, javascript } from 'projen';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-mcp',
  description: 'cdk8s constructs for Model Context Protocol servers, routes and gateways on Kubernetes',
  author: 'cdk8s-mcp authors',
  authorAddress: 'maintainers@cdk8s-mcp.dev',
  repositoryUrl: 'https://github.com/cdk8s-mcp/cdk8s-mcp.git',
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-mcp authors',
  copyrightPeriod: '2026',
  keywords: ['kubernetes', 'mcp', 'model-context-protocol', 'agentgateway', 'ome'],

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
  ],
  devDeps: [
    'cdk8s-cli',
    'ajv-formats',
    'fast-check@^3',
    // The last release that ships Kubernetes' JSON schemas as data rather than as compiled validators.
    'kubernetes-models@4.3.0',
  ],

  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'scripts', 'bench'], prettier: false },
  jestOptions: {
    configFilePath: 'jest.config.json',
    // A snapshot that is not there is a failure, not a new truth, unless someone asks for it.
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/conformance/'],
      modulePathIgnorePatterns: ['<rootDir>/dist/'],
    },
  },
  gitignore: ['/dist/', '*.tgz', '.DS_Store', '/.conformance/'],
});

// One way: constructs -> back ends -> passes -> model. `synthesis` is where constructs meet the compiler.
const CONSTRUCTS = ['cluster', 'gateway', 'manifest', 'route', 'server', 'synthesis'];
const zone = (target: string, from: readonly string[]) => ({
  target: `./src/${target}`,
  from: from.map(folder => `./src/${folder}`),
  message: 'Imports go one way: constructs -> back ends -> passes -> model (see CONTRIBUTING.md).',
});
project.eslint?.addRules({
  'import/no-restricted-paths': ['error', {
    zones: [
      zone('model', ['passes', 'backends', ...CONSTRUCTS, 'imports']),
      zone('passes', ['backends', ...CONSTRUCTS, 'imports']),
      zone('backends', [...CONSTRUCTS, 'imports']),
    ],
  }],
  '@stylistic/max-len': ['error', { code: 220, ignoreComments: false }],
  // Bundled libraries that few charts need are loaded where they are used.
  '@typescript-eslint/no-require-imports': 'off',
});
project.eslint?.addOverride({
  files: ['src/model/**', 'src/passes/**', 'src/backends/**'],
  rules: {
    'no-restricted-imports': ['error', {
      paths: ['cdk8s', 'cdk8s-plus-28', 'constructs'].map(name => ({ name, message: 'The compiler works on plain data; only constructs know cdk8s.' })),
    }],
  },
});
project.eslint?.addIgnorePattern('src/imports/');

// The tarball carries what a consumer runs and reads: lib, crds, API.md, README.
for (const path of ['/examples/', '/scripts/', '/bench/', '/docs/', '/.ci/', '/CONTRIBUTING.md', '/jest.config.json', '/.conformance/']) {
  project.npmignore?.addPatterns(path);
}
project.gitattributes.addAttributes('/crds/*', 'linguist-generated');
project.gitattributes.addAttributes('/src/imports/*', 'linguist-generated');

project.synth();
