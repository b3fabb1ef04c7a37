import { Member } from '../../../src/backends/agentgateway/config/members';
import { reach } from '../../../src/backends/agentgateway/hops';
import { Entry } from '../../../src/model/plan';
import { entryOf, serverOf } from '../../support/literals';

function memberOf(options: Parameters<typeof serverOf>[1] = {}): Member {
  const server = serverOf('ledger', options);
  return { label: 'ledger', server, endpoint: server.endpoints[0], weight: 1 };
}

/** The way to a server: where its target points, then each route with what it does and where it leads. */
function way(entry: Partial<Entry>, member = memberOf()) {
  const { target, routes } = reach(entryOf([], entry), member);
  return [
    target.mcp?.path ?? target.sse?.path,
    ...routes.map(({ matches: [{ path, method }], policies, backends: [{ host }] }) => ({
      from: `${method ?? 'any'} ${path.exact}`,
      to: `${host}${policies!.urlRewrite!.path.full}`,
      does: Object.keys(policies!).filter(policy => policy !== 'urlRewrite'),
    })),
  ];
}

it('is direct where nothing asks for more', () => {
  expect(way({})).toEqual(['/mcp']);
  expect(way({ retry: { attempts: 1, codes: [503] } })).toEqual(['/mcp']);
});

it('retries on a hop, one repetition less than attempts', () => {
  expect(way({ retry: { attempts: 3, codes: [503] } })).toEqual([
    '/finance/smart/_retry/ledger',
    { from: 'any /finance/smart/_retry/ledger', to: 'ledger.finance.svc:8080/mcp', does: ['retry'] },
  ]);
  expect(
    reach(entryOf([], { retry: { attempts: 3, backoff: '100ms', codes: [502, 503] } }), memberOf()).routes[0].policies!
      .retry,
  ).toEqual({ attempts: 2, backoff: '100ms', codes: [502, 503] });
});

it('holds answers to requests back until they are complete, and never the event stream of a session', () => {
  expect(way({ timeouts: { request: '30s' } })).toEqual([
    '/finance/smart/_hold/ledger',
    { from: 'POST /finance/smart/_hold/ledger', to: 'ledger.finance.svc:8080/mcp', does: ['buffer'] },
    { from: 'any /finance/smart/_hold/ledger', to: 'ledger.finance.svc:8080/mcp', does: [] },
  ]);
});

it('limits each attempt where it retries', () => {
  expect(way({ timeouts: { backendRequest: '5s' }, retry: { attempts: 2, codes: [] } })).toEqual([
    '/finance/smart/_retry/ledger',
    {
      from: 'any /finance/smart/_retry/ledger',
      to: '127.0.0.1:15100/finance/smart/_hold/ledger',
      does: ['timeout', 'retry'],
    },
    { from: 'POST /finance/smart/_hold/ledger', to: 'ledger.finance.svc:8080/mcp', does: ['buffer'] },
    { from: 'any /finance/smart/_hold/ledger', to: 'ledger.finance.svc:8080/mcp', does: [] },
  ]);
});

it('speaks TLS on the last hop alone, and changes headers once', () => {
  const member = memberOf({
    endpoints: [{ host: 'mcp.crm.example.com', port: 443, path: '/mcp', tls: { insecureSkipVerify: false } }],
  });
  const requestHeaders = { set: [], add: [{ name: 'x-a', value: '1' }], remove: [] };
  const { target, routes } = reach(
    entryOf([], { timeouts: { request: '1s' }, retry: { attempts: 2, codes: [] }, requestHeaders }),
    member,
  );
  expect(target.policies!.requestHeaderModifier).toEqual({ add: { 'x-a': '1' } });
  expect(routes.map(({ backends: [{ policies }] }) => policies?.backendTLS?.hostname)).toEqual([
    undefined,
    'mcp.crm.example.com',
    'mcp.crm.example.com',
  ]);
  expect(routes.some(({ policies }) => policies?.requestHeaderModifier !== undefined)).toBe(false);
});

it('goes to SSE servers directly: their answers come on a stream of their own', () => {
  expect(
    way(
      { timeouts: { request: '30s' } },
      memberOf({ protocol: 'sse', endpoints: [{ host: 'old', port: 80, path: '/sse' }] }),
    ),
  ).toEqual(['/sse']);
});
