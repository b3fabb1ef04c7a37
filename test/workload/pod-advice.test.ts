import * as kplus from 'cdk8s-plus-28';
import { McpDiagnostics, McpServer, McpServerProps, McpServerSource } from '../../src';
import { newChart } from '../support/synth';

function advice(source: McpServerSource, props: Partial<McpServerProps> = {}): string[] {
  const server = new McpServer(newChart(), 'ledger', { source, ...props });
  return McpDiagnostics.of(server).warnings.map(({ property, problem }) => `${property}: ${problem}`);
}

const image = McpServerSource.image('acme/ledger:1.4.0');
const FLOATS = ', so that pods of one rollout may run different programs, and nobody can tell which';

it.each([
  ['acme/ledger', 'has no tag, which means latest'],
  ['registry.acme.dev:5000/ledger', 'has no tag, which means latest'],
  ['acme/ledger:latest', 'is whatever was published last'],
])('warns of the image %s', (reference, what) => {
  expect(advice(McpServerSource.image(reference))).toEqual([`pods.mcp-server.image: ${what}${FLOATS}`]);
});

it.each(['acme/ledger:1.4.0', 'registry.acme.dev:5000/ledger:1', `acme/ledger@sha256:${'0'.repeat(64)}`])(
  'takes %s as it is',
  reference => {
    expect(advice(McpServerSource.image(reference))).toEqual([]);
  },
);

it('sees the images of a template of the user', () => {
  expect(
    advice(image, { podTemplate: { spec: { initContainers: [{ name: 'migrate', image: 'acme/migrate' }] } } }),
  ).toContain(`pods.migrate.image: has no tag, which means latest${FLOATS}`);
});

it('warns of secrets in variables and arguments, and does not show them', () => {
  const found = advice(
    McpServerSource.image('acme/ledger:1.4.0', {
      args: ['--verbose', '--token=hunter2', '--api-key', 'hunter2', '--token', '$(TOKEN)', 'ghp_hunter2'],
    }),
    {
      env: {
        DB_PASSWORD: kplus.EnvValue.fromValue('hunter2'),
        DATABASE_URI: kplus.EnvValue.fromValue('postgres://app:hunter2@db/ledger'),
        LOG_LEVEL: kplus.EnvValue.fromValue('info'),
      },
    },
  );
  expect(found.map(text => text.slice(0, text.indexOf(':')))).toEqual(
    expect.arrayContaining([
      'pods.mcp-server.env.DB_PASSWORD',
      'pods.mcp-server.env.DATABASE_URI',
      'pods.mcp-server.args[1]',
      'pods.mcp-server.args[3]',
      'pods.mcp-server.args[6]',
    ]),
  );
  expect(found).toHaveLength(5);
  expect(found.join()).not.toContain('hunter2');
});

it.each(['node:22', 'docker.io/library/python:3.13-slim', 'alpine@sha256:00'])(
  'warns of %s, which runs as root',
  reference => {
    const root = [expect.stringContaining('pods.mcp-server.image: runs as root unless a user is named')];
    const source = McpServerSource.image(reference);
    expect(advice(source)).toEqual(root);
    expect(advice(source, { user: 1000 })).toEqual([]);
    expect(advice(source, { podTemplate: { spec: { securityContext: { runAsUser: 1000 } } } })).toEqual([]);
  },
);

it('warns of images in which no adapter runs', () => {
  const found = (reference: string): string[] =>
    advice(McpServerSource.command(reference, ['node', '/app/index.js']), { user: 1000 });
  for (const musl of ['node:22-alpine', 'python:3.13-alpine3.20', 'ghcr.io/acme/tools:1.0.0-musl', 'alpine:3.20']) {
    expect(found(musl)).toEqual([expect.stringContaining('source: is built on musl by its name')]);
  }
  expect(found('node:22.23.1-trixie-slim')).toEqual([]);
  expect(found('ghcr.io/acme/alpine-guide:1.0.0')).toEqual([]);
  // A program that listens by itself needs none.
  expect(advice(McpServerSource.image('acme/ledger:1.0.0-alpine'))).toEqual([]);
});

it('says nothing of variables from Secrets', () => {
  const chart = newChart();
  const secret = kplus.Secret.fromSecretName(chart, 'secret', 'db');
  const server = new McpServer(chart, 'ledger', {
    source: image,
    env: { DB_PASSWORD: kplus.EnvValue.fromSecretValue({ secret, key: 'password' }) },
  });
  expect(McpDiagnostics.of(server).warnings).toEqual([]);
});

it.each([
  ['a value of an option', ['--token=hunter2']],
  ['a value after an option', ['--api-key', 'hunter2']],
  ['the form of a token', ['ghp_hunter2']],
])('warns of %s in the arguments of a stdio server, which stand in a ConfigMap', (_, args) => {
  expect(advice(McpServerSource.npx('kubernetes-mcp-server@0.0.50', { args }))).toContainEqual(
    expect.stringMatching(/^source: has an argument that looks like a secret/),
  );
});

it('takes the remedy: a variable from a Secret, by a shell where the program has arguments alone', () => {
  const env = {
    TOKEN: kplus.EnvValue.fromSecretValue({
      secret: kplus.Secret.fromSecretName(newChart(), 's', 'keys'),
      key: 'token',
    }),
  };
  const source = McpServerSource.command('acme/ledger:1.4.0', ['sh', '-c', 'exec ledger --token "$TOKEN"']);
  expect(advice(source, { env }).filter(text => text.includes('secret'))).toEqual([]);
});
