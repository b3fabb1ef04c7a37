import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AccessMatrix,
  Authentication,
  AuthzConfig,
  Claim,
  Condition,
  GatewayDataPlane,
  HeaderOperator,
  McpGateway,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  ToolAction,
} from '../src';

/** Names that every object of JavaScript has something under: nobody's word may be looked up there. */
const WORDS = ['__proto__', 'toString', 'valueOf', 'hasOwnProperty', 'constructor'];

/** What stands for a word in the app that it is compared with: as long, and sorted where the word is sorted. */
const plain = (word: string): string => `${word.slice(0, -1)}X`;

/** An app that says a word wherever a name is the user's to make up. */
function appWith(word: string, outdir: string, agentgateway: boolean): App {
  const app = new App({ outdir });
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: agentgateway ? GatewayDataPlane.agentgateway() : GatewayDataPlane.envoy(),
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
        userClaim: Claim.nested('ids', word),
        groupsClaim: Claim.nested(word, 'groups'),
      }),
    ],
  });
  const server = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: [word, 'db_query'],
    toolDescriptions: { db_query: 'Asks.' },
    env: { [word]: kplus.EnvValue.fromValue('x') },
  });
  const route = new McpRoute(chart, 'books', {
    gateway,
    backends: [{ server }],
    requestHeaders: { set: { [word]: 'x' } },
    authzConfig: agentgateway ? AuthzConfig.inline({ policies: ['permit(principal, action, resource);'] }) : undefined,
  });
  route.modifyRequestHeaders({ add: { 'x-other': 'y' } });
  route.allow(Principal.group(word), {
    tools: [word],
    actions: [ToolAction.CALL],
    // Envoy takes no header with an underscore.
    when: agentgateway ? [Condition.header(word, HeaderOperator.EQUAL, word)] : undefined,
  });
  route.allow(Principal.user(word), { tools: ['db_*'], actions: [ToolAction.CALL] });
  return app;
}

function withTempDir(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  try {
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]));

describe.each([
  ['agentgateway', true],
  ['envoy', false],
])('on %s', (_, agentgateway) => {
  it.each(WORDS)('writes %s as any other name', word => {
    withTempDir(folder => {
      const [emitted, expected] = [word, plain(word)].map(name => {
        const app = appWith(name, join(folder, name === word ? 'word' : 'plain'), agentgateway);
        app.synth();
        return Object.fromEntries(
          Object.entries(filesOf(app.outdir)).map(([file, text]) => [
            file,
            text
              .split(plain(word))
              .join(word)
              .split(plain(word).toLowerCase())
              .join(word.toLowerCase())
              // The digests of what differs differ.
              .replace(/[0-9a-f]{8,}/g, '(digest)'),
          ]),
        );
      });
      expect(emitted).toEqual(expected);
    });
  });
});

