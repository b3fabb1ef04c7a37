import { Gateway } from '../../../src/model/gateway';
import { AuthenticationMethod, LevelPolicy } from '../../../src/model/policy';
import { HeaderModifier } from '../../../src/model/route';
import { BackendCredential } from '../../../src/model/server';
import { compile } from '../../../src/passes/compile';
import { effectivePolicy } from '../../../src/passes/policy/merge';
import { callerTokenOf, credentialFindings } from '../../../src/passes/servers/credentials';
import { anyOf, apiKeyOf, BASIC, CERTIFICATE, jwtOf } from '../../backends/agentgateway/policy-fixtures';
import { backendOf, findingsInShort, gatewayOf, routeOf, serverOf, topologyOf } from '../../support/literals';

const secret = (key: string) => ({ secretName: 'crm', key });
const BEARER: BackendCredential = { kind: 'header', name: 'authorization', prefix: 'Bearer ', value: secret('token') };
const KEY: BackendCredential = { kind: 'header', name: 'x-api-key', prefix: '', value: secret('key') };
const PASSWORD: BackendCredential = { kind: 'basic', username: secret('username'), password: secret('password') };
const MTLS: BackendCredential = {
  kind: 'clientCertificate',
  certificate: secret('tls.crt'),
  privateKey: secret('tls.key'),
};
const CALLER: BackendCredential = { kind: 'callerToken' };
const SENT: BackendCredential = {
  kind: 'callerHeader',
  from: 'x-github-token',
  name: 'authorization',
  prefix: 'Bearer ',
};

const BEARER_KEY = apiKeyOf({ header: { name: 'authorization', prefix: 'Bearer ' } });

const levelOf = (...methods: readonly AuthenticationMethod[]): LevelPolicy => ({
  level: 'gateway',
  path: 'app/gw',
  rules: [],
  rateLimits: [],
  authentication: methods.map((method, i) => ({
    method,
    origin: { path: 'app/gw', property: `authentication[${i}]` },
  })),
});

interface Setting {
  readonly methods?: readonly AuthenticationMethod[];
  readonly requestHeaders?: HeaderModifier;
  readonly gateway?: Partial<Gateway>;
}

function findings(credentials: readonly BackendCredential[], options: Setting = {}): string[] {
  return findingsInShort(
    compile(
      topologyOf({
        servers: [serverOf('crm', { credentials, workloadNamespace: 'finance' })],
        gateways: [gatewayOf({ policy: levelOf(...(options.methods ?? [])), ...options.gateway })],
        routes: [routeOf({ backends: [backendOf('crm')], requestHeaders: options.requestHeaders })],
      }),
    ).diagnostics,
  );
}

/** What callers send over plain HTTP is another matter. */
const errors = (...given: Parameters<typeof findings>) =>
  findings(...given).filter(finding => finding.startsWith('error'));

describe('what callers send for a server', () => {
  it('goes with tokens for the gateway, which are in another header', () => {
    expect(errors([SENT], { methods: [jwtOf()] })).toEqual([]);
  });

  it('is in no header that the gateway reads, or that is for another credential', () => {
    const key = apiKeyOf({ header: { name: 'x-github-token', prefix: '' } });
    expect(errors([SENT], { methods: [key] })).toEqual([expect.stringContaining('MCPServer finance/crm')]);
    const other: BackendCredential = { ...KEY, name: 'x-github-token' } as BackendCredential;
    expect(credentialFindings('app/crm', 'credentials', [SENT, other], 'https').map(({ id }) => id)).toEqual([
      'caller-header-taken',
    ]);
    expect(credentialFindings('app/crm', 'credentials', [SENT, BEARER], 'https').map(({ id }) => id)).toEqual([
      'credential-twice',
    ]);
  });

  it('is nothing that a route changes', () => {
    const set = (name: string) => ({ set: [{ name, value: 'x' }], add: [], remove: [] });
    expect(errors([SENT], { requestHeaders: set('x-github-token') })).toHaveLength(1);
    expect(errors([SENT], { requestHeaders: set('authorization') })).toHaveLength(2);
    expect(errors([SENT], { requestHeaders: set('x-other') })).toEqual([]);
  });

  it('does not leave the cluster in the clear', () => {
    expect(credentialFindings('app/crm', 'credentials', [SENT], 'http').map(({ id }) => id)).toEqual([
      'credential-without-tls',
    ]);
  });
});

