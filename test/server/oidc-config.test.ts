import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ClusterProfile,
  OidcConfigInlineOptions,
  OidcConfigKubernetesOptions,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  OidcConfig,
  Reconciliation,
} from '../../src';
import { find, messageOf, newChart, synth } from '../support/synth';
import { validateObjects } from '../support/validate';

const ISSUER = 'https://auth.acme.dev';
const KEYS = 'https://dex.auth.svc/keys';
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
const source = McpServerSource.image('acme/ledger:1');

function protect(oidcConfig: OidcConfig, chart: Chart = newChart()): Chart {
  new McpServer(chart, 'ledger', { source, oidcConfig });
  return chart;
}

function controlled(): Chart {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  return chart;
}

/** What the server verifies, as it stands in the configuration of its guard. */
function configured(oidcConfig: OidcConfig, chart?: Chart): string {
  return find(synth(protect(oidcConfig, chart)), 'ConfigMap', 'ledger-guard-config').data['config.yaml'];
}

it('takes the tokens of an issuer, whose keys it fetches', () => {
  expect(configured(OidcConfig.inline({ issuer: ISSUER, audiences: ['ledger'], jwksUri: KEYS }))).toMatch(
    /mode: strict[^]*issuer: https:\/\/auth.acme.dev\n +audiences:\n +- ledger\n +jwks:\n +url: https:\/\/dex.auth.svc\/keys/,
  );
});

it('takes tokens for any of several audiences', () => {
  const chart = newChart();
  const oidcConfig = OidcConfig.inline({ issuer: ISSUER, audiences: ['books', 'ledger'], jwks: JWKS });
  expect(configured(oidcConfig, chart)).toMatch(/audiences:\n +- books\n +- ledger\n/);
  const objects = synth(chart);
  expect(find(objects, 'MCPServer').spec.oidcConfig.inline).toEqual({
    issuer: ISSUER,
    audiences: ['books', 'ledger'],
    jwks: JWKS,
  });
  expect(validateObjects(objects)).toEqual([]);
});

it("takes the tokens of the cluster's service accounts, whose keys it is given", () => {
  const config = configured(OidcConfig.kubernetes({ audiences: ['ledger'], jwks: JWKS }));
  expect(config).toMatch(/issuer: https:\/\/kubernetes.default.svc\n +audiences:\n +- ledger\n/);
  expect(config).toContain('"kid":"a"');
  const chart = newChart();
  new ClusterProfile({ network: NetworkEnforcement.cilium() }).applyTo(chart);
  expect(
    configured(
      OidcConfig.kubernetes({
        audiences: ['ledger'],
        issuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/AB',
        jwksUri: 'https://oidc.eks.eu-west-1.amazonaws.com/id/AB/keys',
      }),
      chart,
    ),
  ).toContain('issuer: https://oidc.eks.eu-west-1.amazonaws.com/id/AB\n');
});

