import { App, Chart, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse, stringify } from 'yaml';
import {
  controllerChart,
  documentOf,
  documents,
  faults,
  Json,
  only,
  readInto,
  serverOf,
  synthesize,
  withoutPaths,
} from './support';
import { AuthzConfig, McpManifest, McpServer, McpServerSource, OidcConfig, OtherKinds } from '../../src';

const JWKS = JSON.stringify({
  keys: [
    {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: 'a',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    },
  ],
});
const INLINE = { issuer: 'https://auth.acme.dev', audience: 'ledger', jwks: JWKS };
const protect = (oidcConfig: object, rest = '') =>
  serverOf('ledger', `oidcConfig: ${JSON.stringify(oidcConfig)}${rest}`);
const configMap = (data: object, namespace = 'finance') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: issuer, namespace: ${namespace}}\ndata: ${JSON.stringify(data)}\n`;
const passThrough = { otherKinds: OtherKinds.PASS_THROUGH };

function verified(objects: readonly Json[]): Json {
  const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'ledger-guard-config')!
    .data['config.yaml'];
  return parse(config).binds[0].listeners[0].routes[0].policies.jwtAuth;
}

test.each<[string, object, object]>([
  ['inline', { inline: INLINE }, { issuer: 'https://auth.acme.dev', audiences: ['ledger'], jwks: JWKS }],
  [
    'for any of several audiences',
    { inline: { issuer: 'https://auth.acme.dev', audiences: ['books', 'ledger'], jwks: JWKS } },
    { issuer: 'https://auth.acme.dev', audiences: ['books', 'ledger'], jwks: JWKS },
  ],
  [
    "the cluster's own",
    { kubernetes: { audience: 'ledger', jwks: JWKS } },
    { issuer: 'https://kubernetes.default.svc', audiences: ['ledger'], jwks: JWKS },
  ],
  [
    'of another cluster',
    { kubernetes: { issuer: 'https://oidc.acme.dev', audience: 'ledger', jwksURL: 'https://dex.auth.svc/keys' } },
    { issuer: 'https://oidc.acme.dev', jwks: { url: 'https://dex.auth.svc/keys' } },
  ],
])('an issuer, %s, is asked by a guard, and stays in the resource', (_, oidcConfig, expected) => {
  const objects = synthesize(protect(oidcConfig));
  expect(verified(objects)).toMatchObject({ mode: 'strict', ...expected });
  expect(only(objects, 'MCPServer').spec.oidcConfig).toEqual(oidcConfig);
});

test('an issuer in a ConfigMap of the manifest', () => {
  const objects = synthesize(
    documents(configMap({ 'oidc.json': JSON.stringify(INLINE) }), protect({ configMap: { name: 'issuer' } })),
    passThrough,
  );
  expect(verified(objects).audiences).toEqual(['ledger']);
  expect(only(objects, 'MCPServer').spec.oidcConfig).toEqual({ configMap: { name: 'issuer', key: 'oidc.json' } });
});

test('policies in Cedar are asked by the guard as well', () => {
  const objects = synthesize(
    protect(
      { inline: INLINE },
      ', authzConfig: {inline: {policies: [\'permit(principal == User::"alice", action, resource);\']}}',
    ),
  );
  const text = objects.find(({ metadata }) => metadata.name === 'ledger-guard-config')!.data['config.yaml'];
  expect(text).toContain('jwt.sub == "alice"');
});

/** The order of volumes means nothing. */
function withSortedVolumes<T>(object: T): T {
  return JSON.parse(
    JSON.stringify(object, (key, value) =>
      key === 'volumes' ? [...value].sort((a, b) => (a.name < b.name ? -1 : 1)) : value,
    ),
  );
}

test('what constructs render is read again as it was', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const authzConfig = AuthzConfig.inline({ policies: ['permit(principal == User::"alice", action, resource);'] });
  new McpServer(chart, 'ledger', {
    source: McpServerSource.image('x:1', { port: 9000 }),
    oidcConfig: OidcConfig.inline({ issuer: INLINE.issuer, audiences: [INLINE.audience], jwks: JWKS }),
    authzConfig,
    replicas: 2,
  });
  new McpServer(chart, 'agents', {
    source: McpServerSource.image('x:1'),
    oidcConfig: OidcConfig.kubernetes({ audiences: ['agents'], jwks: JWKS }),
  });
  new McpServer(chart, 'tools', {
    source: McpServerSource.command('x:1', ['x']),
    oidcConfig: OidcConfig.inline({
      issuer: INLINE.issuer,
      audiences: ['tools'],
      jwksUri: 'https://dex.auth.svc/keys',
    }),
  });
  const map = new kplus.ConfigMap(chart, 'issuer', {
    metadata: { name: 'issuer' },
    data: { here: JSON.stringify(INLINE) },
  });
  new McpServer(chart, 'stored', {
    source: McpServerSource.image('x:1'),
    oidcConfig: OidcConfig.fromConfigMap(map, { key: 'here' }),
  });
  const written = Testing.synth(chart);
  const texts = written
    .filter(({ kind, metadata }) => kind === 'MCPServer' || metadata.name === 'issuer')
    .map((object: Json) => stringify(object, { version: '1.1' }));
  const again = new Chart(new App(), 'again');
  McpManifest.fromYaml(again, 'manifest', texts.join('---\n'), passThrough);
  const byName = (objects: readonly Json[]) =>
    withoutPaths(
      Object.fromEntries(objects.map(object => [`${object.kind} ${object.metadata.name}`, withSortedVolumes(object)])),
    );
  // A stdio program stands in the configuration of its adapter alone.
  const { 'ConfigMap tools-stdio-adapter': adapter, ...rest } = byName(written);
  expect(adapter).toBeDefined();
  expect(byName(Testing.synth(again))).toEqual(rest);
});

describe('mistakes', () => {
  const AT = 'f.yaml:4 (document 1, MCPServer finance/ledger)';
  test.each<[string, object, string[]]>([
    [
      'nothing',
      {},
      [
        'spec.oidcConfig: got {}: names no issuer, so that anyone could call. Add inline, kubernetes or configMap, or remove it.',
      ],
    ],
    [
      'two forms',
      { inline: INLINE, configMap: { name: 'issuer' } },
      ['spec.oidcConfig: got ["inline","configMap"]: are set together, and exclude each other. Keep one.'],
    ],
    [
      'one audience and several',
      { inline: { ...INLINE, audiences: ['books'] } },
      ['spec.oidcConfig.inline: got ["audience","audiences"]: are set together, and exclude each other. Keep one.'],
    ],
    [
      'no audience, no keys',
      { inline: { issuer: 'https://a' } },
      [
        'spec.oidcConfig.inline.audience: got nothing: is missing, so tokens for any service would pass. Name the audience that stands for this server.',
        'spec.oidcConfig.inline.jwksURL: got nothing: is missing: keys are not looked up while the server runs. ' +
          'Give the `jwks_uri` that the issuer names in its /.well-known/openid-configuration, or the keys themselves in jwks.',
      ],
    ],
    [
      'values that cannot be',
      { inline: { issuer: 'http://a', audience: '', jwksURL: 'http://a/keys' } },
      [
        'spec.oidcConfig.inline.issuer: got "http://a": is an issuer without TLS: whoever is on the way to it could read the tokens it hands out. ' +
          'Write it as the `iss` claim of the tokens has it, such as https://auth.acme.dev.',
        'spec.oidcConfig.inline.audience: got [""]: has an empty one. Name the audience that stands for this server.',
        'spec.oidcConfig.inline.jwksURL: got "http://a/keys": has no TLS: whoever is on the way could put keys of his own in their place. Write it as https://auth.acme.dev/jwks.json, or give the keys themselves in jwks.',
      ],
    ],
    [
      'a ConfigMap that is not there',
      { configMap: { name: 'issuer' } },
      [
        'spec.oidcConfig.configMap.name: got "issuer": there is no ConfigMap finance/issuer in the manifest, and no other ConfigMap, so its issuer is not known. ' +
          'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the issuer in inline.',
      ],
    ],
  ])('%s', (_, oidcConfig, expected) => {
    expect(faults(protect(oidcConfig))).toEqual(expected.map(line => `[${AT}] ${line}`));
  });

  test('a form that is none', () => {
    expect(faults(protect({ github: {} }))).toEqual([
      expect.stringContaining(
        'spec.oidcConfig.github: got {}: is not a field here. Remove it; the fields are configMap, inline, kubernetes.',
      ),
      expect.stringContaining('names no issuer'),
    ]);
  });

  test('a ConfigMap that says nothing of use', () => {
    expect(
      faults(documents(protect({ configMap: { name: 'issuer', key: 'x' } }), configMap({ y: '{}' })), passThrough),
    ).toEqual([
      `[${AT}] spec.oidcConfig.configMap: got nothing: [x]: the ConfigMap issuer has no key x, only y. Add the issuer with addData('x', …), or name another key.`,
    ]);
    expect(
      faults(
        documents(
          protect({ configMap: { name: 'issuer', key: 'x' } }),
          configMap({ x: '{"issuer": "https://a", "jwksURL": "https://a"}' }),
        ),
        passThrough,
      ),
    ).toEqual([
      expect.stringContaining(
        'spec.oidcConfig.configMap: got nothing: [x].audience: is missing, so tokens for any service would pass.',
      ),
    ]);
  });

  test('a remote server', () => {
    expect(
      faults(
        documentOf(
          'MCPServer',
          'crm',
          `{remote: {url: "https://crm.acme.dev/mcp"}, oidcConfig: ${JSON.stringify({ inline: INLINE })}}`,
        ),
      ),
    ).toEqual([
      expect.stringContaining(
        ': is given for a remote server, and nothing of it runs in the cluster that could ask its callers.',
      ),
    ]);
  });

  test('what only this library knows, in controller mode', () => {
    const problem =
      "is a field of this library's own definition, so an operator would never see it. Remove it, or use Reconciliation.RENDERED.";
    expect(faults(protect({ kubernetes: { audience: 'a', jwks: '{}' } }), {}, controllerChart())).toEqual([
      `[${AT}] spec.oidcConfig.kubernetes.audience: got "a": ${problem}`,
      `[${AT}] spec.oidcConfig.kubernetes.jwks: got "(not shown)": ${problem}`,
    ]);
    expect(faults(protect({ configMap: { name: 'issuer' } }), {}, controllerChart())).toEqual([
      expect.stringContaining('spec.oidcConfig.configMap: got {"name":"issuer"'),
    ]);
  });
});

test("in controller mode the rest is the operator's, as it stands", () => {
  const chart = controllerChart();
  readInto(chart, protect({ inline: { issuer: 'http://anything' } }));
  expect(Testing.synth(chart).map(({ kind, spec }) => [kind, spec.oidcConfig])).toEqual([
    ['MCPServer', { inline: { issuer: 'http://anything' } }],
  ]);
});