describe('the token of the caller', () => {
  const of = (...methods: readonly AuthenticationMethod[]) =>
    callerTokenOf(effectivePolicy([levelOf(...methods)]).policy);

  it('is known where every caller has shown one', () => {
    expect(of(jwtOf())).toBe('verified');
    expect(of(apiKeyOf(), jwtOf({ header: { name: 'x-token', prefix: '' } }))).toBe('verified');
    expect(of(anyOf(jwtOf(), jwtOf({ issuer: 'https://other.dev' })))).toBe('verified');
  });

  it('is whatever stands in the header where the gateway does not look', () => {
    expect([callerTokenOf(undefined), of(), of(CERTIFICATE), of(apiKeyOf())]).toEqual([
      'unseen',
      'unseen',
      'unseen',
      'unseen',
    ]);
  });

  it('may be missing where there are other ways to get through', () => {
    expect([
      of(BEARER_KEY),
      of(BASIC),
      of(anyOf(jwtOf(), apiKeyOf())),
      of(anyOf(jwtOf({ header: { name: 'x-token', prefix: '' } }), apiKeyOf())),
    ]).toEqual(['uncertain', 'uncertain', 'uncertain', 'uncertain']);
  });

  it('can be had for a server in the first two cases only', () => {
    expect(findings([CALLER], { methods: [jwtOf()] })).toEqual([]);
    expect(findings([CALLER])).toEqual([]);
    expect(errors([CALLER], { methods: [apiKeyOf()] })).toEqual([]);
    expect(errors([CALLER], { methods: [BEARER_KEY] })).toEqual([
      'error app/smart authentication: MCPServer finance/crm gets the token of the caller, and a caller may come without one',
    ]);
    expect(errors([BEARER], { methods: [BEARER_KEY] })).toEqual([]);
  });

  it('is the business of its owner at a gateway outside the app', () => {
    expect(errors([CALLER], { methods: [BEARER_KEY], gateway: { imported: true } })).toEqual([]);
  });
});

it('is not mixed up with header changes of the route', () => {
  const change = (rest: Partial<HeaderModifier>): HeaderModifier => ({ set: [], add: [], remove: [], ...rest });
  expect(
    findings([KEY, MTLS], {
      requestHeaders: change({ set: [{ name: 'x-tenant', value: 'a' }], remove: ['authorization'] }),
    }),
  ).toEqual([]);
  expect(findings([KEY], { requestHeaders: change({ set: [{ name: 'x-api-key', value: 'a' }] }) })).toEqual([
    'error app/smart requestHeaders.set[x-api-key]: is for credentials, and what is set here stands in the resource and in a ConfigMap',
    'error app/smart requestHeaders.set[x-api-key]: is the header of a credential that MCPServer finance/crm gets',
  ]);
  expect(
    findings([PASSWORD], { requestHeaders: change({ add: [{ name: 'authorization', value: 'a' }] }) }),
  ).toHaveLength(2);
  expect(findings([CALLER], { requestHeaders: change({ remove: ['authorization'] }) })).toHaveLength(1);
});

describe('credentials of one server', () => {
  const problems = (credentials: readonly BackendCredential[], connection: 'https' | 'http' | 'cluster' = 'https') =>
    credentialFindings('app/crm', 'credentials', credentials, connection).map(
      ({ property, value, problem }) => `${property} ${String(value)}: ${problem}`,
    );

  it('go together where each has a place of its own', () => {
    expect(problems([BEARER, KEY, MTLS])).toEqual([]);
    expect(problems([PASSWORD, KEY], 'cluster')).toEqual([]);
  });

  it('do not where two have one', () => {
    expect(problems([BEARER, KEY, PASSWORD, CALLER])).toEqual([
      'credentials[2] basic: is a second credential for the header authorization',
      'credentials[3] callerToken: is a second credential for the header authorization',
    ]);
    expect(problems([MTLS, MTLS])).toEqual([
      'credentials[1] clientCertificate: is a second credential for the connection',
    ]);
  });

  it('leave the cluster by TLS only, and certificates are for TLS', () => {
    expect(problems([KEY], 'http')).toEqual(['credentials[0] header x-api-key: would cross the network in the clear']);
    expect(problems([MTLS], 'cluster')).toEqual([
      'credentials[0] clientCertificate: is for TLS, and servers in the cluster are called without',
    ]);
  });
});
