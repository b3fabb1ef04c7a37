import { isUnknownResource } from '../../model/api-resources';
import { Diagnostic, findingIf, FindingKind, findingOf, warningKind } from '../../model/findings';
import { KubernetesGrant } from '../../model/permissions';
import { Server } from '../../model/server';

const PROFILE_FULL_ACCESS = warningKind(
  'profile-full-access',
  'lets the server connect to anything, and gives it a token of the Kubernetes API',
  'Allow what it needs: PermissionProfile.inline',
);

/** What is allowed to servers and unwise. */
export function permissionWarnings(server: Server): Diagnostic[] {
  return [...profileWarnings(server), ...kubernetesWarnings(server)];
}

function profileWarnings({ path, permissions }: Server): Diagnostic[] {
  return permissions?.profile === 'full-access'
    ? [findingOf(PROFILE_FULL_ACCESS, path, 'permissionProfile', permissions.profile)]
    : [];
}

/**
 * Rights that are more than they seem, after "Role Based Access Control Good Practices" of the documentation of Kubernetes.
 */
interface Danger {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Verbs that are dangerous; undefined means every one. */
  readonly verbs?: readonly string[];
  readonly kind: FindingKind;
}

const RBAC = 'rbac.authorization.k8s.io';
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const CHANGE = ['create', 'update', 'patch'];

const DANGERS: readonly Danger[] = [
  {
    apiGroups: [''],
    resources: ['secrets'],
    verbs: ['get', 'list', 'watch'],
    kind: warningKind(
      'grant-of-secrets',
      'lets the server, and whoever may call its tools, read Secrets, tokens of service accounts among them',
      'Name single Secrets (resourceNames) with the verb get, or pass the server what it needs (env)',
    ),
  },
  {
    apiGroups: [''],
    resources: ['pods', 'replicationcontrollers', 'podtemplates'],
    verbs: CHANGE,
    kind: warningKind(
      'grant-of-pods',
      'lets the server run pods, with any service account and Secret of the namespace',
      'Grant it in a namespace where nothing else runs, or leave it out',
    ),
  },
  {
    apiGroups: ['apps', 'batch'],
    resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets', 'cronjobs', 'jobs'],
    verbs: CHANGE,
    kind: warningKind(
      'grant-of-workloads',
      'lets the server run pods, with any service account and Secret of the namespace',
      'Grant it in a namespace where nothing else runs, or leave it out; to scale, grant the sub-resource scale',
    ),
  },
  {
    apiGroups: [''],
    // API servers before 1.35 take `get` for it as well.
    resources: [
      'pods/exec',
      'pods/attach',
      'pods/ephemeralcontainers',
      'pods/portforward',
      'pods/proxy',
      'services/proxy',
    ],
    verbs: ['get', 'create', 'update', 'patch', 'delete'],
    kind: warningKind(
      'grant-of-other-pods',
      'lets the server into other pods: it can do there what they can',
      'Leave it out, or name single objects (resourceNames)',
    ),
  },
  {
    apiGroups: [''],
    resources: ['nodes/proxy'],
    kind: warningKind(
      'grant-of-kubelets',
      'gives the server the API of the kubelets: it can run anything in any pod, and no audit log shows it',
      'Leave it out; metrics and logs have resources of their own (nodes/metrics, pods/log)',
    ),
  },
  {
    apiGroups: [''],
    resources: ['serviceaccounts/token'],
    verbs: ['create'],
    kind: warningKind(
      'grant-of-account-tokens',
      'lets the server become any service account',
      'Leave it out, or name one account (resourceNames)',
    ),
  },
  {
    apiGroups: [''],
    resources: ['persistentvolumes'],
    verbs: CHANGE,
    kind: warningKind(
      'grant-of-host-paths',
      'lets the server reach the files of nodes, by volumes of type hostPath',
      'Grant persistentvolumeclaims instead',
    ),
  },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['update', 'patch'],
    kind: warningKind(
      'grant-of-namespace-labels',
      'lets the server change the labels of namespaces, by which Pod Security and network policies are chosen',
      'Leave it out',
    ),
  },
  {
    apiGroups: [RBAC],
    resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    verbs: WRITE,
    kind: warningKind('grant-of-roles', 'lets the server change who may do what', 'Leave it out'),
  },
  {
    apiGroups: ['certificates.k8s.io'],
    resources: ['certificatesigningrequests/approval', 'signers'],
    verbs: ['update', 'patch', 'approve', 'sign'],
    kind: warningKind(
      'grant-of-certificates',
      'lets the server issue certificates that the API server takes for those of anybody',
      'Leave it out',
    ),
  },
  {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: [
      'mutatingwebhookconfigurations',
      'validatingwebhookconfigurations',
      'mutatingadmissionpolicies',
      'mutatingadmissionpolicybindings',
    ],
    verbs: CHANGE,
    kind: warningKind(
      'grant-of-admission',
      'lets the server read and change whatever is written to the API',
      'Leave it out',
    ),
  },
];

