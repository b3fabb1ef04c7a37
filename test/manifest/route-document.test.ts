import { Chart, Testing } from 'cdk8s';
import {
  chartOf,
  controllerChart,
  documentOf,
  documents,
  faults,
  gatewayOf,
  only,
  readInto,
  serverOf,
  synthesize,
  warningsOf,
} from './support';
import {
  Authentication,
  McpGateway,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
} from '../../src';

const SERVERS = documents(serverOf('ledger'), serverOf('canary'));
const routeSpec = (fields: string) =>
  only(synthesize(documents(SERVERS, gatewayOf(), documentOf('MCPRoute', 'tools', `{${fields}}`))), 'MCPRoute').spec;
const GATEWAY_REF = { kind: 'MCPGateway', name: 'gw', namespace: 'finance' };
const BACKEND = { serverRef: { name: 'ledger' }, weight: 1 };

test('backends in both forms, with their weights', () => {
  expect(
    routeSpec('backendRefs: [{name: ledger, weight: 90}, {serverRef: {name: canary, kind: MCPServer}, weight: 0}]'),
  ).toEqual({
    gatewayRef: GATEWAY_REF,
    backendRefs: [
      { serverRef: { name: 'ledger' }, weight: 90 },
      { serverRef: { name: 'canary' }, weight: 0 },
    ],
  });
});

test('rules, in their order', () => {
  expect(
    routeSpec(
      `
    backendRefs: [{name: ledger}],
    matches: [
      {tools: [db_*, exact], backendRefs: [{name: canary, weight: 3}]},
      {toolMatch: {exactMatch: db_query}, headers: [{name: X-Tenant, value: acme}], backendRefs: [{serverRef: {name: canary}}]},
      {toolMatch: {prefixMatch: k8s_}, headers: [{name: a, type: Prefix, value: b}, {name: c, type: Regex, value: d|e}], backendRefs: [{name: canary}]},
      {toolMatch: {regexMatch: a|b}},
    ]`.replace('{name: X-Tenant, value: acme}', '{name: X-Tenant, type: Exact, value: acme}'),
    ).matches,
  ).toEqual([
    { tools: ['db_*', 'exact'], backendRefs: [{ serverRef: { name: 'canary' }, weight: 3 }] },
    {
      toolMatch: { exactMatch: 'db_query' },
      headers: [{ name: 'X-Tenant', type: 'Exact', value: 'acme' }],
      backendRefs: [{ serverRef: { name: 'canary' }, weight: 1 }],
    },
    {
      toolMatch: { prefixMatch: 'k8s_' },
      headers: [
        { name: 'a', type: 'Prefix', value: 'b' },
        { name: 'c', type: 'Regex', value: 'd|e' },
      ],
      backendRefs: [{ serverRef: { name: 'canary' }, weight: 1 }],
    },
    { toolMatch: { regexMatch: 'a|b' } },
  ]);
});

test('a method', () => {
  const text = documents(
    serverOf('ledger', 'sessions: stateless'),
    gatewayOf(),
    documentOf(
      'MCPRoute',
      'tools',
      '{backendRefs: [{name: ledger}], matches: [{method: tools/call, backendRefs: [{name: ledger}]}]}',
    ),
  );
  expect(only(synthesize(text), 'MCPRoute').spec.matches).toEqual([{ method: 'tools/call', backendRefs: [BACKEND] }]);
});

test('filters of one type are one set of changes', () => {
  expect(
    routeSpec(`backendRefs: [{name: ledger}], filters: [
    {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-A, value: a}], remove: [x-b]}},
    {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x-c, value: c}]}},
    {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-d, value: d}], add: [{name: x-e, value: e}], remove: [x-f]}},
  ]`).filters,
  ).toEqual([
    {
      type: 'RequestHeaderModifier',
      requestHeaderModifier: {
        set: [
          { name: 'x-a', value: 'a' },
          { name: 'x-d', value: 'd' },
        ],
        add: [{ name: 'x-e', value: 'e' }],
        remove: ['x-b', 'x-f'],
      },
    },
    { type: 'ResponseHeaderModifier', responseHeaderModifier: { add: [{ name: 'x-c', value: 'c' }] } },
  ]);
});

