import { App, Chart, Duration, Testing } from 'cdk8s';
import {
  AllowedNamespaces,
  ClusterMcpGateway,
  ClusterMcpServer,
  HeaderMatch,
  McpGateway,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerSource,
  McpSessions,
  Reconciliation,
  ToolMatch,
} from '../../src';
import { find, messageOf, newChart, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('acme/ledger:1');

interface Team {
  readonly chart: Chart;
  readonly ledger: McpServer;
  readonly canary: McpServer;
  readonly gateway: McpGateway;
}

function team(): Team {
  const chart = newChart();
  return {
    chart,
    ledger: new McpServer(chart, 'ledger', { source, sessions: McpSessions.STATELESS }),
    canary: new McpServer(chart, 'canary', { source, sessions: McpSessions.STATELESS }),
    gateway: new McpGateway(chart, 'gateway', { namespace: 'mcp-system' }),
  };
}

/** The resource of a route. */
function specOf(define: (team: Team) => McpRoute): Manifest {
  const parts = team();
  define(parts);
  const objects = synth(parts.chart);
  expect(validateObjects(objects)).toEqual([]);
  return find(objects, 'MCPRoute').spec;
}

describe('url', () => {
  it('is that of the gateway it names', () => {
    const { chart, gateway } = team();
    expect(new McpRoute(chart, 'smart', { gateway }).url).toBe('http://gateway.mcp-system/routes/finance/smart');
  });

  it('has the port of the Service when it is not 80', () => {
    const chart = newChart();
    const gateway = new McpGateway(chart, 'gateway', { service: { port: 8443 } });
    expect(new McpRoute(chart, 'smart', { gateway }).url).toBe('http://gateway.finance:8443/routes/finance/smart');
  });

  it('is that of the only gateway, created before or after', () => {
    const chart = newChart();
    const route = new McpRoute(chart, 'smart', { name: 'clever', namespace: 'research' });
    expect(messageOf(() => route.url)).toContain(
      "[finance/smart] url: got nothing: the app has 0 gateways when the URL is read, so the route's is not known. " +
        'Pass the route its `gateway`, or create the only gateway before reading the URL.',
    );
    new ClusterMcpGateway(chart, 'gateway', { workloadNamespace: 'mcp-system' });
    expect(route.url).toBe('http://gateway.mcp-system/routes/research/clever');
  });

  it('is not known among several gateways', () => {
    const { chart } = team();
    const route = new McpRoute(chart, 'smart');
    new McpGateway(chart, 'other');
    expect(messageOf(() => route.url)).toContain('the app has 2 gateways');
  });

  it('is known for gateways and routes that exist already', () => {
    const chart = newChart();
    const gateway = McpGateway.fromMcpGatewayName(chart, 'g', 'edge', { namespace: 'mcp-system', port: 8080 });
    expect(new McpRoute(chart, 'smart', { gateway }).url).toBe('http://edge.mcp-system:8080/routes/finance/smart');
    const imported = McpRoute.fromMcpRouteName(chart, 'r', 'old', { namespace: 'research', gateway });
    expect([imported.name, imported.namespace, imported.url]).toEqual([
      'old',
      'research',
      'http://edge.mcp-system:8080/routes/research/old',
    ]);
    expect(McpRoute.fromMcpRouteName(chart, 's', 'old').url).toBe('http://edge.mcp-system:8080/routes/finance/old');
    expect(messageOf(() => McpRoute.fromMcpRouteName(chart, 't', 'Old'))).toContain(
      '[finance/t] name: got "Old": is not a DNS label',
    );
  });
});

describe('the resource', () => {
  it('refers to the gateway, also to the one it does not name', () => {
    const spec = (named: boolean): Manifest =>
      specOf(
        ({ chart, ledger, gateway }) =>
          new McpRoute(chart, 'smart', { gateway: named ? gateway : undefined, backends: [{ server: ledger }] }),
      );
    expect(spec(true).gatewayRef).toEqual({ kind: 'MCPGateway', name: 'gateway', namespace: 'mcp-system' });
    expect(spec(false)).toEqual(spec(true));
  });

  it('has backends in the order they were added, with weights', () => {
    expect(
      specOf(({ chart, ledger, canary }) => {
        const route = new McpRoute(chart, 'smart', { backends: [{ server: canary, weight: 10 }] });
        route.addBackend(ledger);
        return route;
      }).backendRefs,
    ).toEqual([
      { serverRef: { name: 'canary' }, weight: 10 },
      { serverRef: { name: 'ledger' }, weight: 1 },
    ]);
  });

  it('refers to shared servers by kind', () => {
    expect(
      specOf(
        ({ chart }) =>
          new McpRoute(chart, 'smart', {
            backends: [
              { server: new ClusterMcpServer(chart, 'search', { source, allowedNamespaces: AllowedNamespaces.all() }) },
            ],
          }),
      ).backendRefs,
    ).toEqual([{ serverRef: { kind: 'ClusterMCPServer', name: 'search' }, weight: 1 }]);
  });

  it('has matches in the order they were added', () => {
    expect(
      specOf(({ chart, ledger, canary }) => {
        const route = new McpRoute(chart, 'smart', {
          backends: [{ server: ledger }],
          matches: [{ tools: ToolMatch.glob('db_*'), backends: [{ server: canary }] }],
        });
        route.addMatch({
          tools: ToolMatch.regex('x|y'),
          method: 'tools/call',
          backends: [{ server: ledger }, { server: canary, weight: 3 }],
        });
        route.addMatch({ headers: [HeaderMatch.prefix('X-Tenant', 'a')], backends: [{ server: canary }] });
        return route;
      }).matches,
    ).toEqual([
      { tools: ['db_*'], backendRefs: [{ serverRef: { name: 'canary' }, weight: 1 }] },
      {
        toolMatch: { regexMatch: 'x|y' },
        method: 'tools/call',
        backendRefs: [
          { serverRef: { name: 'ledger' }, weight: 1 },
          { serverRef: { name: 'canary' }, weight: 3 },
        ],
      },
      {
        headers: [{ name: 'X-Tenant', type: 'Prefix', value: 'a' }],
        backendRefs: [{ serverRef: { name: 'canary' }, weight: 1 }],
      },
    ]);
  });

  it('has filters of both directions, from the constructor and from calls', () => {
    expect(
      specOf(({ chart, ledger }) => {
        const route = new McpRoute(chart, 'smart', {
          backends: [{ server: ledger }],
          requestHeaders: { set: { 'X-B': '1' }, remove: ['x-z'] },
        });
        route.modifyRequestHeaders({ set: { 'x-a': '2' }, add: { 'x-c': '3' }, remove: ['x-y'] });
        route.modifyResponseHeaders({ remove: ['Server'] });
        return route;
      }).filters,
    ).toEqual([
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: {
          set: [
            { name: 'x-a', value: '2' },
            { name: 'x-b', value: '1' },
          ],
          add: [{ name: 'x-c', value: '3' }],
          remove: ['x-y', 'x-z'],
        },
      },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['server'] } },
    ]);
  });

  it('has timeouts and retries', () => {
    expect(
      specOf(
        ({ chart, ledger }) =>
          new McpRoute(chart, 'smart', {
            backends: [{ server: ledger }],
            timeouts: { request: Duration.minutes(2), backendRequest: Duration.millis(1500) },
            retry: { attempts: 3, backoff: Duration.millis(250) },
          }),
      ),
    ).toMatchObject({
      timeouts: { request: '120s', backendRequest: '1500ms' },
      retry: { attempts: 3, backoff: '250ms', codes: [502, 503, 504] },
    });
  });

  it('is alone in controller mode, and needs no gateway of this app', () => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    new McpRoute(chart, 'smart', { backends: [{ server: new McpServer(chart, 'ledger', { source }) }] });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(find(objects, 'MCPRoute').spec).toEqual({ backendRefs: [{ serverRef: { name: 'ledger' }, weight: 1 }] });
  });

  it.each<[keyof McpRouteProps, (gateway: McpGateway) => McpRouteProps]>([
    ['gateway', gateway => ({ gateway })],
    ['timeouts', () => ({ timeouts: { request: Duration.seconds(1) } })],
    ['retry', () => ({ retry: { attempts: 2 } })],
  ])('in controller mode refuses %s, for which upstream has no field', (property, props) => {
    const app = new App();
    const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    Reconciliation.CONTROLLER.applyTo(chart);
    expect(messageOf(() => new McpRoute(chart, 'smart', props(gateway)))).toContain(
      `[finance/smart] ${property}: got "(given)": has no field in the MCPRoute resource`,
    );
  });
});

