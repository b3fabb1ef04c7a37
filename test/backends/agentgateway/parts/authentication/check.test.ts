import { agentgateway } from '../../../../../src/backends/agentgateway';
import { Gateway } from '../../../../../src/model/gateway';
import { BackendGroup, Entry } from '../../../../../src/model/plan';
import { AuthenticationMethod } from '../../../../../src/model/policy';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../../../support/literals';
import {
  allow,
  anyOf,
  apiKeyOf,
  BASIC,
  CERTIFICATE,
  jwksOf,
  LevelOptions,
  policyOf,
  user,
  verifiableJwt,
} from '../../policy-fixtures';

const groups = [groupOf('default', [serverOf('ledger')])];
const findings = (entries: readonly Partial<Entry>[], gateway: Partial<Gateway> = {}) =>
  agentgateway
    .check({ gateway: gatewayOf(gateway), entries: entries.map(entry => entryOf(groups, entry)) })
    .map(({ path, property, problem }) => `${path} ${property}: ${problem}`);
const ofLevels = (...levels: LevelOptions[]) => findings([{ policy: policyOf(...levels) }]);
const gatewayAnd = (outer: AuthenticationMethod, inner: AuthenticationMethod) =>
  ofLevels({ level: 'gateway', authentication: [outer] }, { authentication: [inner] });

const jwt = verifiableJwt();
const other = verifiableJwt({ issuer: 'https://other.dev', keys: { kind: 'inline', jwks: jwksOf('k2') } });
const elsewhere = { name: 'x-token', prefix: '' };
const tls = { certificate: { secretName: 'tls', key: 'tls.crt' }, privateKey: { secretName: 'tls', key: 'tls.key' } };

it('finds nothing in what agentgateway can enforce', () => {
  expect(gatewayAnd(jwt, apiKeyOf())).toEqual([]);
  expect(gatewayAnd(jwt, verifiableJwt({ audiences: ['ledger'], resource: { scopes: [] } }))).toEqual([]);
  expect(ofLevels({ authentication: [anyOf(jwt, other, apiKeyOf({ header: jwt.header }), BASIC)] })).toEqual([]);
  expect(gatewayAnd(jwt, anyOf(jwt, apiKeyOf()))).toEqual([]);
  expect(findings([{ policy: policyOf({ level: 'gateway', authentication: [CERTIFICATE] }) }], { tls })).toEqual([]);
});

it('refuses two credentials of one kind on one route', () => {
  expect(gatewayAnd(jwt, { ...other, header: elsewhere })).toEqual([
    'app/smart authentication[0]: agentgateway cannot read the tokens of one route from different headers',
  ]);
  expect(gatewayAnd(jwt, anyOf(other, apiKeyOf()))).toEqual([
    'app/smart authentication[0]: agentgateway cannot verify two tokens on one route',
  ]);
  expect(gatewayAnd(apiKeyOf(), apiKeyOf({ header: elsewhere }))).toEqual([
    'app/smart authentication[0]: agentgateway cannot verify two API keys on one route',
  ]);
  expect(gatewayAnd(anyOf(jwt, apiKeyOf()), anyOf(jwt, apiKeyOf({ keys: apiKeyOf().keys.slice(1) })))).toEqual([
    'app/smart authentication[0]: agentgateway cannot verify two API keys on one route',
  ]);
  expect(
    gatewayAnd(BASIC, anyOf(apiKeyOf(), { kind: 'basic', htpasswd: { secretName: 'other', key: 'htpasswd' } })),
  ).toEqual(['app/smart authentication[0]: agentgateway cannot check passwords against two files on one route']);
});

it("refuses credentials that get in each other's way", () => {
  expect(gatewayAnd(jwt, anyOf(BASIC, apiKeyOf()))).toEqual([
    'app/smart authentication[0]: agentgateway cannot read this and another credential of the policy from one header',
  ]);
  expect(
    ofLevels({ authentication: [anyOf(BASIC, apiKeyOf({ header: { name: 'authorization', prefix: 'basic ' } }))] }),
  ).toEqual([
    'app/smart authentication[0]: agentgateway cannot read this and another credential of the policy from one header',
  ]);
});

