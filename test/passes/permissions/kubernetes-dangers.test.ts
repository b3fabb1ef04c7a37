import { KubernetesGrant } from '../../../src/model/permissions';
import { permissionWarnings } from '../../../src/passes/permissions/kubernetes-dangers';
import { serverOf } from '../../support/literals';

const DEFAULTS = { egress: [], ingress: [], dns: true, fileSystem: { read: [], write: [] } };

function warnings(rest: Partial<KubernetesGrant>): string[] {
  const grant: KubernetesGrant = {
    apiGroups: [''],
    resources: ['pods'],
    verbs: ['get'],
    scope: { kind: 'namespaces', namespaces: ['finance'] },
    origin: { path: 'app/k8s', property: 'kubernetes[0]' },
    ...rest,
  };
  const found = permissionWarnings(serverOf('k8s', { permissions: { ...DEFAULTS, kubernetes: [grant] } }));
  found.forEach(({ severity, path, property, value }) =>
    expect({ severity, path, property, value }).toMatchObject({
      severity: 'warning',
      path: 'app/k8s',
      property: 'kubernetes[0]',
      value: { apiGroups: grant.apiGroups, resources: grant.resources, verbs: grant.verbs },
    }),
  );
  return found.map(({ problem }) => problem);
}

it.each<[string, Partial<KubernetesGrant>]>([
  ['to read pods', {}],
  ['to read logs', { resources: ['pods/log'], verbs: ['get'] }],
  ['to write Secrets', { resources: ['secrets'], verbs: ['create', 'delete'] }],
  ['to delete pods', { verbs: ['delete'] }],
  ['to evict pods', { resources: ['pods/eviction'], verbs: ['create'] }],
  ['to scale', { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['patch'] }],
  ['to read roles', { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['get', 'list'] }],
  ['on an API of somebody else', { apiGroups: ['acme.dev'], resources: ['widgets'], verbs: ['create', 'sync'] }],
  ['to get by name', { resourceNames: ['a'] }],
])('says nothing of a grant %s', (_, grant) => {
  expect(warnings(grant)).toEqual([]);
});

it.each<[string, Partial<KubernetesGrant>, string]>([
  ['every verb', { verbs: ['*'], resources: ['services'] }, 'has * in verbs'],
  ['every resource', { resources: ['*'] }, 'has * in resources'],
  ['every API group', { apiGroups: ['*'], resources: ['widgets'] }, 'has * in apiGroups'],
  ['the whole cluster', { scope: { kind: 'cluster' } }, 'holds in the whole cluster'],
  ['reading Secrets', { resources: ['pods', 'secrets'], verbs: ['list'] }, 'read Secrets'],
  ['reading Secrets by *', { resources: ['secrets'], verbs: ['*'] }, 'read Secrets'],
  ['reading Secrets in every group', { apiGroups: ['*'], resources: ['secrets'] }, 'read Secrets'],
  ['creating pods', { verbs: ['create'] }, 'run pods'],
  ['creating jobs', { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create'] }, 'run pods'],
  ['changing deployments', { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] }, 'run pods'],
  ['exec', { resources: ['pods/exec'], verbs: ['create'] }, 'into other pods'],
  ['exec by get, as older clients have it', { resources: ['pods/exec'], verbs: ['get'] }, 'into other pods'],
  ['every exec', { resources: ['*/exec'], verbs: ['create'] }, 'into other pods'],
  ['the kubelets', { resources: ['nodes/proxy'], verbs: ['get'], scope: { kind: 'cluster' } }, 'API of the kubelets'],
  ['tokens', { resources: ['serviceaccounts/token'], verbs: ['create'] }, 'become any service account'],
  [
    'escalate',
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['escalate'] },
    'give itself rights',
  ],
  [
    'bind',
    {
      apiGroups: ['rbac.authorization.k8s.io'],
      resources: ['clusterroles'],
      verbs: ['bind'],
      scope: { kind: 'cluster' },
    },
    'give out rights',
  ],
  ['impersonate', { resources: ['serviceaccounts'], verbs: ['impersonate'] }, 'act as somebody else'],
  [
    'writing bindings',
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings'], verbs: ['update'] },
    'change who may do what',
  ],
  [
    'approving certificates',
    {
      apiGroups: ['certificates.k8s.io'],
      resources: ['certificatesigningrequests/approval'],
      verbs: ['update'],
      scope: { kind: 'cluster' },
    },
    'issue certificates',
  ],
  [
    'webhooks',
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['mutatingwebhookconfigurations'],
      verbs: ['patch'],
      scope: { kind: 'cluster' },
    },
    'change whatever is written',
  ],
  [
    'volumes of nodes',
    { resources: ['persistentvolumes'], verbs: ['create'], scope: { kind: 'cluster' } },
    'files of nodes',
  ],
  ['labels of namespaces', { resources: ['namespaces'], verbs: ['patch'] }, 'labels of namespaces'],
  [
    'a resource that does not exist',
    { resources: ['pod'] },
    'grants nothing on pod, which is no resource of the core API group',
  ],
  ['a resource of another group', { resources: ['deployments'] }, 'grants nothing on deployments'],
  ['lists by name', { verbs: ['list'], resourceNames: ['a'] }, 'field selector'],
])('warns of %s', (_, grant, problem) => {
  expect(warnings(grant)).toContainEqual(expect.stringContaining(problem));
});

it('does not list everything that a wildcard grants', () => {
  expect(warnings({ apiGroups: ['*'], resources: ['*'], verbs: ['*'], scope: { kind: 'cluster' } })).toHaveLength(4);
});

it('warns of full access, and of no other profile', () => {
  const of = (profile: 'none' | 'network-only' | 'full-access') =>
    permissionWarnings(serverOf('k8s', { permissions: { ...DEFAULTS, profile, kubernetes: [] } })).map(
      ({ property, value }) => `${property} ${value}`,
    );
  expect([of('none'), of('network-only'), of('full-access')]).toEqual([[], [], ['permissionProfile full-access']]);
});

it('says nothing of a server that runs elsewhere', () => {
  expect(permissionWarnings(serverOf('crm'))).toEqual([]);
});
