import { stringify } from 'yaml';
import { jwtOf, policyOf } from './policy-fixtures';
import { EnvTemplate, escapeDollars } from '../../../src/backends/agentgateway/config/escape';
import { compileEntry } from '../../../src/backends/agentgateway/entry';
import { BackendGroup, Entry } from '../../../src/model/plan';
import { MatchConditions } from '../../../src/model/route';
import { Server } from '../../../src/model/server';
import { resolvedEntry } from '../../support/agentgateway-config';
import { entryOf, gatewayOf, groupOf, replicasOf, serverOf } from '../../support/literals';

/** The routes of an entry as YAML, without what is not set. */
function routes(groups: readonly BackendGroup[], options: Partial<Entry> = {}): string {
  const { outer, inner, routeGroups, backends } = compileEntry(entryOf(groups, options), gatewayOf());
  const written = JSON.stringify({ outer, inner: some(inner), routeGroups: some(routeGroups), backends }, (_, value) =>
    value instanceof EnvTemplate ? escapeDollars(value) : value,
  );
  return stringify(JSON.parse(written), { lineWidth: 0 });
}

const some = <T>(items: readonly T[]) => (items.length === 0 ? undefined : items);

const ledger = serverOf('ledger');
const canary = serverOf('canary');
const calc = serverOf('calc', { sessions: 'stateless' });
const k8sTools: MatchConditions = { tools: [{ kind: 'prefix', value: 'k8s_' }], headers: [] };

it('serves one server by one route', () => {
  expect(routes([groupOf('default', [ledger])])).toMatchInlineSnapshot(`
   "outer:
     - name: finance.smart
       matches:
         - path:
             exact: /routes/finance/smart
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
       backends:
         - backend: /finance.smart/ledger-89ebcf26
   backends:
     - name: finance.smart/ledger-89ebcf26
       mcp:
         targets:
           - name: ledger
             mcp:
               host: ledger.finance.svc
               port: 8080
               path: /mcp
   "
  `);
});

it('restricts the tools of a server on its backend', () => {
  expect(routes([groupOf('default', [{ ...ledger, toolsFilter: [{ kind: 'exact', value: 'db_query' }] }])]))
    .toMatchInlineSnapshot(`
   "outer:
     - name: finance.smart
       matches:
         - path:
             exact: /routes/finance/smart
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
       backends:
         - backend: /finance.smart/ledger-89ebcf26
           policies:
             mcpAuthorization:
               rules:
                 - require: (!(has(mcp.tool))) || (mcp.tool.name == "db_query")
   backends:
     - name: finance.smart/ledger-89ebcf26
       mcp:
         targets:
           - name: ledger
             mcp:
               host: ledger.finance.svc
               port: 8080
               path: /mcp
   "
  `);
});

const CALCS: readonly (readonly [Server, number])[] = [
  [calc, 90],
  [serverOf('calc2', { sessions: 'stateless' }), 10],
];

it('gives each caller one of several stateless servers', () => {
  const { needsBucket, routeGroups } = compileEntry(entryOf([groupOf('default', CALCS)]), gatewayOf());
  expect(needsBucket).toBe(true);
  expect(routeGroups[0].routes.map(({ name, backends }) => [name, backends.length])).toEqual([
    ['finance.smart/calc', 1],
    ['finance.smart/calc2', 1],
  ]);
});

it('splits stateless servers per request where nothing is to keep a caller', () => {
  expect(routes([groupOf('default', CALCS, { affinity: 'none' })])).toMatchInlineSnapshot(`
   "outer:
     - name: finance.smart
       matches:
         - path:
             exact: /routes/finance/smart
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
       backends:
         - weight: 90
           backend: /finance.smart/calc-850a7e77
         - weight: 10
           backend: /finance.smart/calc2-f20e3a39
   backends:
     - name: finance.smart/calc-850a7e77
       mcp:
         targets:
           - name: calc
             mcp:
               host: calc.finance.svc
               port: 8080
               path: /mcp
         statefulMode: stateless
     - name: finance.smart/calc2-f20e3a39
       mcp:
         targets:
           - name: calc2
             mcp:
               host: calc2.finance.svc
               port: 8080
               path: /mcp
         statefulMode: stateless
   "
  `);
});