describe('a call', () => {
  const refused = (define: (route: McpRoute, parts: Team) => void): string => {
    const parts = team();
    return messageOf(() =>
      define(new McpRoute(parts.chart, 'smart', { requestHeaders: { set: { 'x-a': '1' } } }), parts),
    );
  };

  it.each<[string, Parameters<typeof refused>[0], string]>([
    [
      'a negative weight',
      (route, { ledger }) => route.addBackend(ledger, { weight: -1 }),
      '[finance/smart] backends[0].weight: got -1: is not a whole number from 0 to 2147483647. Give a whole number, 0 for no requests.',
    ],
    [
      'half a weight in a match',
      (route, { ledger }) =>
        route.addMatch({ tools: ToolMatch.exact('x'), backends: [{ server: ledger, weight: 0.5 }] }),
      '[finance/smart] matches[0].backends[0].weight: got 0.5',
    ],
    [
      'a match without conditions',
      (route, { ledger }) => route.addMatch({ backends: [{ server: ledger }] }),
      '[finance/smart] matches[0]: got ',
    ],
    [
      'a method that is none',
      route => route.addMatch({ method: 'tools/run' }),
      '[finance/smart] matches[0].method: got "tools/run": is not a request of MCP. Use one of initialize, ping,',
    ],
    [
      'a method that is not about tools',
      route => route.addMatch({ method: 'prompts/get', tools: ToolMatch.exact('x') }),
      'is not about tools, but `tools` are matched too',
    ],
    [
      'a header that is none',
      route => route.modifyRequestHeaders({ set: { 'x y': 'z' } }),
      '[finance/smart] requestHeaders.set[x y]: got "x y": is not a header name',
    ],
    [
      'a header of the protocol',
      route => route.modifyResponseHeaders({ remove: ['Mcp-Session-Id'] }),
      '[finance/smart] responseHeaders.remove[0]: got "Mcp-Session-Id": carries the MCP session or the message itself. Leave it alone.',
    ],
    [
      'a header value that is none',
      route => route.modifyRequestHeaders({ add: { x: 'a\nb' } }),
      'requestHeaders.add[x]: got "a\\nb": is not a header value',
    ],
    [
      'a header named twice in one call',
      route => route.modifyRequestHeaders({ set: { 'x-b': '1' }, remove: ['X-B'] }),
      'is named twice',
    ],
    ['a header named before', route => route.modifyRequestHeaders({ set: { 'x-a': '2' } }), 'is named twice'],
    [
      'a header named before in other letters',
      route => route.modifyRequestHeaders({ remove: ['X-A'] }),
      'is named twice',
    ],
  ])('refuses %s', (_, define, message) => {
    expect(refused(define)).toContain(message);
  });

  it('that is refused leaves the route as it was', () => {
    const spec = specOf(({ chart, ledger, canary }) => {
      const route = new McpRoute(chart, 'smart', { backends: [{ server: ledger }] });
      expect(() => route.addBackend(canary, { weight: -1 })).toThrow();
      expect(() => route.addMatch({})).toThrow();
      expect(() => route.modifyRequestHeaders({ set: { 'x y': '' } })).toThrow();
      return route;
    });
    expect(Object.keys(spec)).toEqual(['backendRefs', 'gatewayRef']);
    expect(spec.backendRefs).toHaveLength(1);
  });
});