test('times and retries', () => {
  expect(
    routeSpec(
      'backendRefs: [{name: ledger}], timeouts: {request: 1m30s, backendRequest: 500ms}, retry: {attempts: 3, backoff: 250ms, codes: [502]}',
    ),
  ).toMatchObject({
    timeouts: { request: '90s', backendRequest: '500ms' },
    retry: { attempts: 3, backoff: '250ms', codes: [502] },
  });
});

test('labels and annotations', () => {
  const { metadata } = only(
    synthesize(
      documents(
        serverOf('ledger'),
        gatewayOf(),
        documentOf('MCPRoute', 'tools', '{backendRefs: [{name: ledger}]}', 'labels: {a: b}, annotations: {c: d}'),
      ),
    ),
    'MCPRoute',
  );
  expect(metadata).toMatchObject({ name: 'tools', namespace: 'finance', labels: { a: 'b' }, annotations: { c: 'd' } });
});

describe('the gateway', () => {
  const route = (fields = '', metadata = '') =>
    documents(
      serverOf('ledger', '', metadata),
      documentOf('MCPRoute', 'tools', `{backendRefs: [{name: ledger}]${fields}}`, metadata),
    );

  test('of the manifest, by name, wherever it stands', () => {
    const manifest = readInto(
      chartOf(),
      documents(route(', gatewayRef: {name: gw}'), gatewayOf(), documentOf('MCPGateway', 'other', '{}')),
    );
    expect(manifest.route('tools').url).toBe('http://gw.finance/routes/finance/tools');
  });

  test('of another namespace, or of the cluster', () => {
    const chart = chartOf('platform');
    const manifest = readInto(
      chart,
      documents(
        gatewayOf(),
        gatewayOf('', 'ClusterMCPGateway').replace('name: gw', 'name: shared'),
        route(', gatewayRef: {name: gw, namespace: platform}', 'namespace: finance'),
      ),
    );
    expect(manifest.route('tools').url).toBe('http://gw.platform/routes/finance/tools');
    const shared = readInto(
      chartOf('platform'),
      documents(
        gatewayOf('', 'ClusterMCPGateway').replace('name: gw', 'name: shared'),
        route(', gatewayRef: {kind: ClusterMCPGateway, name: shared}', 'namespace: finance'),
      ),
    );
    expect(shared.route('tools').url).toBe('http://shared.platform/routes/finance/tools');
  });

  test('of the app, by name', () => {
    const chart = chartOf();
    new McpGateway(new Chart(chart.node.root, 'platform', { namespace: 'mcp-system' }), 'edge');
    expect(readInto(chart, route(', gatewayRef: {name: edge, namespace: mcp-system}')).route('tools').url).toBe(
      'http://edge.mcp-system/routes/finance/tools',
    );
  });

  test('that the caller passes, for routes that name none', () => {
    const chart = chartOf();
    const platform = new Chart(chart.node.root, 'platform', { namespace: 'mcp-system' });
    const gateway = new McpGateway(platform, 'edge');
    new McpGateway(platform, 'internal');
    expect(readInto(chart, route(), { gateway }).route('tools').url).toBe(
      'http://edge.mcp-system/routes/finance/tools',
    );
  });

  test('outside of the app', () => {
    const chart = chartOf();
    const gateway = McpGateway.fromMcpGatewayName(chart, 'imported', 'edge', { namespace: 'mcp-system' });
    expect(
      readInto(chart, route(', gatewayRef: {name: edge, namespace: mcp-system}'), { gateway }).route('tools').url,
    ).toBe('http://edge.mcp-system/routes/finance/tools');
  });

  test('is a matter of the operator in controller mode', () => {
    const chart = controllerChart();
    const gateway = McpGateway.fromMcpGatewayName(chart, 'imported', 'edge');
    expect(faults(route(', gatewayRef: {name: edge}, timeouts: {request: 1s}'), { gateway }, chart)).toEqual([
      '[f.yaml] options.gateway: got "edge": has no field in the MCPRoute resource, so an operator would never see it. Drop it, or use Reconciliation.RENDERED.',
      '[f.yaml:9 (document 2, MCPRoute finance/tools)] spec.gatewayRef: got {"name":"edge"}: is a field of this library\'s own definition, so an operator would never see it. Remove it, or use Reconciliation.RENDERED.',
      '[f.yaml:9 (document 2, MCPRoute finance/tools)] spec.timeouts: got {"request":"1s"}: is a field of this library\'s own definition, so an operator would never see it. Remove it, or use Reconciliation.RENDERED.',
    ]);
  });
});