describe('a ConfigMap', () => {
  const configMap = (chart: Chart, data: Record<string, string>) =>
    new kplus.ConfigMap(chart, 'issuer', { metadata: { name: 'issuer' }, data });
  const document = JSON.stringify({ issuer: ISSUER, audience: 'ledger', jwksURL: KEYS });

  it('is read when the app is synthesized, with what was added since', () => {
    const chart = newChart();
    const map = configMap(chart, {});
    protect(OidcConfig.fromConfigMap(map), chart);
    map.addData('oidc.json', document);
    const objects = synth(chart);
    expect(find(objects, 'ConfigMap', 'ledger-guard-config').data['config.yaml']).toContain(`issuer: ${ISSUER}\n`);
    expect(find(objects, 'MCPServer').spec.oidcConfig).toEqual({ configMap: { name: 'issuer', key: 'oidc.json' } });
    expect(validateObjects(objects)).toEqual([]);
  });

  it('may hold keys, at a key of its own', () => {
    const chart = newChart();
    const map = configMap(chart, { staging: JSON.stringify({ issuer: ISSUER, audience: 'ledger', jwks: JWKS }) });
    expect(configured(OidcConfig.fromConfigMap(map, { key: 'staging' }), chart)).toContain('"kid":"a"');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'no key',
      {},
      /oidcConfig.configMap\[oidc.json\]: got nothing: the ConfigMap issuer has no key oidc.json, and no data at all\. Add the issuer with addData\('oidc.json', …\), or name another key\./,
    ],
    ['another key', { 'other.json': document }, /has no key oidc.json, only other.json\./],
    [
      'no JSON',
      { 'oidc.json': 'issuer: x' },
      /oidcConfig.configMap\[oidc.json\]: got "\(not shown\)": is not JSON .*\. Write {"issuer":/,
    ],
    ['a list', { 'oidc.json': '[]' }, /is not a JSON object\./],
    [
      'no issuer',
      { 'oidc.json': '{"audience": "ledger"}' },
      /oidcConfig.configMap\[oidc.json\].issuer: got nothing: is missing\./,
    ],
    [
      'no keys of the issuer',
      { 'oidc.json': JSON.stringify({ issuer: ISSUER, audience: 'ledger' }) },
      /oidcConfig.configMap\[oidc.json\].jwksURL: got nothing: is missing: keys are not looked up/,
    ],
    [
      'no audience',
      { 'oidc.json': JSON.stringify({ issuer: ISSUER, jwksURL: KEYS }) },
      /oidcConfig.configMap\[oidc.json\].audience: got nothing: is missing, so tokens for any service would pass\./,
    ],
    [
      'a field that is none',
      { 'oidc.json': JSON.stringify({ issuer: ISSUER, clientSecret: 'hunter2' }) },
      /oidcConfig.configMap\[oidc.json\].clientSecret: got "\(not shown\)": is not a field of the document\./,
    ],
    [
      'one audience and several',
      { 'oidc.json': JSON.stringify({ issuer: ISSUER, audience: 'a', audiences: ['b'], jwksURL: KEYS }) },
      /oidcConfig.configMap\[oidc.json\].audiences: .*is given beside audience. Keep one/,
    ],
    [
      'audiences that are no list',
      { 'oidc.json': JSON.stringify({ issuer: ISSUER, audiences: 'b', jwksURL: KEYS }) },
      /oidcConfig.configMap\[oidc.json\].audiences: .*is not a list of texts/,
    ],
    [
      'a field that is no text',
      { 'oidc.json': JSON.stringify({ issuer: ISSUER, audience: ['ledger'] }) },
      /oidcConfig.configMap\[oidc.json\].audience: .*is not text\./,
    ],
  ])('with %s fails the synthesis', (_, data, expected) => {
    const chart = newChart();
    protect(OidcConfig.fromConfigMap(configMap(chart, data)), chart);
    const message = messageOf(() => synth(chart));
    expect(message).toMatch(expected);
    expect(message).not.toContain('hunter2');
  });

  it('must be one of the app, in the namespace of the server', () => {
    const chart = newChart();
    expect(
      messageOf(() => OidcConfig.fromConfigMap(kplus.ConfigMap.fromConfigMapName(chart, 'elsewhere', 'elsewhere'))),
    ).toMatch(
      /^Invalid input:\n {2}\[OidcConfig.fromConfigMap\] configMap: got "elsewhere": is only referred to, so its issuer is not known/,
    );
    const other = new kplus.ConfigMap(chart, 'other', { metadata: { name: 'issuer', namespace: 'other' } });
    expect(messageOf(() => protect(OidcConfig.fromConfigMap(other), chart))).toMatch(
      /oidcConfig: got "other\/issuer": is a ConfigMap of another namespace/,
    );
    expect(messageOf(() => OidcConfig.fromConfigMap(configMap(newChart(), {}), { key: '' }))).toContain(
      'key: got "": is empty',
    );
  });
});

describe('a factory throws', () => {
  it.each<[string, Partial<OidcConfigInlineOptions>, string]>([
    [
      'an issuer without TLS',
      { issuer: 'http://auth.acme.dev' },
      'issuer: got "http://auth.acme.dev": is an issuer without TLS',
    ],
    [
      'an issuer that is no URL',
      { issuer: 'auth.acme.dev' },
      'issuer: got "auth.acme.dev": is not the URL of an issuer',
    ],
    ['no issuer', { issuer: '' }, 'issuer: got "": is not the URL of an issuer'],
    ['an issuer with a query', { issuer: 'https://auth.acme.dev?tenant=1' }, 'is not the URL of an issuer'],
    [
      'an issuer with credentials',
      { issuer: 'https://me:secret@auth.acme.dev' },
      'issuer: got "https://(not shown)@auth.acme.dev"',
    ],
    ['an empty audience', { audiences: [''] }, 'audiences: got [""]: has an empty one. Name the audience'],
    [
      'no audience among the audiences',
      { audiences: [] },
      'audiences: got []: names none, so tokens for any service would pass. Name the audience',
    ],
    [
      'keys without TLS',
      { jwksUri: 'http://auth.acme.dev/keys' },
      'jwksUri: got "http://auth.acme.dev/keys": has no TLS',
    ],
    ['keys that are no URL', { jwksUri: 'keys' }, 'jwksUri: got "keys": is not an https URL without credentials'],
    ['keys that are no keys', { jwks: '{}' }, 'jwks: got "(not shown)": is not a JSON Web Key Set'],
    ['no key among the keys', { jwks: '{"keys": [null]}' }, 'is not a JSON Web Key Set: a key is no object'],
    [
      'private keys',
      { jwks: '{"keys": [{"kty": "RSA", "d": "hunter2"}]}' },
      'jwks: got "(not shown)": contains a private or symmetric key',
    ],
    [
      'keys twice',
      { jwksUri: KEYS, jwks: JWKS },
      'jwks: got "(not shown)": is given together with a URL of keys. Give one of the two.',
    ],
  ])('%s', (_, options, expected) => {
    const message = messageOf(() => OidcConfig.inline({ issuer: ISSUER, ...options }));
    expect(message).toContain(`[OidcConfig.inline] ${expected.includes(': got') ? expected : ''}`);
    expect(message).toContain(expected);
    expect(message).not.toMatch(/hunter2|secret@/);
  });
});