it('splits session-keeping servers per caller', () => {
  expect(
    routes([
      groupOf('default', [
        [ledger, 90],
        [canary, 10],
      ]),
    ]),
  ).toMatchInlineSnapshot(`
   "outer:
     - name: finance.smart
       matches:
         - path:
             exact: /routes/finance/smart
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
       backends:
         - routeGroup: finance.smart-3ff9d70c
   routeGroups:
     - name: finance.smart-3ff9d70c
       routes:
         - name: finance.smart/ledger
           matches:
             - path:
                 exact: /routes/finance/smart
               headers:
                 - name: x-mcp-bucket
                   value:
                     regex: ^(?:[0-9a-d][0-9a-f]{3}|e[0-5][0-9a-f]{2}|e6[0-5][0-9a-f]|e66[0-5])$
           backends:
             - backend: /finance.smart/ledger-89ebcf26
         - name: finance.smart/canary
           matches:
             - path:
                 exact: /routes/finance/smart
               headers:
                 - name: x-mcp-bucket
                   value:
                     regex: ^(?:e66[6-9a-f]|e6[7-9a-f][0-9a-f]|e[7-9a-f][0-9a-f]{2}|f[0-9a-f]{3})$
           backends:
             - backend: /finance.smart/canary-dcf1e25b
   backends:
     - name: finance.smart/ledger-89ebcf26
       mcp:
         targets:
           - name: ledger
             mcp:
               host: ledger.finance.svc
               port: 8080
               path: /mcp
     - name: finance.smart/canary-dcf1e25b
       mcp:
         targets:
           - name: canary
             mcp:
               host: canary.finance.svc
               port: 8080
               path: /mcp
   "
  `);
});

it('gives each replica its share of the callers', () => {
  const { outer } = resolvedEntry(
    entryOf([
      groupOf('default', [
        [serverOf('ledger', { endpoints: replicasOf('ledger', 3) }), 3],
        [canary, 1],
      ]),
    ]),
    gatewayOf(),
  );
  expect(outer.map(({ name, backends }) => [name, backends[0].mcp!.targets[0].name])).toEqual([
    ['finance.smart/ledger.0', 'ledger.0'],
    ['finance.smart/ledger.1', 'ledger.1'],
    ['finance.smart/ledger.2', 'ledger.2'],
    ['finance.smart/canary', 'canary'],
  ]);
});

it('composes groups over inner routes', () => {
  expect(
    routes(
      [groupOf('match-0', [serverOf('k8s')], { when: k8sTools }), groupOf('default', [ledger], { unless: [k8sTools] })],
      {
        requestHeaders: { set: [{ name: 'x-from', value: 'gateway' }], add: [], remove: ['cookie'] },
        responseHeaders: { set: [], add: [{ name: 'x-served-by', value: 'gw' }], remove: [] },
        timeouts: { request: '30s', backendRequest: '10s' },
        skipUnavailable: true,
      },
    ),
  ).toMatchInlineSnapshot(`
   "outer:
     - name: finance.smart
       matches:
         - path:
             exact: /routes/finance/smart
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
         responseHeaderModifier:
           add:
             x-served-by: gw
         timeout:
           requestTimeout: 30s
       backends:
         - backend: /finance.smart/composed-dbb727cc
   inner:
     - name: finance.smart/_hold/k8s
       matches:
         - path:
             exact: /finance/smart/_hold/k8s
           method: POST
       policies:
         urlRewrite:
           path:
             full: /mcp
         buffer:
           response:
             maxBytes: 2097152
             failureMode: failOpen
       backends:
         - host: k8s.finance.svc:8080
     - name: finance.smart/_hold/k8s/stream
       matches:
         - path:
             exact: /finance/smart/_hold/k8s
       policies:
         urlRewrite:
           path:
             full: /mcp
       backends:
         - host: k8s.finance.svc:8080
     - name: finance.smart/match-0
       matches:
         - path:
             exact: /finance/smart/match-0
       policies:
         timeout:
           backendRequestTimeout: 10s
       backends:
         - backend: /finance.smart/k8s-b63cdc0b
           policies:
             mcpAuthorization:
               rules:
                 - require: (has(mcp.tool)) && (mcp.tool.name.startsWith("k8s_"))
     - name: finance.smart/_hold/ledger
       matches:
         - path:
             exact: /finance/smart/_hold/ledger
           method: POST
       policies:
         urlRewrite:
           path:
             full: /mcp
         buffer:
           response:
             maxBytes: 2097152
             failureMode: failOpen
       backends:
         - host: ledger.finance.svc:8080
     - name: finance.smart/_hold/ledger/stream
       matches:
         - path:
             exact: /finance/smart/_hold/ledger
       policies:
         urlRewrite:
           path:
             full: /mcp
       backends:
         - host: ledger.finance.svc:8080
     - name: finance.smart/default
       matches:
         - path:
             exact: /finance/smart/default
       policies:
         timeout:
           backendRequestTimeout: 10s
       backends:
         - backend: /finance.smart/ledger-0a1d472a
           policies:
             mcpAuthorization:
               rules:
                 - require: '!((has(mcp.tool)) && (mcp.tool.name.startsWith("k8s_")))'
   backends:
     - name: finance.smart/k8s-b63cdc0b
       mcp:
         targets:
           - name: k8s
             mcp:
               host: 127.0.0.1
               port: 15100
               path: /finance/smart/_hold/k8s
             policies:
               requestHeaderModifier:
                 set:
                   x-from: gateway
                 remove:
                   - cookie
               transformations:
                 request:
                   set:
                     x-mcp-inner: sha256.encode("inner \${SESSION_KEY}")
     - name: finance.smart/ledger-0a1d472a
       mcp:
         targets:
           - name: ledger
             mcp:
               host: 127.0.0.1
               port: 15100
               path: /finance/smart/_hold/ledger
             policies:
               requestHeaderModifier:
                 set:
                   x-from: gateway
                 remove:
                   - cookie
               transformations:
                 request:
                   set:
                     x-mcp-inner: sha256.encode("inner \${SESSION_KEY}")
     - name: finance.smart/composed-dbb727cc
       mcp:
         targets:
           - name: match-0
             mcp:
               host: 127.0.0.1
               port: 15100
               path: /finance/smart/match-0
             policies:
               transformations:
                 request:
                   set:
                     x-mcp-inner: sha256.encode("inner \${SESSION_KEY}")
           - name: default
             mcp:
               host: 127.0.0.1
               port: 15100
               path: /finance/smart/default
             policies:
               transformations:
                 request:
                   set:
                     x-mcp-inner: sha256.encode("inner \${SESSION_KEY}")
         prefixMode: never
         failureMode: failOpen
   "
  `);
});