test('servers from outside of the manifest', () => {
  const chart = chartOf();
  const servers = [
    new McpServer(chart, 'ledger', { source: McpServerSource.image('x:1') }),
    McpServer.fromMcpServerName(chart, 'imported', 'crm'),
  ];
  readInto(
    chart,
    documents(gatewayOf(), documentOf('MCPRoute', 'tools', '{backendRefs: [{name: ledger}, {name: crm}]}')),
    { servers },
  );
  expect(only(Testing.synth(chart), 'MCPRoute').spec.backendRefs).toEqual([
    BACKEND,
    { serverRef: { name: 'crm' }, weight: 1 },
  ]);
});

describe('policies', () => {
  const LIMIT = { limits: [{ dimension: 'user', requests: 100, unit: 'hour' }] };
  const text = (fields: string) =>
    documents(
      serverOf('ledger'),
      gatewayOf(),
      documentOf('MCPRoute', 'tools', `{backendRefs: [{name: ledger}], ${fields}}`),
    );

  test("all are the operator's in controller mode", () => {
    const chart = controllerChart();
    const authentication = { jwt: { audiences: ['mcp'], jwksURI: 'https://auth.acme.dev/jwks.json' } };
    const authorization = {
      rules: [{ principals: ['group:a'], permissions: [{ tools: ['*'], actions: ['tools/call'] }] }],
    };
    readInto(
      chart,
      text(
        `rateLimit: ${JSON.stringify(LIMIT)}, authentication: ${JSON.stringify(authentication)}, authorization: ${JSON.stringify(authorization)}`,
      ),
    );
    expect(only(Testing.synth(chart), 'MCPRoute').spec).toEqual({
      backendRefs: [BACKEND],
      rateLimit: LIMIT,
      authentication,
      authorization,
    });
    expect(warningsOf(chart)).toEqual([]);
  });

  test("what code adds to an operator's comes after it, and is refused where the resource has no field for both", () => {
    const chart = controllerChart();
    const jwt = { jwt: { audiences: ['mcp'], jwksURI: 'https://auth.acme.dev/jwks.json' } };
    const rule = { principals: ['user:a'], permissions: [{ tools: ['*'], actions: ['tools/call'] }] };
    const route = readInto(
      chart,
      text(
        `rateLimit: ${JSON.stringify(LIMIT)}, authentication: ${JSON.stringify(jwt)}, authorization: ${JSON.stringify({ rules: [rule] })}`,
      ),
    ).route('tools');
    route.allow(Principal.group('b'), { tools: ['db_*'], actions: [ToolAction.LIST] });
    route.addRateLimit(RateLimit.perIp(5, RateLimitUnit.SECOND));
    const method = Authentication.jwt({ issuer: 'a', audiences: ['b'], jwksUri: 'https://a/keys' });
    expect(() => route.addAuthentication(method)).toThrow('is a second method of its kind');
    expect(only(Testing.synth(chart), 'MCPRoute').spec).toEqual({
      backendRefs: [BACKEND],
      authentication: jwt,
      authorization: {
        rules: [rule, { principals: ['group:b'], permissions: [{ tools: ['db_*'], actions: ['tools/list'] }] }],
      },
      rateLimit: { limits: [...LIMIT.limits, { dimension: 'ip', requests: 5, unit: 'second' }] },
    });
  });
});