describe('what is rendered needs', () => {
  it.each<[string, OidcConfig, string]>([
    [
      'an audience',
      OidcConfig.inline({ issuer: ISSUER, jwksUri: KEYS }),
      'oidcConfig.audiences: got nothing: is missing, so tokens for any service would pass.',
    ],
    [
      'keys',
      OidcConfig.inline({ issuer: ISSUER, audiences: ['ledger'] }),
      'Give the `jwks_uri` that the issuer names in its /.well-known/openid-configuration, or the keys themselves in jwks.',
    ],
    [
      'keys of the cluster',
      OidcConfig.kubernetes({ audiences: ['ledger'] }),
      'Give the keys of the cluster in jwks, as `kubectl get --raw /openid/v1/jwks` prints them, or the public URL that they are served at',
    ],
    [
      "an audience of the server's own",
      OidcConfig.kubernetes({ jwks: JWKS }),
      'that of the API server, which tokens have by default, would let every pod in.',
    ],
  ])('%s', (_, oidcConfig, expected) => {
    expect(messageOf(() => protect(oidcConfig))).toContain(expected);
  });

  it.each([
    'https://kubernetes.default.svc/openid/v1/jwks',
    'https://kubernetes/openid/v1/jwks',
    'https://kubernetes.default.svc.cluster.local:443/openid/v1/jwks',
  ])('keys that can be fetched, not %s', jwksUri => {
    expect(messageOf(() => synth(protect(OidcConfig.kubernetes({ audiences: ['ledger'], jwksUri }))))).toMatch(
      /oidcConfig: got "a token of https:\/\/kubernetes.default.svc in the header authorization": agentgateway cannot fetch keys from the API server: .*\. Give the keys themselves/,
    );
  });

  it('keys that agentgateway can read', () => {
    expect(
      messageOf(() =>
        synth(
          protect(
            OidcConfig.inline({
              issuer: ISSUER,
              audiences: ['ledger'],
              jwks: '{"keys": [{"kty": "RSA", "n": "x", "e": "AQAB"}]}',
            }),
          ),
        ),
      ),
    ).toContain('key 0 has no `kid`');
  });
});

describe('in controller mode', () => {
  it.each<[string, OidcConfig, object]>([
    [
      'inline',
      OidcConfig.inline({ issuer: ISSUER, audiences: ['ledger'], jwksUri: KEYS }),
      { inline: { issuer: ISSUER, audience: 'ledger', jwksURL: KEYS } },
    ],
    ['an issuer alone', OidcConfig.inline({ issuer: ISSUER }), { inline: { issuer: ISSUER } }],
    ['the cluster', OidcConfig.kubernetes(), { kubernetes: {} }],
    [
      'the issuer of the cluster',
      OidcConfig.kubernetes({ issuer: 'https://issuer' }),
      { kubernetes: { issuer: 'https://issuer' } },
    ],
  ])('the resource has it as upstream writes it: %s', (_, oidcConfig, expected) => {
    const objects = synth(protect(oidcConfig, controlled()));
    expect(objects.map(({ kind }) => kind)).toEqual(['MCPServer']);
    expect(objects[0].spec.oidcConfig).toEqual(expected);
    expect(validateObjects(objects)).toEqual([]);
  });

  it.each<[string, (chart: Chart) => OidcConfig]>([
    ['oidcConfig.jwks', () => OidcConfig.inline({ issuer: ISSUER, jwks: JWKS })],
    [
      'oidcConfig.audiences',
      () => OidcConfig.kubernetes({ audiences: ['ledger'] } satisfies OidcConfigKubernetesOptions),
    ],
    ['oidcConfig.jwksUri', () => OidcConfig.kubernetes({ jwksUri: KEYS })],
    ['oidcConfig.audiences', () => OidcConfig.inline({ issuer: ISSUER, audiences: ['a', 'b'] })],
    ['oidcConfig', chart => OidcConfig.fromConfigMap(new kplus.ConfigMap(chart, 'issuer'))],
  ])('%s has no field', (property, oidcConfig) => {
    const chart = controlled();
    const message = messageOf(() => protect(oidcConfig(chart), chart));
    expect(message).toContain(`[finance/ledger] ${property}: got `);
    expect(message).toContain('has no field in the MCPServer resource, so an operator would never see it');
  });
});
