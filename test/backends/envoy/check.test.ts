import { envoyPlanOf, planOfEntries } from './plans';
import { check } from '../../../src/backends/envoy';
import { DETAILS } from '../../../src/backends/envoy/parts';
import { Gateway } from '../../../src/model/gateway';
import { AuthenticationMethod, SingleMethod } from '../../../src/model/policy';
import { BackendCredential, Endpoint, Server } from '../../../src/model/server';
import { entryOf, groupOf, planOf, serverOf } from '../../support/literals';
import { anyOf, apiKeyOf, BASIC, CERTIFICATE, jwksOf, policyOf, verifiableJwt } from '../agentgateway/policy-fixtures';

/* What several parts look at alike: all of them are asked, and one finds something. */

const at = (name: string, endpoint: Partial<Endpoint>, options: Partial<Server> = {}) =>
  serverOf(name, { endpoints: [{ host: `${name}.finance.svc`, port: 8080, path: '/mcp', ...endpoint }], ...options });
const found = (
  members: Parameters<typeof groupOf>[1],
  ...rest: [Parameters<typeof planOf>[1]?, Parameters<typeof planOf>[2]?]
) => check(envoyPlanOf([groupOf('default', members)], ...rest));
const limits = (...input: Parameters<typeof found>) =>
  found(...input).map(({ path, property, problem }) => [path, property, problem]);
const limit = (path: string, property: string, name: string) => [
  path,
  property,
  DETAILS.find(detail => detail.name === name)!.reason,
];
const KEY: BackendCredential = {
  kind: 'header',
  name: 'x-api-key',
  prefix: '',
  value: { secretName: 'crm', key: 'key' },
};

it('takes what Envoy can do', () => {
  expect(
    found(
      [
        [serverOf('stable'), 90],
        [serverOf('canary'), 10],
      ],
      { timeouts: { request: '5s' } },
      {
        circuitBreaker: {
          consecutiveFailures: 5,
          ejection: '30s',
          errorRate: 50,
          minimumRequests: 10,
          requestTimeout: '5s',
        },
        healthCheck: { interval: '30s', timeout: '5s', healthyThreshold: 2, unhealthyThreshold: 3 },
      },
    ),
  ).toEqual([]);
  expect(found([serverOf('stable')], { retry: { attempts: 3, codes: [503] } })).toEqual([]);
  expect(found([at('crm', { tls: { insecureSkipVerify: false } }), at('erp', {})])).toEqual([]);
});

describe('servers that share requests', () => {
  it('answer at one path', () => {
    expect(limits([serverOf('a'), at('b', { path: '/other' })])).toEqual([
      limit('app/smart', 'backends', 'weights.path'),
    ]);
  });

  it('have one address each', () => {
    expect(limits([serverOf('a'), at('b', { host: 'a.finance.svc' })])).toEqual([
      limit('app/smart', 'backends', 'weights.address'),
    ]);
  });

  it('get the same credentials, and the same of callers', () => {
    const refused = [limit('app/smart', 'backends', 'weights.credentials')];
    expect(limits([serverOf('a'), serverOf('b', { credentials: [KEY] })])).toEqual(refused);
    expect(limits([serverOf('a'), serverOf('b', { workloadNamespace: undefined })])).toEqual(refused);
    expect(limits([serverOf('a', { credentials: [KEY] }), serverOf('b', { credentials: [KEY] })])).toEqual([]);
  });

  it('keep no sessions where requests are repeated', () => {
    const retry = { attempts: 3, codes: [503] };
    expect(limits([serverOf('a'), serverOf('b')], { retry })).toEqual([limit('app/smart', 'retry', 'retry.sessions')]);
    expect(
      limits([serverOf('a', { sessions: 'stateless' }), serverOf('b', { sessions: 'stateless' })], { retry }),
    ).toEqual([]);
  });
});

it('has no way to servers of plain HTTP behind a proxy', () => {
  const tls = { insecureSkipVerify: false };
  expect(limits([at('a', { proxy: 'proxy:3128' })])).toEqual([limit('app/smart', 'backends', 'egressProxy.http')]);
  expect(limits([at('a', { proxy: 'proxy:3128', tls })])).toEqual([]);
  expect(limits([at('a', { proxy: 'proxy:3128', tls }), at('b', { tls })])).toEqual([
    limit('app/smart', 'backends', 'weights.proxy'),
  ]);
});

it('refuses by name what of a circuit breaker it cannot do', () => {
  const breaker = (options: object) =>
    limits([serverOf('a')], {}, { circuitBreaker: { consecutiveFailures: 5, ejection: '30s', ...options } });
  expect(breaker({ trialRequests: 1, trialSuccesses: 2 })).toEqual([
    limit('app/gw', 'circuitBreaker.maxRequestsHalfOpen', 'circuitBreaker.trial'),
    limit('app/gw', 'circuitBreaker.successThreshold', 'circuitBreaker.trial'),
  ]);
  const rate = limit('app/gw', 'circuitBreaker.errorRateThreshold', 'circuitBreaker.errorRate');
  expect([breaker({ errorRate: 0 }), breaker({ errorRate: 12.5 }), breaker({ errorRate: 100 })]).toEqual([
    [rate],
    [rate],
    [],
  ]);
});

