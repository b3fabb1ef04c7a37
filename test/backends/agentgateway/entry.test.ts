import { stringify } from 'yaml';
import { EnvTemplate, escapeDollars } from '../../../src/backends/agentgateway/config/escape';
import { compileEntry } from '../../../src/backends/agentgateway/entry';
import { BackendGroup, Entry } from '../../../src/model/plan';
import { MatchConditions } from '../../../src/model/route';
import { entryOf, gatewayOf, groupOf, replicasOf, serverOf } from '../../support/literals';

/** The routes of an entry as YAML, without what is not set. */
function routes(groups: readonly BackendGroup[], options: Partial<Entry> = {}): string {
  const { outer, inner } = compileEntry(entryOf(groups, options), gatewayOf());
  const written = JSON.stringify({ outer, inner: inner.length === 0 ? undefined : inner }, (_, value) =>
    value instanceof EnvTemplate ? escapeDollars(value) : value,
  );
  return stringify(JSON.parse(written), { lineWidth: 0 });
}

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
    backends:
      - mcp:
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
    backends:
      - mcp:
          targets:
            - name: ledger
              mcp:
                host: ledger.finance.svc
                port: 8080
                path: /mcp
        policies:
          mcpAuthorization:
            rules:
              - require: (!(has(mcp.tool))) || (mcp.tool.name == "db_query")
"
`);
});

it('splits stateless servers per request', () => {
  expect(
    routes([
      groupOf('default', [
        [calc, 90],
        [serverOf('calc2', { sessions: 'stateless' }), 10],
      ]),
    ]),
  ).toMatchInlineSnapshot(`
"outer:
  - name: finance.smart
    matches:
      - path:
          exact: /routes/finance/smart
    backends:
      - weight: 90
        mcp:
          targets:
            - name: calc
              mcp:
                host: calc.finance.svc
                port: 8080
                path: /mcp
          statefulMode: stateless
      - weight: 10
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
  - name: finance.smart/b0
    matches:
      - path:
          exact: /routes/finance/smart
        headers:
          - name: x-mcp-bucket
            value:
              regex: ^(?:[0-9a-d][0-9a-f]{3}|e[0-5][0-9a-f]{2}|e6[0-5][0-9a-f]|e66[0-5])$
    backends:
      - mcp:
          targets:
            - name: ledger
              mcp:
                host: ledger.finance.svc
                port: 8080
                path: /mcp
  - name: finance.smart/b58982
    matches:
      - path:
          exact: /routes/finance/smart
        headers:
          - name: x-mcp-bucket
            value:
              regex: ^(?:e66[6-9a-f]|e6[7-9a-f][0-9a-f]|e[7-9a-f][0-9a-f]{2}|f[0-9a-f]{3})$
    backends:
      - mcp:
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
  const { outer } = compileEntry(
    entryOf([
      groupOf('default', [
        [serverOf('ledger', { endpoints: replicasOf('ledger', 3) }), 3],
        [canary, 1],
      ]),
    ]),
    gatewayOf(),
  );
  expect(outer.map(({ name, backends }) => [name, backends[0].mcp!.targets[0].name])).toEqual([
    ['finance.smart/b0', 'ledger.0'],
    ['finance.smart/b16384', 'ledger.1'],
    ['finance.smart/b32768', 'ledger.2'],
    ['finance.smart/b49152', 'canary'],
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
      responseHeaderModifier:
        add:
          x-served-by: gw
      timeout:
        requestTimeout: 30s
    backends:
      - mcp:
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
      - mcp:
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
      - mcp:
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
        policies:
          mcpAuthorization:
            rules:
              - require: '!((has(mcp.tool)) && (mcp.tool.name.startsWith("k8s_")))'
"
`);
});

it('resolves the buckets of all groups on the outside', () => {
  const { outer, inner, needsBucket } = compileEntry(
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
    ['finance.smart/b0', ['/finance/smart/match-0/a', '/finance/smart/default/ledger']],
    ['finance.smart/b32768', ['/finance/smart/match-0/b', '/finance/smart/default/ledger']],
    ['finance.smart/b49152', ['/finance/smart/match-0/b', '/finance/smart/default/canary']],
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
    backends:
      - mcp:
          targets:
            - name: calc
              mcp:
                host: calc.finance.svc
                port: 8080
                path: /mcp
          statefulMode: stateless
  - name: finance.smart
    matches:
      - path:
          exact: /routes/finance/smart
    backends:
      - mcp:
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
    backends:
      - mcp:
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
  const { outer } = compileEntry(entryOf([groupOf('default', [ledger, shared])]), gatewayOf());
  expect(outer.map(({ backends }) => backends[0].mcp!.targets[0].name)).toEqual(['ledger.finance', 'ledger.cluster']);
});