it('resolves the buckets of all groups on the outside', () => {
  const { outer, inner, needsBucket } = resolvedEntry(
    entryOf([
      groupOf(
        'match-0',
        [
          [serverOf('a'), 1],
          [serverOf('b'), 1],
        ],
        { when: k8sTools },
      ),
      groupOf(
        'default',
        [
          [ledger, 3],
          [canary, 1],
        ],
        { unless: [k8sTools] },
      ),
    ]),
    gatewayOf(),
  );
  expect(needsBucket).toBe(true);
  expect(outer.map(({ name, backends }) => [name, backends[0].mcp!.targets.map(({ mcp }) => mcp!.path)])).toEqual([
    ['finance.smart/a+ledger', ['/finance/smart/match-0/a', '/finance/smart/default/ledger']],
    ['finance.smart/b+ledger', ['/finance/smart/match-0/b', '/finance/smart/default/ledger']],
    ['finance.smart/b+canary', ['/finance/smart/match-0/b', '/finance/smart/default/canary']],
  ]);
  expect(inner.map(({ name }) => name)).toEqual([
    'finance.smart/match-0/a',
    'finance.smart/default/ledger',
    'finance.smart/match-0/b',
    'finance.smart/default/canary',
  ]);
});

it('routes methods by what the listener read from the body', () => {
  const calls: MatchConditions = { method: 'tools/call', headers: [] };
  const entry = entryOf([
    groupOf('match-0', [calc], { when: calls }),
    groupOf('default', [serverOf('lists', { sessions: 'stateless' })], { unless: [calls] }),
  ]);
  expect(compileEntry(entry, gatewayOf()).matchExpression).toBe(
    'default(json(request.body).method, "") == "tools/call" ? "match-0" : "default"',
  );
  expect(routes(entry.groups)).toMatchInlineSnapshot(`
   "outer:
     - name: finance.smart/match-0
       matches:
         - path:
             exact: /routes/finance/smart
           headers:
             - name: x-mcp-match
               value:
                 exact: match-0
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
       backends:
         - backend: /finance.smart/calc-850a7e77
     - name: finance.smart
       matches:
         - path:
             exact: /routes/finance/smart
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
       backends:
         - backend: /finance.smart/lists-bca14347
   backends:
     - name: finance.smart/calc-850a7e77
       mcp:
         targets:
           - name: calc
             mcp:
               host: calc.finance.svc
               port: 8080
               path: /mcp
         statefulMode: stateless
     - name: finance.smart/lists-bca14347
       mcp:
         targets:
           - name: lists
             mcp:
               host: lists.finance.svc
               port: 8080
               path: /mcp
         statefulMode: stateless
   "
  `);
});

it('speaks TLS and SSE', () => {
  expect(
    routes([
      groupOf('default', [
        serverOf('crm', {
          protocol: 'sse',
          endpoints: [
            {
              host: '10.0.0.1',
              port: 8443,
              path: '/sse',
              tls: { caBundle: 'PEM', serverName: 'crm.internal', insecureSkipVerify: true },
            },
          ],
        }),
      ]),
    ]),
  ).toMatchInlineSnapshot(`
   "outer:
     - name: finance.smart
       matches:
         - path:
             exact: /routes/finance/smart
       policies:
         authorization:
           rules:
             - require: '!("origin" in request.headers)'
         requestHeaderModifier:
           remove:
             - origin
       backends:
         - backend: /finance.smart/crm-f79c36ff
   backends:
     - name: finance.smart/crm-f79c36ff
       mcp:
         targets:
           - name: crm
             sse:
               host: 10.0.0.1
               port: 8443
               path: /sse
             policies:
               backendTLS:
                 hostname: crm.internal
                 root: /etc/agentgateway/ca-384fb9a44fabe158.pem
                 insecure: true
   "
  `);
});