it('cannot read Secrets of other namespaces', () => {
  const foreign: BackendCredential = { ...KEY, value: { secretName: 'crm', secretNamespace: 'finance', key: 'key' } };
  expect(found([serverOf('a', { credentials: [foreign] })])).toMatchObject([
    { path: 'app/a', property: 'credentials[0]', value: 'finance/crm' },
  ]);
  expect(
    found([
      serverOf('a', {
        credentials: [{ ...KEY, value: { secretName: 'crm', secretNamespace: 'mcp-system', key: 'key' } }],
      }),
    ]),
  ).toEqual([]);
});

it('refuses to share requests between servers that keep sessions and servers that do not', () => {
  expect(limits([serverOf('a'), serverOf('b', { sessions: 'stateless' })])).toEqual([
    limit('app/smart', 'backends', 'weights.sessions'),
  ]);
});

describe('methods', () => {
  const LEDGER = [groupOf('default', [serverOf('ledger')])];
  const tls = { certificate: { secretName: 'tls', key: 'tls.crt' }, privateKey: { secretName: 'tls', key: 'tls.key' } };
  const findings = (routes: readonly AuthenticationMethod[][], gateway: Partial<Gateway> = {}) =>
    check(
      planOfEntries(
        routes.map(authentication => entryOf(LEDGER, { policy: policyOf({ authentication }) })),
        gateway,
      ),
    ).map(({ path, property, problem }) => `${path} ${property}: ${problem}`);

  it('finds nothing in what Envoy can verify', () => {
    const jwt = verifiableJwt();
    const other = verifiableJwt({
      issuer: 'https://other.dev',
      keys: { kind: 'inline', jwks: jwksOf('k1') },
      header: { name: 'x-token', prefix: '' },
    });
    expect(
      findings([
        [jwt],
        [jwt, other],
        [apiKeyOf(), apiKeyOf({ header: { name: 'x-other', prefix: '' } })],
        [anyOf(jwt, apiKeyOf({ header: jwt.header }), BASIC)],
      ]),
    ).toEqual([]);
    expect(findings([[CERTIFICATE], [anyOf(CERTIFICATE, jwt)], []], { tls })).toEqual([]);
  });

  it.each<[string, SingleMethod]>([
    [
      'Envoy cannot verify tokens with these keys: it is not a JSON Web Key Set: it has no `keys`',
      verifiableJwt({ keys: { kind: 'inline', jwks: '{}' } }),
    ],
    [
      'Envoy cannot fetch keys from the API server: it presents no token there, and does not trust its certificate',
      verifiableJwt({ keys: { kind: 'url', url: 'https://kubernetes.default.svc/openid/v1/jwks' } }),
    ],
    [
      'Envoy cannot read a credential from this header: it sets the header itself, or refuses names with an underscore',
      apiKeyOf({ header: { name: 'x_api_key', prefix: '' } }),
    ],
    [
      'Envoy cannot read a credential from this header: it sets the header itself, or refuses names with an underscore',
      verifiableJwt({ header: { name: 'x-forwarded-for', prefix: '' } }),
    ],
    [
      'the pods of the gateway cannot read a Secret of another namespace than their own',
      { kind: 'basic', htpasswd: { secretName: 'passwords', secretNamespace: 'finance', key: 'htpasswd' } },
    ],
    [
      'the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP',
      CERTIFICATE,
    ],
  ])('refuses: %s', (problem, method) => {
    const refused = [`app/smart authentication[0]: ${problem}`];
    expect(findings([[method]])).toEqual(refused);
    expect(findings([[anyOf(method, verifiableJwt())]])).toEqual(refused);
  });

  it('refuses client certificates of different authorities, and without TLS even while nothing is served', () => {
    const other: AuthenticationMethod = {
      kind: 'clientCertificate',
      ca: { kind: 'secret', ref: { secretName: 'others', key: 'ca.crt' } },
    };
    const problem =
      'Envoy cannot ask for client certificates of different authorities: a connection opens before a route is asked for';
    expect(findings([[CERTIFICATE], [other]], { tls })).toEqual([`app/smart authentication[0]: ${problem}`]);
    expect(
      findings([], { policy: policyOf({ level: 'gateway', authentication: [CERTIFICATE] }).levels[0] }),
    ).toHaveLength(1);
  });

  it('refuses a certificate of the gateway that its pods cannot read', () => {
    expect(findings([], { tls: { ...tls, certificate: { ...tls.certificate, secretNamespace: 'finance' } } })).toEqual([
      'app/gw tls: the pods of the gateway cannot read a Secret of another namespace than their own',
    ]);
  });
});
