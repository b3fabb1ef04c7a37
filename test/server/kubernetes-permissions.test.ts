import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  KubernetesPermission,
  McpDiagnostics,
  McpServer,
  McpServerProps,
  McpServerSource,
  PermissionProfile,
  Reconciliation,
} from '../../src';
import { AccessRequest, mayDo } from '../support/rbac';
import { checkReferences } from '../support/references';
import { find, messageOf, namesOf, newChart, objectsOf, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const { PODS, DEPLOYMENTS, SECRETS, NODES, NAMESPACES, SERVICE_ACCOUNTS } = kplus.ApiResource;
const LOGS = kplus.ApiResource.custom({ apiGroup: '', resourceType: 'pods/log' });
const RBAC_KINDS = ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'];

const source = McpServerSource.image('ghcr.io/acme/k8s-mcp:1.0.0');
const account = { name: 'k8s', namespace: 'finance' };

function grant(...permissions: KubernetesPermission[]): Manifest[] {
  const chart = newChart();
  const server = new McpServer(chart, 'k8s', { source });
  permissions.forEach(permission => server.allowKubernetes(permission));
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  expect(checkReferences(objects)).toEqual([]);
  return objects;
}

const rolesOf = (objects: readonly Manifest[]): string[] =>
  objects
    .filter(({ kind }) => RBAC_KINDS.includes(kind))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '(cluster)'}/${metadata.name}`);

it('grants nothing and mounts no token unless asked', () => {
  const objects = grant();
  expect(rolesOf(objects)).toEqual([]);
  expect(podOf(find(objects, 'Deployment')).automountServiceAccountToken).toBe(false);
  expect(find(objects, 'MCPServer').spec).not.toHaveProperty('permissionProfile');
});

it('binds a Role of the namespace to the account of the server, whose pods get the token', () => {
  const objects = grant({ resources: [PODS, LOGS], verbs: ['list', 'get'] });
  expect(rolesOf(objects)).toEqual(['Role finance/k8s', 'RoleBinding finance/k8s']);
  expect(find(objects, 'Role').rules).toEqual([
    { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] },
  ]);
  expect(find(objects, 'RoleBinding')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'k8s' },
    subjects: [{ kind: 'ServiceAccount', name: 'k8s', namespace: 'finance' }],
  });
  expect(podOf(find(objects, 'Deployment'))).toMatchObject({
    automountServiceAccountToken: true,
    serviceAccountName: 'k8s',
  });
  // Other pods that use the account get no token by that.
  expect(find(objects, 'ServiceAccount').automountServiceAccountToken).toBe(false);
});

it('does the same by an option, and for several replicas', () => {
  const chart = newChart();
  new McpServer(chart, 'k8s', {
    source,
    replicas: 2,
    labels: { team: 'money' },
    kubernetes: [{ resources: [PODS], verbs: ['get'] }],
  });
  const objects = synth(chart);
  expect(rolesOf(objects)).toEqual(['Role finance/k8s', 'RoleBinding finance/k8s']);
  expect(find(objects, 'Role').metadata.labels).toMatchObject({ team: 'money', 'app.kubernetes.io/name': 'k8s' });
  expect(podOf(find(objects, 'StatefulSet')).automountServiceAccountToken).toBe(true);
});

it('has one Role a namespace, named so that no two servers share one', () => {
  const objects = grant(
    { resources: [PODS], verbs: ['get'], namespaces: ['ops', 'finance'] },
    { resources: [DEPLOYMENTS], verbs: ['get'], namespaces: ['ops'] },
  );
  expect(rolesOf(objects)).toEqual([
    'Role finance/k8s',
    'RoleBinding finance/k8s',
    'Role ops/finance.k8s',
    'RoleBinding ops/finance.k8s',
  ]);
  expect(objects.find(({ metadata }) => metadata.namespace === 'ops')!.rules).toHaveLength(2);
});

it('grants in the whole cluster in so many words only', () => {
  const objects = grant({ resources: [NODES, PODS], verbs: ['get', 'list'], clusterWide: true });
  expect(rolesOf(objects)).toEqual(['ClusterRole (cluster)/finance.k8s', 'ClusterRoleBinding (cluster)/finance.k8s']);
});

it('takes requests for one namespace as made in it', () => {
  expect(find(grant({ resources: [NAMESPACES], verbs: ['get'], namespaces: ['ops'] }), 'Role').rules).toEqual([
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  ]);
});

it('grants on single objects, by name or by construct', () => {
  const chart = newChart();
  const secret = new kplus.Secret(chart, 'secret', { metadata: { name: 'db' }, stringData: { a: 'b' } });
  new McpServer(chart, 'k8s', {
    source,
    kubernetes: [
      { resources: [secret, PODS], verbs: ['get'] },
      { resources: [SERVICE_ACCOUNTS], verbs: ['get'], resourceNames: ['a'] },
    ],
  });
  expect(find(synth(chart), 'Role').rules).toEqual(
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['db'], verbs: ['get'] },
      { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['a'], verbs: ['get'] },
    ].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
});

it('takes verbs that Kubernetes does not know where it is told so', () => {
  const widgets = kplus.ApiResource.custom({ apiGroup: 'acme.dev', resourceType: 'widgets' });
  expect(find(grant({ resources: [widgets], verbs: ['get'], customVerbs: ['sync'] }), 'Role').rules).toEqual([
    { apiGroups: ['acme.dev'], resources: ['widgets'], verbs: ['get', 'sync'] },
  ]);
});

it('grants a shared server in its workload namespace and others', () => {
  const chart = newChart('platform');
  const server = new ClusterMcpServer(chart, 'search', {
    source,
    workloadNamespace: 'tools',
    allowedNamespaces: AllowedNamespaces.all(),
  });
  server.allowKubernetes({ resources: [PODS], verbs: ['get'] });
  server.allowKubernetes({ resources: [PODS], verbs: ['get'], namespaces: ['finance'] });
  const objects = synth(chart);
  expect(rolesOf(objects)).toEqual([
    'Role finance/tools.search',
    'RoleBinding finance/tools.search',
    'Role tools/search',
    'RoleBinding tools/search',
  ]);
  expect(objects.filter(({ kind }) => kind === 'RoleBinding').map(({ subjects }) => subjects)).toEqual(
    new Array(2).fill([{ kind: 'ServiceAccount', name: 'search', namespace: 'tools' }]),
  );
});

it('may be called between two syntheses, and in any order', () => {
  const app = new App();
  const server = new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'k8s', { source });
  expect(rolesOf(objectsOf(app))).toEqual([]);
  server.allowKubernetes({ resources: [SECRETS], verbs: ['get'], namespaces: ['ops'] });
  expect(rolesOf(objectsOf(app))).toEqual(['Role ops/finance.k8s', 'RoleBinding ops/finance.k8s']);
  server.allowKubernetes({ resources: [PODS], verbs: ['get'], namespaces: ['ops'] });
  const late = objectsOf(app);
  expect(new Set(late.map(object => JSON.stringify(object)))).toEqual(
    new Set(
      grant(
        { resources: [PODS], verbs: ['get'], namespaces: ['ops'] },
        { resources: [SECRETS], verbs: ['get'], namespaces: ['ops'] },
      ).map(object => JSON.stringify(object)),
    ),
  );
});

it('says all of it in the resource', () => {
  expect(
    find(
      grant(
        { resources: [PODS, DEPLOYMENTS], verbs: ['get'], namespaces: ['ops'] },
        { resources: [NODES], verbs: ['get'], clusterWide: true },
      ),
      'MCPServer',
    ).spec.permissionProfile,
  ).toEqual({
    inline: {
      allow: [
        { kubeResources: { apiGroups: [''], resources: ['nodes'], verbs: ['get'], clusterWide: true } },
        { kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get'], namespaces: ['ops'] } },
        { kubeResources: { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'], namespaces: ['ops'] } },
      ],
    },
  });
});

it('warns of rights that are more than they seem, with the rule', () => {
  const chart = newChart();
  new McpServer(chart, 'k8s', {
    source,
    kubernetes: [
      { resources: [PODS], verbs: ['get'] },
      { resources: [SECRETS], verbs: ['list'] },
    ],
  });
  expect(McpDiagnostics.of(chart).warnings.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(
      /^\[finance\/k8s\] kubernetes\[1\]: got \{"apiGroups":\[""\],"resources":\["secrets"\],"verbs":\["list"\],"namespaces":\["finance"\]\}: lets the server, .* read Secrets/,
    ),
  );
});

describe('refuses', () => {
  const lines = (
    permission: KubernetesPermission,
    rest: Partial<McpServerProps> = {},
    chart = newChart(),
  ): string[] => {
    const asOption = messageOf(() => new McpServer(chart, 'k8s', { source, ...rest, kubernetes: [permission] }));
    const server = new McpServer(chart, 'other', { source, ...rest });
    // The option and the call say the same.
    expect(messageOf(() => server.allowKubernetes(permission))).toBe(
      asOption.replace(/finance\/k8s/g, 'finance/other'),
    );
    return asOption.split('\n').slice(1);
  };
  const custom = (resourceType: string, apiGroup = '') => kplus.ApiResource.custom({ apiGroup, resourceType });

  it.each<[string, KubernetesPermission, string]>([
    [
      'an unknown verb',
      { resources: [PODS], verbs: ['lst'] },
      'kubernetes[0].verbs[0]: got "lst": is not a verb of Kubernetes. Write one of get, list, watch',
    ],
    [
      'a verb in capitals',
      { resources: [PODS], verbs: ['GET'] },
      'kubernetes[0].verbs[0]: got "GET": is not a verb of Kubernetes',
    ],
    [
      'a custom verb that is none',
      { resources: [PODS], verbs: [], customVerbs: ['a b'] },
      'kubernetes[0].customVerbs[0]: got "a b": is not a verb',
    ],
    ['no verbs', { resources: [PODS], verbs: [] }, 'kubernetes[0].verbs: got []: is empty, so it grants nothing'],
    [
      'no resources',
      { resources: [], verbs: ['get'] },
      'kubernetes[0].resources: got 0: is empty, so it grants nothing',
    ],
    [
      'no namespaces',
      { resources: [PODS], verbs: ['get'], namespaces: [] },
      'kubernetes[0].namespaces: got []: is empty, so it grants nothing. Name at least one, or leave it out',
    ],
    [
      'a namespace that is none',
      { resources: [PODS], verbs: ['get'], namespaces: ['Ops'] },
      'kubernetes[0].namespaces[0]: got "Ops": is not a namespace name',
    ],
    [
      'every namespace',
      { resources: [PODS], verbs: ['get'], namespaces: ['*'] },
      'Name the namespaces, or say clusterWide: true',
    ],
    [
      'namespaces and the cluster',
      { resources: [PODS], verbs: ['get'], namespaces: ['ops'], clusterWide: true },
      'kubernetes[0].namespaces: got ["ops"]: are named, and the whole cluster is asked for',
    ],
    [
      'nodes in a namespace',
      { resources: [PODS, NODES], verbs: ['get'] },
      'kubernetes[0].resources[1]: got "nodes": belongs to no namespace, so a Role in a namespace cannot grant it. Say clusterWide: true',
    ],
    [
      'a sub-resource of nodes in a namespace',
      { resources: [custom('nodes/metrics')], verbs: ['get'] },
      'got "nodes/metrics": belongs to no namespace',
    ],
    [
      'ClusterRoles in a namespace',
      { resources: [kplus.ApiResource.CLUSTER_ROLES], verbs: ['get'] },
      'got "rbac.authorization.k8s.io/clusterroles": belongs to no namespace',
    ],
    [
      'lists of namespaces in one',
      { resources: [NAMESPACES], verbs: ['get', 'list'] },
      'got "namespaces": belongs to no namespace',
    ],
    [
      'a resource in the singular form of kinds',
      { resources: [custom('Pod')], verbs: ['get'] },
      'kubernetes[0].resources[0]: got "Pod": is not a resource. Write the plural in lower case',
    ],
    [
      'a wildcard of sub-resources',
      { resources: [custom('pods/*')], verbs: ['get'] },
      'got "pods/*": is a wildcard that RBAC does not have',
    ],
    [
      'a version in an API group',
      { resources: [custom('deployments', 'apps/v1')], verbs: ['get'] },
      'got "apps/v1": is not an API group, which has no version in it. Write "apps"',
    ],
    [
      'the core group by another name',
      { resources: [custom('pods', 'v1')], verbs: ['get'] },
      'got "v1": is not an API group, which has no version in it. Write "" for the core API group',
    ],
    [
      'no names',
      { resources: [PODS], verbs: ['get'], resourceNames: [] },
      'kubernetes[0].resourceNames: got []: is empty, which RBAC takes for every object',
    ],
    [
      'a name that is a wildcard path',
      { resources: [PODS], verbs: ['get'], resourceNames: ['a/b'] },
      'kubernetes[0].resourceNames[0]: got "a/b": is not a name of an object',
    ],
    [
      'to create by name',
      { resources: [PODS], verbs: ['create'], resourceNames: ['a'] },
      'got "pods": cannot be granted with create for named objects',
    ],
  ])('%s', (_, permission, expected) => {
    const found = lines(permission);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('[finance/k8s] kubernetes[0]');
    expect(found[0]).toContain(expected);
  });

  it('all of it at once', () => {
    expect(
      lines({ resources: [NODES, custom('Pod')], verbs: ['lst', 'get'], namespaces: ['A', 'b', 'C'] }),
    ).toHaveLength(5);
  });

  it.each([
    [
      'none',
      PermissionProfile.none(),
      'kubernetes[0]: got "(given)": is allowed beside the permission profile none, which allows nothing',
    ],
    [
      'network-only',
      PermissionProfile.networkOnly(),
      'kubernetes[0]: got "(given)": is allowed beside the permission profile network-only, which gives the server no token',
    ],
  ])('rights beside the profile %s', (_, permissionProfile, expected) => {
    expect(lines({ resources: [PODS], verbs: ['get'] }, { permissionProfile })).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('rights of a server that runs elsewhere', () => {
    const remote = McpServerSource.remote('https://mcp.crm.example.com/mcp');
    expect(messageOf(() => new McpServer(newChart(), 'crm', { source: remote, kubernetes: [] }))).toContain(
      'kubernetes: got []: is given for a remote server',
    );
    expect(
      messageOf(() =>
        new McpServer(newChart(), 'crm', { source: remote }).allowKubernetes({ resources: [PODS], verbs: ['get'] }),
      ),
    ).toContain('is given for a remote server');
  });

  it.each<[string, KubernetesPermission, string]>([
    [
      'the whole cluster',
      { resources: [NODES], verbs: ['get'], clusterWide: true },
      'kubernetes[0].clusterWide: got true: has no field in the MCPServer resource',
    ],
    [
      'names',
      { resources: [PODS], verbs: ['get'], resourceNames: ['a'] },
      'kubernetes[0].resourceNames: got ["a"]: has no field in the MCPServer resource',
    ],
  ])('in controller mode %s, for which upstream has no field', (_, permission, expected) => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    expect(lines(permission, {}, chart)).toEqual([expect.stringContaining(expected)]);
  });

  it('rights of pods whose template gives them no token', () => {
    const chart = newChart();
    const podTemplate = { spec: { automountServiceAccountToken: false } };
    new McpServer(chart, 'k8s', { source, podTemplate, kubernetes: [{ resources: [PODS], verbs: ['get'] }] });
    expect(messageOf(() => synth(chart))).toContain(
      'podTemplate.spec.automountServiceAccountToken: got false: keeps the token of the Kubernetes API from the server',
    );
  });

  it('rights of pods that run as another account, where an operator gives them to their own', () => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    const podTemplate = { spec: { serviceAccountName: 'admin' } };
    new McpServer(chart, 'k8s', { source, podTemplate, kubernetes: [{ resources: [PODS], verbs: ['get'] }] });
    expect(messageOf(() => synth(chart))).toContain(
      'serviceAccount: got "admin": is another account than the server\'s own (k8s)',
    );
  });
});

it('leaves the roles to an operator in controller mode, and tells it', () => {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  new McpServer(chart, 'k8s', {
    source,
    kubernetes: [{ resources: [PODS], verbs: ['get'], customVerbs: ['sync'], namespaces: ['ops'] }],
  });
  const objects = synth(chart);
  expect(namesOf(objects)).toEqual(['MCPServer k8s']);
  expect(objects[0].spec.permissionProfile).toEqual({
    inline: {
      allow: [{ kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get', 'sync'], namespaces: ['ops'] } }],
    },
  });
});

it('warns of a token that a template mounts for nothing', () => {
  const chart = newChart();
  new McpServer(chart, 'k8s', { source, podTemplate: { spec: { automountServiceAccountToken: true } } });
  expect(McpDiagnostics.of(chart).warnings.map(({ property }) => property)).toEqual([
    'podTemplate.spec.automountServiceAccountToken',
  ]);
});

describe('the emitted roles', () => {
  const NAMESPACES_OF_REQUESTS = [undefined, 'finance', 'ops', 'other'];
  const RESOURCES = [
    ['', 'pods'],
    ['', 'pods/log'],
    ['', 'secrets'],
    ['apps', 'deployments'],
    ['apps', 'deployments/scale'],
    ['acme.dev', 'widgets'],
  ] as const;
  const VERBS = ['get', 'list', 'create', 'delete'];

  const permission: fc.Arbitrary<KubernetesPermission> = fc
    .record({
      resources: fc
        .subarray([...RESOURCES, ['', '*'] as const, ['apps', '*/scale'] as const], { minLength: 1 })
        .map(list => list.map(([apiGroup, resourceType]) => kplus.ApiResource.custom({ apiGroup, resourceType }))),
      verbs: fc.oneof(
        { weight: 5, arbitrary: fc.subarray(['get', 'list', 'delete'], { minLength: 1 }) },
        { weight: 1, arbitrary: fc.constant(['*']) },
        { weight: 1, arbitrary: fc.constant(['create']) },
      ),
      scope: fc.oneof(
        fc.constant({}),
        fc.subarray(['finance', 'ops'], { minLength: 1 }).map(namespaces => ({ namespaces })),
        fc.constant({ clusterWide: true }),
      ),
      resourceNames: fc.option(fc.subarray(['a', 'b'], { minLength: 1 }), { nil: undefined, freq: 3 }),
    })
    .map(({ resources, verbs, scope, resourceNames }) => ({
      resources,
      verbs,
      ...scope,
      ...(verbs[0] === 'create' ? {} : { resourceNames }),
    }));

  /** What a permission says, read plainly. */
  function permits(
    { resources, verbs, namespaces = ['finance'], resourceNames, clusterWide }: KubernetesPermission,
    { verb, apiGroup, resource, namespace, name }: AccessRequest,
  ): boolean {
    const isMeant = (granted: kplus.IApiResource): boolean =>
      granted.apiGroup === apiGroup &&
      ([resource, '*'].includes(granted.resourceType) ||
        (granted.resourceType === '*/scale' && resource.endsWith('/scale')));
    return (
      resources.some(isMeant) &&
      (verbs.includes('*') || verbs.includes(verb)) &&
      (resourceNames === undefined || (name !== undefined && resourceNames.includes(name))) &&
      (clusterWide === true || (namespace !== undefined && namespaces.includes(namespace)))
    );
  }

  it('allow what was granted, and nothing else', () => {
    const requests: AccessRequest[] = VERBS.flatMap(verb =>
      RESOURCES.flatMap(([apiGroup, resource]) =>
        NAMESPACES_OF_REQUESTS.flatMap(namespace =>
          [undefined, 'a', 'c'].map(name => ({ verb, apiGroup, resource, namespace, name })),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(permission, { maxLength: 4 }), permissions => {
        const objects = grant(...permissions);
        const wrong = requests.filter(
          request => mayDo(objects, account, request) !== permissions.some(one => permits(one, request)),
        );
        expect(wrong).toEqual([]);
        expect(requests.filter(request => mayDo(objects, { name: 'default', namespace: 'finance' }, request))).toEqual(
          [],
        );
        expect(podOf(find(objects, 'Deployment')).automountServiceAccountToken).toBe(permissions.length > 0);
      }),
      { numRuns: 60 },
    );
  });
});
