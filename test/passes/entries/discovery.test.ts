import { Discovery } from '../../../src/model/gateway';
import { indexTopology } from '../../../src/model/topology';
import { planDiscovery } from '../../../src/passes/entries/discovery';
import {
  clusterServerOf,
  findingsInShort,
  gatewayOf,
  groupsInShort,
  serverOf,
  topologyOf,
} from '../../support/literals';

const labels = { tools: 'shared' };
const servers = [
  serverOf('z', { namespace: 'finance', labels }),
  serverOf('a', { namespace: 'research', labels }),
  serverOf('m', { namespace: 'mcp-system', labels }),
  serverOf('plain', { namespace: 'mcp-system' }),
  clusterServerOf('c', { all: false, namespaces: [] }, { labels }),
];
const index = indexTopology(topologyOf({ servers, namespaces: [{ name: 'finance', labels: { team: 'money' } }] }));
const bySelector = { servers: [], selector: { matchLabels: labels, matchExpressions: [] }, skipUnavailable: true };
const plan = (discovery: Discovery | undefined, rest: Parameters<typeof gatewayOf>[0] = {}) =>
  planDiscovery(gatewayOf({ name: 'gateway', discovery, ...rest }), index);
const found = (...args: Parameters<typeof plan>) =>
  groupsInShort(plan(...args).entry ?? { groups: [] }).map(text => text.split(':')[0]);

it('finds servers by labels in the namespace of the gateway, and shared servers', () => {
  expect(found(bySelector)).toEqual(['c', 'mcp-system.m']);
});

it('finds servers of every namespace for a gateway of the cluster', () => {
  expect(found(bySelector, { kind: 'ClusterMCPGateway', namespace: undefined })).toEqual([
    'c',
    'finance.z',
    'mcp-system.m',
    'research.a',
  ]);
});

it('finds servers in the namespaces that labels select, instead of its own', () => {
  expect(found({ ...bySelector, namespaceSelector: { matchLabels: { team: 'money' }, matchExpressions: [] } })).toEqual(
    ['c', 'finance.z'],
  );
  expect(
    found({
      ...bySelector,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'research' }, matchExpressions: [] },
    }),
  ).toEqual(['c', 'research.a']);
  expect(found({ ...bySelector, namespaceSelector: { matchLabels: {}, matchExpressions: [] } })).toHaveLength(4);
});

it('serves listed servers of any namespace, each once', () => {
  expect(found({ ...bySelector, servers: [servers[0], servers[2]] })).toEqual(['c', 'finance.z', 'mcp-system.m']);
  expect(found({ servers: [servers[3]], skipUnavailable: false })).toEqual(['mcp-system.plain']);
});

it('serves them together at /mcp, each as a group of its own', () => {
  const { entry, diagnostics } = plan({ ...bySelector, skipUnavailable: false });
  expect(entry).toMatchObject({ id: 'mcp', path: '/mcp', origin: 'app/gateway', skipUnavailable: false });
  expect(groupsInShort(entry!)).toEqual(['c: c=1', 'mcp-system.m: m=1']);
  expect(diagnostics).toEqual([]);
});

it('plans nothing without a discovery', () => {
  expect(plan(undefined)).toEqual({ diagnostics: [] });
});

it('reports a listed server that is not there, and warns of a selector that selects nothing', () => {
  const { entry, diagnostics } = plan({
    servers: [{ kind: 'MCPServer', name: 'nobody', namespace: 'finance' }],
    selector: { matchLabels: { no: 'one' }, matchExpressions: [] },
    skipUnavailable: true,
  });
  expect(entry).toBeUndefined();
  expect(findingsInShort(diagnostics)).toEqual([
    'error app/gateway discovery.servers[0]: no such server in this app',
    'warning app/gateway discovery.labels: no server of this app is selected',
  ]);
});
