import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import {
  AllowedNamespaces,
  ClusterMcpGateway,
  ClusterMcpServer,
  McpGateway,
  McpServer,
  McpServerDiscovery,
  McpServerSource,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

/** Servers of three namespaces, one of which is declared with labels, and what a gateway in `mcp-system` makes of a discovery. */
function discover(
  discovery: (servers: Record<string, McpServer>) => McpServerDiscovery,
  cluster = false,
): { hosts: string[]; mcpServers: Manifest; configuration: Manifest } {
  const app = new App();
  new kplus.Namespace(new Chart(app, 'namespaces'), 'finance', {
    metadata: { name: 'finance', labels: { team: 'money' } },
  });
  const source = McpServerSource.image('acme/x:1');
  const servers: Record<string, McpServer> = {};
  const charts = new Map(
    ['mcp-system', 'finance', 'research'].map(namespace => [namespace, new Chart(app, namespace, { namespace })]),
  );
  for (const [namespace, chart] of charts) {
    servers[namespace] = new McpServer(chart, `${namespace}-server`, {
      source,
      tools: [namespace],
      labels: { tools: 'shared', tier: namespace === 'research' ? 'gold' : 'silver' },
    });
  }
  new McpServer(charts.get('mcp-system')!, 'private', { source });
  new ClusterMcpServer(charts.get('mcp-system')!, 'common', {
    source,
    tools: ['common'],
    labels: { tools: 'shared' },
    allowedNamespaces: AllowedNamespaces.all(),
  });
  new (cluster ? ClusterMcpGateway : McpGateway)(charts.get('mcp-system')!, 'gateway', {
    discovery: discovery(servers),
  });
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  const text: string = find(objects, 'ConfigMap', 'gateway-gateway-config').data['config.yaml'];
  return {
    hosts: [
      ...new Set(
        [...text.matchAll(/host: ([a-z-]+)\.([a-z-]+)\.svc/g)].map(([, name, namespace]) => `${namespace}/${name}`),
      ),
    ].sort(),
    mcpServers: find(objects, cluster ? 'ClusterMCPGateway' : 'MCPGateway').spec.mcpServers,
    configuration: parse(text),
  };
}

it('serves what labels select, together at /mcp', () => {
  const { hosts, mcpServers, configuration } = discover(() => ({ labels: { tools: 'shared' } }));
  expect(hosts).toEqual(['mcp-system/common', 'mcp-system/mcp-system-server']);
  expect(mcpServers).toEqual({ selector: { matchLabels: { tools: 'shared' } } });
  expect(JSON.stringify(configuration)).toContain('{"exact":"/mcp"}');
});

it('selects over all namespaces for a gateway of the cluster', () => {
  expect(discover(() => ({ labels: { tools: 'shared' } }), true).hosts).toEqual([
    'finance/finance-server',
    'mcp-system/common',
    'mcp-system/mcp-system-server',
    'research/research-server',
  ]);
});

it('selects by expressions', () => {
  const { hosts, mcpServers } = discover(
    () => ({
      expressions: [
        kplus.LabelExpression.in('tier', ['gold', 'silver']),
        kplus.LabelExpression.notIn('tier', ['gold']),
      ],
    }),
    true,
  );
  expect(hosts).toEqual(['finance/finance-server', 'mcp-system/mcp-system-server']);
  expect(mcpServers).toEqual({
    selector: {
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['gold', 'silver'] },
        { key: 'tier', operator: 'NotIn', values: ['gold'] },
      ],
    },
  });
  expect(
    discover(
      () => ({ expressions: [kplus.LabelExpression.exists('tools'), kplus.LabelExpression.doesNotExist('tier')] }),
      true,
    ).hosts,
  ).toEqual(['mcp-system/common']);
});

it('selects by labels of namespaces, declared or by name', () => {
  const { hosts, mcpServers } = discover(() => ({ labels: { tools: 'shared' }, namespaceLabels: { team: 'money' } }));
  expect(hosts).toEqual(['finance/finance-server', 'mcp-system/common']);
  expect(mcpServers).toEqual({
    selector: { matchLabels: { tools: 'shared' } },
    namespaceSelector: { matchLabels: { team: 'money' } },
  });
  expect(
    discover(() => ({ labels: { tier: 'gold' }, namespaceLabels: { 'kubernetes.io/metadata.name': 'research' } }))
      .hosts,
  ).toEqual(['research/research-server']);
  expect(
    discover(() => ({
      labels: { tools: 'shared' },
      namespaceExpressions: [kplus.LabelExpression.doesNotExist('team')],
    })).hosts,
  ).toEqual(['mcp-system/common', 'mcp-system/mcp-system-server', 'research/research-server']);
});

it('serves listed servers of any namespace', () => {
  const { hosts, mcpServers } = discover(({ finance, research }) => ({ servers: [research, finance] }));
  expect(hosts).toEqual(['finance/finance-server', 'research/research-server']);
  expect(mcpServers).toEqual({
    static: [
      { name: 'research-server', namespace: 'research' },
      { name: 'finance-server', namespace: 'finance' },
    ],
  });
});

it('leaves out servers that do not answer, unless it should not', () => {
  const modeOf = (skipUnavailable?: boolean): boolean =>
    JSON.stringify(discover(() => ({ labels: { tools: 'shared' }, skipUnavailable })).configuration).includes(
      'failOpen',
    );
  expect([modeOf(), modeOf(true), modeOf(false)]).toEqual([true, true, false]);
});

it('sees labels that the user adds to a resource later', () => {
  const app = new App();
  const chart = new Chart(app, 'mcp-system', { namespace: 'mcp-system' });
  const server = new McpServer(chart, 'late', { source: McpServerSource.image('acme/x:1') });
  new McpGateway(chart, 'gateway', { discovery: { labels: { tools: 'shared' } } });
  expect(find(objectsOf(app), 'ConfigMap').data['config.yaml']).not.toContain('late.mcp-system.svc');
  server.resource.metadata.addLabel('tools', 'shared');
  expect(find(objectsOf(app), 'ConfigMap').data['config.yaml']).toContain('late.mcp-system.svc');
});

it('refuses two servers that offer one tool, which a client could not tell apart', () => {
  const app = new App();
  const chart = new Chart(app, 'mcp-system', { namespace: 'mcp-system' });
  for (const name of ['a', 'b']) {
    new McpServer(chart, name, { source: McpServerSource.image('acme/x:1'), tools: ['db_query'] });
  }
  new McpGateway(chart, 'gateway', {
    discovery: { expressions: [kplus.LabelExpression.exists('app.kubernetes.io/name')] },
  });
  expect(messageOf(() => app.synthYaml())).toContain(
    '[mcp-system/gateway] discovery: got "db_query": ' +
      'MCPServer mcp-system/a and MCPServer mcp-system/b both offer this tool at /mcp. Exclude it from one of them with toolsFilter',
  );
});