it('leaves it to the merge to report what no request could pass', () => {
  expect(gatewayAnd(jwt, other)).toEqual([]);
});

it('refuses what cannot be one choice of several', () => {
  expect(ofLevels({ authentication: [anyOf(CERTIFICATE, jwt)] })).toEqual([
    'app/smart authentication[0]: agentgateway cannot take a client certificate as one choice of several: it refuses connections without one',
  ]);
  expect(ofLevels({ authentication: [anyOf(verifiableJwt({ resource: { scopes: [] } }), apiKeyOf())] })).toEqual([
    'app/smart authentication[0]: agentgateway cannot tell callers where to get a token while it also takes other credentials',
  ]);
});

it('refuses keys that it would not start with, and ids that hide a key', () => {
  expect(ofLevels({ authentication: [verifiableJwt({ keys: { kind: 'inline', jwks: '{}' } })] })).toEqual([
    'app/smart authentication[0]: agentgateway cannot verify tokens with these keys: it is no JSON Web Key Set (an object with a list `keys`)',
  ]);
  expect(
    ofLevels({ authentication: [anyOf(jwt, { ...other, keys: { kind: 'inline', jwks: `${jwksOf('k1')} ` } })] }),
  ).toEqual([
    'app/smart authentication[0]: agentgateway cannot tell these issuers apart: it finds a key by its `kid` alone, and another issuer has a key of the same',
  ]);
});

it('refuses client certificates without TLS, and on some routes only', () => {
  const certificate = policyOf({ level: 'gateway', authentication: [CERTIFICATE] });
  expect(
    findings([{ policy: certificate }, { policy: certificate, id: 'finance/b', path: '/routes/finance/b' }]),
  ).toEqual([
    'app/gw authentication[0]: the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP',
  ]);
  expect(
    findings(
      [{ policy: policyOf({ authentication: [CERTIFICATE] }) }, { id: 'finance/b', path: '/routes/finance/b' }],
      { tls },
    ),
  ).toEqual([
    'app/smart authentication[0]: agentgateway cannot ask for client certificates on some routes only, nor for different ones: a connection opens before a route is asked for',
  ]);
});

it('refuses Secrets that its pods cannot read', () => {
  const remote = { secretName: 'passwords', secretNamespace: 'finance', key: 'htpasswd' };
  expect(ofLevels({ authentication: [{ kind: 'basic', htpasswd: remote }] })).toEqual([
    'app/smart authentication[0]: the pods of the gateway cannot read a Secret of another namespace than their own',
  ]);
  expect(
    ofLevels({ authentication: [{ kind: 'basic', htpasswd: { ...remote, secretNamespace: 'mcp-system' } }] }),
  ).toEqual([]);
  expect(findings([], { tls: { ...tls, certificate: remote } })).toEqual([
    'app/gw tls: the pods of the gateway cannot read a Secret of another namespace than their own',
  ]);
});

it('refuses a protected resource whose path agentgateway takes for its own', () => {
  expect(
    findings([
      {
        path: '/routes/finance/client-registration',
        policy: policyOf({ authentication: [verifiableJwt({ resource: { scopes: [] } })] }),
      },
    ]),
  ).toHaveLength(1);
});

it('refuses to ask about headers that credentials came in', () => {
  const rule = {
    ...allow([user('alice')], ['*']),
    conditions: [{ kind: 'header' as const, name: 'authorization', operator: 'Matches' as const, values: ['.*'] }],
  };
  expect(ofLevels({ authentication: [jwt], rules: [rule] })).toEqual([
    'app/smart allow: agentgateway cannot ask about the header of a credential: it takes the credential out of the request when it has verified it',
  ]);
  const when = { headers: [{ name: 'x-api-key', kind: 'Exact' as const, value: 'a' }] };
  const matched: BackendGroup[] = [
    groupOf('match-0', [serverOf('ledger')], { when }),
    groupOf('default', [serverOf('b')], { unless: [when] }),
  ];
  expect(
    agentgateway
      .check({
        gateway: gatewayOf(),
        entries: [entryOf(matched, { policy: policyOf({ authentication: [apiKeyOf()] }) })],
      })
      .map(({ property }) => property),
  ).toEqual(['matches[0].headers[0].name']);
});