it.each(WORDS)('asks the matrix about %s as about any other name', word => {
  withTempDir(folder => {
    const [asked, expected] = [word, plain(word)].map(name => {
      const app = appWith(name, folder, true);
      return AccessMatrix.of(app).toMarkdown().split(plain(word)).join(word);
    });
    expect(asked.split('\n').map(line => line.replace(/ +|-+/g, ' '))).toEqual(
      expected.split('\n').map(line => line.replace(/ +|-+/g, ' ')),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

it('takes labels and annotations of such names, but for the one that cdk8s cannot write', () => {
  const labels = { toString: 'x', valueOf: 'x', hasOwnProperty: 'x' } as unknown as Record<string, string>;
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
  const server = new McpServer(chart, 'ledger', { source, labels, annotations: labels, podLabels: labels });
  expect(server.resource.toJson().metadata).toMatchObject({ labels, annotations: labels });
  const constructor = { constructor: 'x' } as unknown as Record<string, string>;
  expect(() => new McpServer(chart, 'other', { source, labels: constructor, annotations: constructor })).toThrow(
    /labels\[constructor\]: got "constructor": is a name that cdk8s cannot write[^]*annotations\[constructor\]: got/,
  );
});

it('tells no path of a document from names that every object has', () => {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const manifest = (kind: string, field: string) => `apiVersion: ome.io/v1alpha1
kind: ${kind}
metadata: { name: a, ${field}: x }
spec: { ${field}: 1 }`;
  for (const word of WORDS) {
    expect(() => McpManifest.fromYaml(chart, 'a', manifest('MCPRoute', word))).toThrow(
      new RegExp(`metadata\\.${word}: got "x": is not a field`),
    );
    expect(() => McpManifest.fromYaml(chart, 'b', manifest(word, 'extra'))).toThrow(/kind: got/);
  }
});

it('writes nothing where something cannot be written', () => {
  withTempDir(folder => {
    const app = new App({ outdir: join(folder, 'dist') });
    new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
    new ApiObject(new Chart(app, 'team'), 'mine', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: { a: new (class Money {})() },
    });
    expect(() => app.synth()).toThrow(
      /\[team\/mine\] ConfigMap: got "team-mine-[0-9a-f]+": cannot be written \(can't render non-simple object of type 'Money'\)\. Correct/,
    );
    expect(readdirSync(app.outdir)).toEqual([]);
  });
});

const ledger = (options: object, document?: unknown) => {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const source =
    document === undefined
      ? McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0')
      : McpServerSource.openApi({ schema: document, url: 'https://races.example.com' });
  return new McpServer(chart, 'ledger', { source, ...options });
};

it.each([
  ['a class', { spec: { priorityClassName: new (class Name {})() } }, 'spec.priorityClassName'],
  [
    'a function',
    { spec: { containers: [{ name: 'a', env: [{ name: 'A', value: () => 1 }] }] } },
    'spec.containers[0].env[0].value',
  ],
  ['a field of all objects', { metadata: { labels: JSON.parse('{"__proto__": "x"}') } }, 'metadata.labels.__proto__'],
])('says where a template has %s', (_, podTemplate, place) => {
  expect(() => ledger({ podTemplate })).toThrow(`podTemplate.${place}: got "(given)": is no plain JSON, or is a field`);
});

it('says where a document of a REST service has a field that cannot be written', () => {
  const races = (field: string) => ({
    openapi: '3.1.0',
    info: { title: 'races', version: '1' },
    paths: {
      '/races': {
        post: {
          operationId: 'find',
          requestBody: {
            content: {
              'application/json': { schema: { type: 'object', properties: { [field]: { type: 'string' } } } },
            },
          },
        },
      },
    },
  });
  expect(() => ledger({}, races('constructor'))).toThrow(
    /schema\..*\.properties\.constructor: got "\(given\)": is no plain/,
  );
  expect(() => ledger({}, races('team'))).not.toThrow();
});

it('finds no policies under a key that every ConfigMap seems to have', () => {
  const app = new App({ outdir: join(tmpdir(), 'never-written') });
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const policies = new kplus.ConfigMap(chart, 'policies', { data: { 'authz.json': '{}' } });
  const gateway = new McpGateway(chart, 'gateway');
  new McpRoute(chart, 'books', {
    gateway,
    backends: [{ server: new McpServer(chart, 'ledger', { source: McpServerSource.image('a/b:1') }) }],
    authzConfig: AuthzConfig.fromConfigMap(policies, { key: 'constructor' }),
  });
  expect(() => app.synth()).toThrow(/has no key constructor, only authz\.json/);
});

it('writes nothing where a patch of what the library makes fails', () => {
  withTempDir(folder => {
    const app = new App({ outdir: join(folder, 'dist') });
    new Chart(app, 'aaa');
    const server = new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'ledger', {
      source: McpServerSource.image('a/b:1'),
    });
    ApiObject.of(server.service!).addJsonPatch(JsonPatch.replace('/spec/nothing/deeper', 1));
    expect(() => app.synth()).toThrow(/cannot be written/);
    expect(readdirSync(app.outdir)).toEqual([]);
  });
});

it('takes the key that the remedy names', () => {
  expect(ledger({ labels: { 'acme.dev/constructor': 'x' } }).resource.metadata.toJson().labels).toMatchObject({
    'acme.dev/constructor': 'x',
  });
});