/** Verbs that are dangerous on whatever they are granted on. */
const DANGEROUS_VERBS: ReadonlyMap<string, FindingKind> = new Map([
  ['bind', warningKind('grant-of-bind', 'lets the server give out rights that it does not have', 'Leave out bind')],
  [
    'escalate',
    warningKind('grant-of-escalate', 'lets the server give itself rights that it does not have', 'Leave out escalate'),
  ],
  ['impersonate', warningKind('grant-of-impersonate', 'lets the server act as somebody else', 'Leave out impersonate')],
]);

const GRANT_OF_ALL = warningKind(
  'grant-of-all',
  'has * in {field}: it grants all there is, and whatever a later version of the cluster adds',
  'Name the {field} that the server needs',
);
const GRANT_CLUSTER_WIDE = warningKind(
  'grant-cluster-wide',
  'holds in the whole cluster, in namespaces that are created later too',
  'Name namespaces, if the resources are in namespaces',
);
const GRANT_OF_UNKNOWN_RESOURCE = warningKind(
  'grant-of-unknown-resource',
  'grants nothing on {resource}, which is no resource of {groups}',
  'Correct the resource (plural, lower case) or its API group',
);
const GRANT_OF_NAMED_LISTS = warningKind(
  'grant-of-named-lists',
  'grants lists of named objects: they are allowed only with the field selector metadata.name=NAME',
  'Grant get, or lists without names',
);

const ROLE_UNKNOWN = warningKind(
  'role-unknown',
  'is a role that the app does not make: the server has whatever it grants, now and later',
  'Say what the server needs (allowKubernetes), or look at the role (kubectl describe) and acknowledge this',
);

/** Grants of a server that are allowed and unwise, and those that grant nothing. */
function kubernetesWarnings({ permissions }: Server): Diagnostic[] {
  return [
    ...(permissions?.kubernetes ?? []).flatMap(grantWarnings),
    ...(permissions?.roles ?? []).flatMap(({ kind, name, scope, origin }) => [
      ...findingIf(ROLE_UNKNOWN, origin.path, origin.property, name, !(kind === 'ClusterRole' && name === 'view')),
      ...findingIf(GRANT_CLUSTER_WIDE, origin.path, origin.property, name, scope.kind === 'cluster'),
    ]),
  ];
}

function grantWarnings(grant: KubernetesGrant): Diagnostic[] {
  const at = [grant.origin.path, grant.origin.property, ruleOf(grant)] as const;
  const wildcards = (['apiGroups', 'resources', 'verbs'] as const).filter(field => grant[field].includes('*'));
  const everything = grant.resources.includes('*');
  const { resourceNames } = grant;
  const lists = grant.verbs.some(verb => verb === 'list' || verb === 'watch');
  return [
    ...wildcards.map(field => findingOf(GRANT_OF_ALL, ...at, { field })),
    ...findingIf(GRANT_CLUSTER_WIDE, ...at, grant.scope.kind === 'cluster'),
    // All there is has been said already.
    ...(everything ? [] : DANGERS.filter(danger => applies(danger, grant)).map(({ kind }) => findingOf(kind, ...at))),
    ...grant.verbs.flatMap(verb => DANGEROUS_VERBS.get(verb) ?? []).map(kind => findingOf(kind, ...at)),
    ...grant.resources
      .filter(resource => isUnknownResource(grant.apiGroups, resource))
      .map(resource =>
        findingOf(GRANT_OF_UNKNOWN_RESOURCE, ...at, { resource, groups: groupsInWords(grant.apiGroups) }),
      ),
    ...findingIf(GRANT_OF_NAMED_LISTS, ...at, resourceNames !== undefined && lists),
  ];
}

function applies({ apiGroups, resources, verbs }: Danger, grant: KubernetesGrant): boolean {
  return (
    grant.apiGroups.some(group => group === '*' || apiGroups.includes(group)) &&
    grant.resources.some(granted => resources.some(resource => covers(granted, resource))) &&
    grant.verbs.some(verb => verb === '*' || verbs === undefined || verbs.includes(verb))
  );
}

/** Whether a granted resource is a resource, or stands for a sub-resource of everything, as in `*` + `/scale`. */
function covers(granted: string, resource: string): boolean {
  return granted === resource || (granted.startsWith('*/') && resource.endsWith(granted.slice(1)));
}

/** A grant as messages show it. */
function ruleOf({ apiGroups, resources, resourceNames, verbs, scope }: KubernetesGrant): object {
  return {
    apiGroups,
    resources,
    ...(resourceNames === undefined ? {} : { resourceNames }),
    verbs,
    ...(scope.kind === 'namespaces' ? { namespaces: scope.namespaces } : { clusterWide: true }),
  };
}

function groupsInWords(groups: readonly string[]): string {
  return groups.map(group => (group === '' ? 'the core API group' : group)).join(' or ');
}
