import { App, Chart } from 'cdk8s';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  IMcpServer,
  McpGateway,
  McpRoute,
  McpServer,
  McpSessions,
  McpTransport,
  ToolMatch,
} from '../../src';
import { find, messageOf, namesOf, newChart, synth } from '../support/synth';

/** What the gateway of a route to servers is configured to. */
function configured(create: (chart: Chart) => IMcpServer): string {
  const chart = newChart();
  const route = new McpRoute(chart, 'smart', { gateway: new McpGateway(chart, 'gateway') });
  route.addBackend(create(chart));
  return find(synth(chart), 'ConfigMap').data['config.yaml'];
}

it('emits nothing of its own', () => {
  const chart = newChart();
  McpServer.fromMcpServerName(chart, 'a', 'ledger');
  ClusterMcpServer.fromClusterMcpServerName(chart, 'b', 'search', { workloadNamespace: 'mcp-system' });
  expect(namesOf(synth(chart))).toEqual([]);
});

it('is where its Service is', () => {
  const chart = newChart();
  const ledger = McpServer.fromMcpServerName(chart, 'a', 'ledger');
  const search = ClusterMcpServer.fromClusterMcpServerName(chart, 'b', 'search', {
    workloadNamespace: 'mcp-system',
    transport: McpTransport.SSE,
  });
  expect([ledger, search].map(({ kind, name, namespace, url }) => [kind, name, namespace, url])).toEqual([
    ['MCPServer', 'ledger', 'finance', 'http://ledger.finance.svc:8080/mcp'],
    ['ClusterMCPServer', 'search', undefined, 'http://search.mcp-system.svc:8080/sse'],
  ]);
  expect(McpServer.fromMcpServerName(chart, 'c', 'ledger', { namespace: 'audit', path: '/api' }).url).toBe(
    'http://ledger.audit.svc:8080/api',
  );
});

it('is reached by routes', () => {
  expect(
    configured(chart => McpServer.fromMcpServerName(chart, 'a', 'ledger', { transport: McpTransport.SSE })),
  ).toMatch(/sse:\s+host: ledger\.finance\.svc/);
  expect(
    configured(chart =>
      ClusterMcpServer.fromClusterMcpServerName(chart, 'a', 'search', {
        workloadNamespace: 'mcp-system',
        sessions: McpSessions.STATELESS,
      }),
    ),
  ).toContain('statefulMode: stateless');
});

it('consents to every namespace unless it says which', () => {
  const create = (allowedNamespaces?: AllowedNamespaces) => () =>
    configured(chart =>
      ClusterMcpServer.fromClusterMcpServerName(chart, 'a', 'search', {
        workloadNamespace: 'mcp-system',
        allowedNamespaces,
      }),
    );
  expect(create()).not.toThrow();
  expect(create(AllowedNamespaces.names('finance'))).not.toThrow();
  expect(messageOf(create(AllowedNamespaces.names('research')))).toContain(
    'the ClusterMCPServer does not consent to namespace "finance"',
  );
});

it('takes part in checks by the tools it is said to have', () => {
  const chart = newChart();
  new McpGateway(chart, 'gateway');
  const route = new McpRoute(chart, 'smart');
  route.addBackend(McpServer.fromMcpServerName(chart, 'a', 'ledger', { tools: ['db_query'] }));
  route.addMatch({ tools: ToolMatch.prefix('report_') });
  expect(messageOf(() => synth(chart))).toContain(
    '[finance/smart] matches[0].tools[0]: got "report_*": matches none of the tools that its servers offer (db_query).',
  );
});

it('is discovered by the labels it is said to have', () => {
  const chart = newChart();
  McpServer.fromMcpServerName(chart, 'a', 'ledger', { labels: { tools: 'shared' } });
  McpServer.fromMcpServerName(chart, 'b', 'other');
  new McpGateway(chart, 'gateway', { discovery: { labels: { tools: 'shared' } } });
  const configuration = find(synth(chart), 'ConfigMap').data['config.yaml'];
  expect(configuration).toContain('ledger.finance.svc');
  expect(configuration).not.toContain('other.finance.svc');
});

it.each<[string, (chart: Chart) => unknown, string]>([
  [
    'a name that is none',
    chart => McpServer.fromMcpServerName(chart, 'a', 'Ledger'),
    '[finance/a] name: got "Ledger": is not a DNS label',
  ],
  [
    'a tool that is none',
    chart => McpServer.fromMcpServerName(chart, 'a', 'ledger', { tools: ['x y'] }),
    '[finance/a] tools[0]: got "x y": is not a tool name',
  ],
  [
    'no namespace',
    () => McpServer.fromMcpServerName(new Chart(new App(), 'bare'), 'a', 'ledger'),
    '[bare/a] namespace: got nothing: there is no namespace, neither here nor on the chart.',
  ],
  [
    'no workload namespace',
    () => ClusterMcpServer.fromClusterMcpServerName(new Chart(new App(), 'bare'), 'a', 'ledger'),
    '[bare/a] workloadNamespace: got nothing: there is no namespace',
  ],
])('refuses %s', (_, action, message) => {
  expect(messageOf(() => action(newChart()))).toContain(message);
});
