import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpKind, McpTenant, PodSecurity } from '../../src';
import { find, messageOf, namesOf, newChart, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

function tenantChart(): Chart {
  return new Chart(new App(), 'tenants');
}

it('is a namespace, and rights on the MCP resources there alone', () => {
  const chart = tenantChart();
  new McpTenant(chart, 'finance', {
    members: [kplus.Group.fromName(chart, 'developers', 'finance-developers')],
    quota: {
      servers: 10,
      routes: 20,
      gateways: 0,
      pods: 40,
      cpuRequests: kplus.Cpu.units(8),
      memoryRequests: Size.gibibytes(16),
    },
    podSecurity: PodSecurity.restricted(),
  });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(namesOf(objects)).toEqual([
    'Namespace finance',
    'ResourceQuota mcp-tenant',
    'Role mcp-members',
    'RoleBinding mcp-members',
  ]);
  expect(find(objects, 'Role').rules.flatMap(({ apiGroups }: Manifest) => apiGroups)).toEqual([
    'ome.io',
    'ome.io',
    'ome.io',
  ]);
});

it('gives members and viewers what they need', () => {
  const chart = tenantChart();
  const tenant = new McpTenant(chart, 'finance', { kinds: [McpKind.ROUTE] });
  expect(namesOf(synth(chart))).toEqual(['Namespace finance', 'Role mcp-members']);
  tenant.addMembers(kplus.User.fromName(chart, 'bob', 'bob'));
  tenant.addMembers(
    new kplus.ServiceAccount(chart, 'pipeline', { metadata: { name: 'pipeline', namespace: 'ci' } }),
    kplus.User.fromName(chart, 'alice', 'alice'),
  );
  tenant.addViewers(kplus.Group.fromName(chart, 'auditors', 'auditors'));
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(find(objects, 'RoleBinding', 'mcp-members').subjects).toEqual([
    { kind: 'ServiceAccount', name: 'pipeline', namespace: 'ci' },
    { kind: 'User', name: 'alice', apiGroup: 'rbac.authorization.k8s.io' },
    { kind: 'User', name: 'bob', apiGroup: 'rbac.authorization.k8s.io' },
  ]);
  expect(find(objects, 'Role', 'mcp-members').rules).toEqual([
    {
      apiGroups: ['ome.io'],
      resources: ['mcproutes'],
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    },
    { apiGroups: ['ome.io'], resources: ['mcproutes/status'], verbs: ['get'] },
  ]);
  expect(find(objects, 'Role', 'mcp-viewers').rules[0].verbs).toEqual(['get', 'list', 'watch']);
  expect(find(objects, 'RoleBinding', 'mcp-viewers').subjects).toHaveLength(1);
});

it('leaves a namespace that exists to its owner', () => {
  const chart = newChart('platform');
  new McpTenant(chart, 'finance', { createNamespace: false });
  expect(namesOf(synth(chart))).toEqual(['Role mcp-members']);
});

it('does not depend on the order of members', () => {
  const yaml = (names: string[]) => {
    const chart = tenantChart();
    const tenant = new McpTenant(chart, 'finance');
    names.forEach(name => tenant.addMembers(kplus.User.fromName(chart, name, name)));
    return JSON.stringify(synth(chart));
  };
  expect(yaml(['a', 'b', 'c'])).toBe(yaml(['c', 'a', 'b']));
});

test.each<[string, (chart: Chart) => unknown, string]>([
  [
    'a name that is no namespace',
    chart => new McpTenant(chart, 'Finance'),
    'namespace: got "Finance": is not a namespace name',
  ],
  ['no kinds', chart => new McpTenant(chart, 'a', { kinds: [] }), 'kinds: got []: is empty'],
  [
    'a negative quota',
    chart => new McpTenant(chart, 'a', { quota: { servers: -1 } }),
    'quota.servers: got -1: is not a whole number',
  ],
  [
    'labels without a Namespace',
    chart => new McpTenant(chart, 'a', { createNamespace: false, labels: { x: 'y' } }),
    'labels: got {"x":"y"}: are labels of a Namespace that is not emitted',
  ],
  [
    'Pod Security without a Namespace',
    chart => new McpTenant(chart, 'a', { createNamespace: false, podSecurity: PodSecurity.baseline() }),
    'put the labels (podSecurity.labels()) on the namespace',
  ],
  [
    'Pod Security as a label',
    chart => new McpTenant(chart, 'a', { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }),
    'is what podSecurity sets',
  ],
  [
    'a service account without a namespace',
    chart => new McpTenant(chart, 'a', { members: [new kplus.ServiceAccount(chart, 'sa')] }),
    'members[0]: got "ServiceAccount',
  ],
])('refuses %s', (_, action, message) => {
  expect(messageOf(() => action(tenantChart()))).toContain(message);
});