it('tells servers of one name apart', () => {
  const shared = serverOf('ledger', { kind: 'ClusterMCPServer', namespace: undefined });
  const { outer } = resolvedEntry(entryOf([groupOf('default', [ledger, shared])]), gatewayOf());
  expect(outer.map(({ backends }) => backends[0].mcp!.targets[0].name)).toEqual(['ledger.finance', 'ledger.cluster']);
});

describe('the name of a backend, by which sessions are found', () => {
  const namesOf = (groups: readonly BackendGroup[], options: Partial<Entry> = {}) =>
    compileEntry(entryOf(groups, options), gatewayOf()).backends.map(({ name }) => name);
  const share = (...shares: readonly [Server, number][]) => namesOf([groupOf('default', shares)]);
  const address: Server['endpoints'][number] = { host: 'ledger.finance.svc', port: 8080, path: '/mcp' };
  const at = (endpoint: Partial<typeof address>) => serverOf('ledger', { endpoints: [{ ...address, ...endpoint }] });

  it('stays where its share changes, or others come and go', () => {
    const [lone] = share([ledger, 1]);
    expect(share([ledger, 90], [canary, 10])[0]).toBe(lone);
    expect(share([ledger, 49], [canary, 51])).toEqual(share([ledger, 90], [canary, 10]));
    expect(share([canary, 51], [ledger, 49])[1]).toBe(lone);
    const when = { method: 'tools/list', headers: [] };
    expect(namesOf([groupOf('default', [ledger], { unless: [when] })])).toEqual([lone]);
  });

  it.each([
    ['another address', at({ host: 'other.finance.svc' })],
    ['TLS', at({ tls: { insecureSkipVerify: false } })],
    ['another authority', at({ tls: { insecureSkipVerify: false, caBundle: 'PEM' } })],
    [
      'a credential',
      serverOf('ledger', {
        credentials: [{ kind: 'header', name: 'x-key', prefix: '', value: { secretName: 'a', key: 'k' } }],
      }),
    ],
  ])('is another one for %s, also over hops', (_, changed) => {
    expect(share([changed, 1])).not.toEqual(share([ledger, 1]));
    const hops = { timeouts: { request: '30s' } };
    expect(namesOf([groupOf('default', [changed])], hops)).not.toEqual(namesOf([groupOf('default', [ledger])], hops));
  });

  it('is another one for a virtual server of which a part goes, comes or moves', () => {
    const when = k8sTools;
    const composed = (...[first, rest]: readonly Server[]) =>
      namesOf([groupOf('match-0', [first], { when }), groupOf('default', [rest], { unless: [when] })]).find(name =>
        name.includes('/composed-'),
      );
    const virtual = composed(serverOf('k8s'), ledger);
    expect(composed(serverOf('k8s'), at({ port: 9090 }))).not.toBe(virtual);
    expect(composed(serverOf('k8s'), canary)).not.toBe(virtual);
    expect(composed(serverOf('k8s'), ledger)).toBe(virtual);
    // A stateless server keeps no part of the session.
    expect(composed(serverOf('k8s', { sessions: 'stateless' }), ledger)).toBe(
      composed(serverOf('other', { sessions: 'stateless' }), ledger),
    );
  });
});

it('says a policy once, however many replicas share the callers', () => {
  const compiled = compileEntry(
    entryOf([groupOf('default', [serverOf('ledger', { endpoints: replicasOf('ledger', 20) })])], {
      policy: policyOf({ authentication: [jwtOf({ keys: { kind: 'inline', jwks: 'JWKS' } })] }),
    }),
    gatewayOf(),
  );
  expect(JSON.stringify(compiled).match(/JWKS/g)).toHaveLength(1);
  const [{ routes: ranges }] = compiled.routeGroups;
  expect(ranges).toHaveLength(20);
  ranges.forEach(range => expect(range).not.toHaveProperty('policies'));
});

it('gives a group of routes another name where its routes change: agentgateway takes none out of it', () => {
  const nameOf = (...shares: readonly [Server, number][]) =>
    compileEntry(entryOf([groupOf('default', shares)]), gatewayOf()).routeGroups[0].name;
  expect(nameOf([ledger, 90], [canary, 10])).not.toBe(nameOf([ledger, 50], [canary, 50]));
  expect(nameOf([ledger, 90], [canary, 10])).toBe(nameOf([ledger, 9], [canary, 1]));
});
