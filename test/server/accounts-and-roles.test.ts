import { ApiResource, ClusterRole, ClusterRoleBinding, ServiceAccount } from 'cdk8s-plus-28';
import {
  KubernetesRoleOptions,
  McpDiagnostics,
  McpServer,
  McpServerProps,
  McpServerSource,
  PermissionProfile,
  PermissionReport,
  Reconciliation,
} from '../../src';
import { find, messageOf, namesOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/k8s-mcp:1.0.0');

function serverWith(props: Partial<McpServerProps> = {}) {
  const chart = newChart();
  return { chart, server: new McpServer(chart, 'k8s', { source, ...props }) };
}

const warningsOf = (server: McpServer) => McpDiagnostics.of(server).warnings.map(({ id }) => id);

/** Whether pods get the token, and may connect to the API server. */
function reachesApi(objects: readonly Manifest[]): readonly boolean[] {
  const { egress = [] } = find(objects, 'NetworkPolicy').spec;
  return [
    podOf(find(objects, 'Deployment')).automountServiceAccountToken,
    egress.some(({ ports = [] }: Manifest) => ports.some(({ port }: Manifest) => port === 6443)),
  ];
}

describe('an existing role', () => {
  it('is bound to the account of the server in a namespace, with the token and the connection', () => {
    const { chart, server } = serverWith();
    server.allowRole({ clusterRole: 'view', namespaces: ['staging', 'finance'] });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(reachesApi(objects)).toEqual([true, true]);
    const bindings = objects.filter(({ kind }) => kind === 'RoleBinding');
    expect(bindings.map(({ metadata }) => `${metadata.namespace} ${metadata.name}`)).toEqual([
      'finance finance.k8s.clusterrole.view',
      'staging finance.k8s.clusterrole.view',
    ]);
    for (const { roleRef, subjects } of bindings) {
      expect(roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' });
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'k8s', namespace: 'finance' }]);
    }
    expect(PermissionReport.of(chart).toMarkdown()).toContain(
      'whatever the ClusterRole view grants in finance, staging',
    );
    expect(warningsOf(server)).toEqual(['api-server-address-unknown']);
  });

  it('is bound in the whole cluster where that is said, and warned of', () => {
    const { chart, server } = serverWith();
    server.allowRole({ clusterRole: 'system:auth-delegator', clusterWide: true });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(namesOf(objects)).toContain('ClusterRoleBinding finance.k8s.clusterrole.system:auth-delegator');
    expect(warningsOf(server)).toEqual(expect.arrayContaining(['role-unknown', 'grant-cluster-wide']));
  });

  it('is one beside what the server is allowed otherwise', () => {
    const { chart, server } = serverWith();
    server.allowKubernetes({ resources: [ApiResource.PODS], verbs: ['get'] });
    server.allowRole({ role: 'reader' });
    server.allowRole({ role: 'reader' });
    expect(namesOf(synth(chart)).filter(name => /^Role/.test(name))).toEqual([
      'Role k8s',
      'RoleBinding finance.k8s.role.reader',
      'RoleBinding k8s',
    ]);
  });

  it.each<[string, KubernetesRoleOptions, string]>([
    ['no role', {}, 'roles[0]: got {}'],
    ['two roles', { role: 'a', clusterRole: 'b' }, 'roles[0]: got {"role":"a","clusterRole":"b"}'],
    ['no namespace', { clusterRole: 'view', namespaces: [] }, 'roles[0].namespaces: got []'],
    ['a namespace that is none', { clusterRole: 'view', namespaces: ['A'] }, 'roles[0].namespaces[0]: got "A"'],
    ['a Role for the whole cluster', { role: 'a', clusterWide: true }, 'roles[0].clusterWide: got true'],
    ['a name that is none', { role: 'a/b' }, 'roles[0].role: got "a/b"'],
  ])('is refused with %s', (_, options, message) => {
    expect(messageOf(() => serverWith().server.allowRole(options))).toContain(message);
  });

  it('is refused beside a profile that rules it out, for remote servers, and where an operator gives rights', () => {
    const view = { clusterRole: 'view' };
    const none = serverWith({ permissionProfile: PermissionProfile.none() }).server;
    expect(messageOf(() => none.allowRole(view))).toContain('permission profile none');
    const remote = serverWith({ source: McpServerSource.remote('https://mcp.example.com/mcp') }).server;
    expect(messageOf(() => remote.allowRole(view))).toContain('remote server');
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    const operated = new McpServer(chart, 'k8s', { source });
    expect(messageOf(() => operated.allowRole(view))).toContain('Reconciliation.RENDERED');
  });
});

describe("a binding of the user's own", () => {
  const bind = (props: Partial<McpServerProps> = {}) => {
    const { chart, server } = serverWith(props);
    const role = ClusterRole.fromClusterRoleName(chart, 'view', 'view');
    new ClusterRoleBinding(chart, 'binding', { role }).addSubjects(server.serviceAccount!);
    return { chart, server };
  };

  it('grants nothing to pods without a token, which is said with what does', () => {
    const { server } = bind();
    const [warning] = McpDiagnostics.of(server).warnings;
    expect(warning.text).toContain('serviceAccount: got "ClusterRole view": is bound to the server\'s account');
    expect(warning.remedy).toContain("server.allowRole({ clusterRole: 'view' })");
  });

  it('is fine where the server has the token', () => {
    const { server } = bind({ kubernetes: [{ resources: [ApiResource.PODS], verbs: ['get'] }] });
    expect(warningsOf(server)).not.toContain('account-bound');
  });
});

describe('an existing account', () => {
  it.each<[string, (chart: ReturnType<typeof newChart>) => Partial<McpServerProps>]>([
    ['an option', chart => ({ serviceAccount: ServiceAccount.fromServiceAccountName(chart, 'given', 'tools') })],
    ['a template', () => ({ podTemplate: { spec: { serviceAccountName: 'tools' } } })],
  ])('by %s is used, gets the rights, and none is emitted', (_, props) => {
    const chart = newChart();
    const server = new McpServer(chart, 'k8s', { source, ...props(chart) });
    server.allowKubernetes({ resources: [ApiResource.PODS], verbs: ['get'] });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(namesOf(objects).filter(name => name.startsWith('ServiceAccount'))).toEqual([]);
    expect(server.serviceAccount).toBeUndefined();
    expect(podOf(find(objects, 'Deployment')).serviceAccountName).toBe('tools');
    expect(find(objects, 'RoleBinding').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'tools', namespace: 'finance' },
    ]);
    expect(warningsOf(server)).toContain('account-shared');
  });

  it('may have rights of its own: a token that a template mounts is no fault', () => {
    const podTemplate = { spec: { serviceAccountName: 'tools', automountServiceAccountToken: true } };
    expect(warningsOf(serverWith({ podTemplate }).server)).toEqual([]);
  });
});

it('can be annotated for the workload identity of a cloud', () => {
  const { chart, server } = serverWith();
  server.serviceAccount!.metadata.addAnnotation('eks.amazonaws.com/role-arn', 'arn:aws:iam::1:role/tools');
  expect(find(synth(chart), 'ServiceAccount').metadata.annotations).toEqual({
    'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/tools',
  });
});
