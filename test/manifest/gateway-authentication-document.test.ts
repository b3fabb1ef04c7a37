import { Testing } from 'cdk8s';
import { chartOf, faults, gatewayOf, only, readInto } from './support';

const AT = '[f.yaml:4 (document 1, MCPGateway finance/gw)] spec.policy.authentication';
const TOKEN = 'token: {secretRef: {name: keys, key: ci}}';

function authenticationOf(fields: string) {
  const chart = chartOf();
  readInto(chart, gatewayOf(`policy: {authentication: ${fields}}`));
  return only(Testing.synth(chart), 'MCPGateway').spec;
}

test('keys in Secrets are what callers have to present', () => {
  expect(authenticationOf(`{methods: [{method: ApiKey, ${TOKEN}}]}`).authentication).toEqual({
    apiKey: { header: 'x-api-key', secretRefs: [{ name: 'keys', key: 'ci' }] },
  });
  expect(authenticationOf(`{default: {method: Bearer, ${TOKEN}}}`).authentication).toEqual({
    apiKey: { header: 'authorization', prefix: 'Bearer ', secretRefs: [{ name: 'keys', key: 'ci' }] },
  });
  expect(
    authenticationOf(
      `{methods: [{method: ApiKey, ${TOKEN}}, {method: ApiKey, token: {secretRef: {name: keys, key: other}}}]}`,
    ).authentication,
  ).toEqual({
    apiKey: {
      header: 'x-api-key',
      secretRefs: [
        { name: 'keys', key: 'ci' },
        { name: 'keys', key: 'other' },
      ],
    },
  });
});

test('of several methods any will do', () => {
  expect(
    authenticationOf(`{methods: [{method: ApiKey, ${TOKEN}}], default: {method: Bearer, ${TOKEN}}}`).authentication
      .anyOf,
  ).toHaveLength(2);
});

test("no method is nobody's", () => {
  expect(authenticationOf('{methods: [{method: None}]}')).not.toHaveProperty('authentication');
  expect(authenticationOf(`{enabled: false, methods: [{method: ApiKey, ${TOKEN}}]}`).policy).toEqual({
    authentication: {
      enabled: false,
      methods: [{ method: 'ApiKey', token: { secretRef: { name: 'keys', key: 'ci' } } }],
    },
  });
});

test.each<[string, string, string[]]>([
  ['nothing', '{enabled: true}', [`${AT}: got {"enabled":true}: names no method. Write a method, or enabled: false.`]],
  [
    'what clients hold',
    '{methods: [{method: Basic, basic: {username: a, password: {value: b}}}, {method: OAuth2}, {method: JWT, timeout: 3s}]}',
    [
      `${AT}.methods[0].basic: got ["password","username"]: is the user name and password of one client: gateways check an htpasswd file. Write authentication.basic.htpasswdRef.`,
      `${AT}.methods[1].method: got "OAuth2": is how a client gets a token: gateways verify it. Write authentication.oidc with issuer, audiences and jwksURI.`,
      `${AT}.methods[2].timeout: got "3s": is not supported: the gateway verifies credentials by itself, and waits for nobody. Remove it.`,
      `${AT}.methods[2].method: got "JWT": holds the key that signs tokens, in no form that is said: gateways verify with the public keys of the issuer. Write authentication.jwt with issuer, audiences and jwksURI.`,
    ],
  ],
  [
    'a secret in the resource',
    '{default: {method: ApiKey, token: {value: hunter2}}}',
    [
      `${AT}.default.token.value: got "(not shown)": would put a secret into the resource, where everyone may read it who may read gateways. Write token.secretRef.`,
    ],
  ],
  [
    'no Secret',
    '{methods: [{method: Bearer}, {method: ApiKey, token: {secretRef: {name: x, key: z, optional: true}, headerName: x-key}}]}',
    [
      `${AT}.methods[0].token.secretRef: got nothing: names no Secret. Write the name and key of a Secret in the namespace of the gateway's pods.`,
      `${AT}.methods[1].token.secretRef.optional: got true: is true, but nobody could authenticate without the Secret. Remove it.`,
    ],
  ],
  [
    'a bearer token elsewhere',
    '{methods: [{method: Bearer, token: {headerName: x-token, secretRef: {name: keys, key: ci}}}]}',
    [
      `${AT}.methods[0].token.headerName: got "x-token": is not where bearer tokens stand. Write Authorization, or method: ApiKey.`,
    ],
  ],
  [
    'a choice that is none',
    `{methods: [{method: None}, {method: ApiKey, ${TOKEN}}]}`,
    [
      `${AT}.methods[0].method: got "None": lets everyone pass, whatever the other methods ask for. Remove it, or the others.`,
    ],
  ],
])('%s', (_, fields, expected) => {
  expect(faults(gatewayOf(`policy: {authentication: ${fields}}`)).sort()).toEqual([...expected].sort());
});
