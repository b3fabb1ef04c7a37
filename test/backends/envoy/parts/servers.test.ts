import { Part } from '../../../../src/backends/envoy/part';
import { resilience } from '../../../../src/backends/envoy/parts/resilience';
import { serverCredentials } from '../../../../src/backends/envoy/parts/server-credentials';
import { servers } from '../../../../src/backends/envoy/parts/servers';
import { sessions } from '../../../../src/backends/envoy/parts/sessions';
import { tunnels } from '../../../../src/backends/envoy/parts/tunnels';
import { BackendCredential, Endpoint, Server } from '../../../../src/model/server';
import { groupOf, planOf, serverOf } from '../../../support/literals';
import { envoyPlanOf, routeOf } from '../plans';

const PARTS: readonly Part[] = [servers, sessions, resilience, tunnels, serverCredentials];
const at = (name: string, endpoint: Partial<Endpoint>, options: Partial<Server> = {}) =>
  serverOf(name, { endpoints: [{ host: `${name}.finance.svc`, port: 8080, path: '/mcp', ...endpoint }], ...options });
const found = (
  members: Parameters<typeof groupOf>[1],
  ...rest: [Parameters<typeof planOf>[1]?, Parameters<typeof planOf>[2]?]
) => PARTS.flatMap(part => part.check!(envoyPlanOf([groupOf('default', members)], ...rest)));
const limits = (...input: Parameters<typeof found>) =>
  found(...input).map(({ path, property, problem }) => [path, property, problem]);
const limit = (path: string, property: string, name: string) => [
  path,
  property,
  PARTS.flatMap(part => part.limits?.[name] ?? [])[0].reason,
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

it('asks servers at their own path, and passes the query on', () => {
  const group = groupOf('default', [at('ledger', { path: '/a\\1' })]);
  const { pattern, substitution } = routeOf(servers, envoyPlanOf([group])).action!.regex_rewrite;
  expect('/routes/finance/smart?x=1'.replace(new RegExp(pattern.regex), '')).toBe('?x=1');
  expect(substitution).toBe('/a\\\\1');
});
