import { isUnknownResource } from '../../model/api-resources';
import { Diagnostic, warningAt } from '../../model/diagnostic';
import { KubernetesGrant } from '../../model/permissions';
import { Server } from '../../model/server';

/**
 * Rights that are more than they seem, after "Role Based Access Control Good Practices" of the documentation of Kubernetes.
 */
interface Danger {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Verbs that are dangerous; undefined means every one. */
  readonly verbs?: readonly string[];
  readonly problem: string;
  readonly remedy: string;
}

const RBAC = 'rbac.authorization.k8s.io';
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const CHANGE = ['create', 'update', 'patch'];

const DANGERS: readonly Danger[] = [
  {
    apiGroups: [''],
    resources: ['secrets'],
    verbs: ['get', 'list', 'watch'],
    problem: 'lets the server, and whoever may call its tools, read Secrets, tokens of service accounts among them',
    remedy: 'Name single Secrets (resourceNames) with the verb get, or pass the server what it needs (env)',
  },
  {
    apiGroups: [''],
    resources: ['pods', 'replicationcontrollers', 'podtemplates'],
    verbs: CHANGE,
    problem: 'lets the server run pods, with any service account and Secret of the namespace',
    remedy: 'Grant it in a namespace where nothing else runs, or leave it out',
  },
  {
    apiGroups: ['apps', 'batch'],
    resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets', 'cronjobs', 'jobs'],
    verbs: CHANGE,
    problem: 'lets the server run pods, with any service account and Secret of the namespace',
    remedy: 'Grant it in a namespace where nothing else runs, or leave it out; to scale, grant the sub-resource scale',
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
    problem: 'lets the server into other pods: it can do there what they can',
    remedy: 'Leave it out, or name single objects (resourceNames)',
  },
  {
    apiGroups: [''],
    resources: ['nodes/proxy'],
    problem: 'gives the server the API of the kubelets: it can run anything in any pod, and no audit log shows it',
    remedy: 'Leave it out; metrics and logs have resources of their own (nodes/metrics, pods/log)',
  },
  {
    apiGroups: [''],
    resources: ['serviceaccounts/token'],
    verbs: ['create'],
    problem: 'lets the server become any service account',
    remedy: 'Leave it out, or name one account (resourceNames)',
  },
  {
    apiGroups: [''],
    resources: ['persistentvolumes'],
    verbs: CHANGE,
    problem: 'lets the server reach the files of nodes, by volumes of type hostPath',
    remedy: 'Grant persistentvolumeclaims instead',
  },
  {
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['update', 'patch'],
    problem: 'lets the server change the labels of namespaces, by which Pod Security and network policies are chosen',
    remedy: 'Leave it out',
  },
  {
    apiGroups: [RBAC],
    resources: ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
    verbs: WRITE,
    problem: 'lets the server change who may do what',
    remedy: 'Leave it out',
  },
  {
    apiGroups: ['certificates.k8s.io'],
    resources: ['certificatesigningrequests/approval', 'signers'],
    verbs: ['update', 'patch', 'approve', 'sign'],
    problem: 'lets the server issue certificates that the API server takes for those of anybody',
    remedy: 'Leave it out',
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
    problem: 'lets the server read and change whatever is written to the API',
    remedy: 'Leave it out',
  },
];

/** Verbs that are dangerous on whatever they are granted on. */
const DANGEROUS_VERBS: ReadonlyMap<string, string> = new Map([
  ['bind', 'lets the server give out rights that it does not have'],
  ['escalate', 'lets the server give itself rights that it does not have'],
  ['impersonate', 'lets the server act as somebody else'],
]);

/** Grants of a server that are allowed and unwise, and those that grant nothing. */
export function kubernetesWarnings({ permissions }: Server): Diagnostic[] {
  return (permissions?.kubernetes ?? []).flatMap(grantWarnings);
}

function grantWarnings(grant: KubernetesGrant): Diagnostic[] {
  const warn = (problem: string, remedy: string): Diagnostic =>
    warningAt(grant.origin.path, grant.origin.property, ruleOf(grant), problem, remedy);
  const wildcards = (['apiGroups', 'resources', 'verbs'] as const).filter(field => grant[field].includes('*'));
  const everything = grant.resources.includes('*');
  const { resourceNames } = grant;
  return [
    ...wildcards.map(field =>
      warn(
        `has * in ${field}: it grants all there is, and whatever a later version of the cluster adds`,
        `Name the ${field} that the server needs`,
      ),
    ),
    ...(grant.scope.kind === 'cluster'
      ? [
          warn(
            'holds in the whole cluster, in namespaces that are created later too',
            'Name namespaces, if the resources are in namespaces',
          ),
        ]
      : []),
    // All there is has been said already.
    ...(everything
      ? []
      : DANGERS.filter(danger => applies(danger, grant)).map(({ problem, remedy }) => warn(problem, remedy))),
    ...grant.verbs
      .filter(verb => DANGEROUS_VERBS.has(verb))
      .map(verb => warn(DANGEROUS_VERBS.get(verb)!, `Leave out ${verb}`)),
    ...grant.resources
      .filter(resource => isUnknownResource(grant.apiGroups, resource))
      .map(resource =>
        warn(
          `grants nothing on ${resource}, which is no resource of ${groupsInWords(grant.apiGroups)}`,
          'Correct the resource (plural, lower case) or its API group',
        ),
      ),
    ...(resourceNames !== undefined && grant.verbs.some(verb => verb === 'list' || verb === 'watch')
      ? [
          warn(
            'grants lists of named objects: they are allowed only with the field selector metadata.name=NAME',
            'Grant get, or lists without names',
          ),
        ]
      : []),
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