it('reaches its servers by the configuration of its gateway', () => {
  const { chart, ledger, canary, gateway } = team();
  new McpGateway(chart, 'other');
  const route = new McpRoute(chart, 'smart', { gateway, requestHeaders: { set: { 'x-a': '1' } } });
  route.addBackend(ledger, { weight: 90 });
  route.addBackend(canary, { weight: 10 });
  const objects = synth(chart);
  const configuration = find(objects, 'ConfigMap', 'gateway-gateway-config').data['config.yaml'];
  expect(configuration).toContain('exact: /routes/finance/smart');
  expect([/ledger\.finance\.svc/, /canary\.finance\.svc/].filter(pattern => !pattern.test(configuration))).toEqual([]);
  expect(find(objects, 'ConfigMap', 'other-gateway-config').data['config.yaml']).not.toContain('/routes/');
});

it('lives in an app of several charts, each of which shows its own part', () => {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  new McpGateway(platform, 'gateway');
  const finance = new Chart(app, 'finance', { namespace: 'finance' });
  new McpRoute(finance, 'smart', { backends: [{ server: new McpServer(finance, 'ledger', { source }) }] });
  const kinds = (chart: Chart): string[] =>
    Testing.synth(chart)
      .map(({ kind }: Manifest) => kind)
      .sort();
  expect(kinds(platform)).toEqual([
    'ConfigMap',
    'Deployment',
    'MCPGateway',
    'NetworkPolicy',
    'Service',
    'ServiceAccount',
  ]);
  expect(kinds(finance)).toEqual(['Deployment', 'MCPRoute', 'MCPServer', 'NetworkPolicy', 'Service', 'ServiceAccount']);
});
