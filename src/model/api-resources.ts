/*
 * Resources of Kubernetes' own API groups, as its API server lists them (1.28 to 1.34). A conformance test compares.
 */

/** Resources of an API group that are in namespaces, and that are not. */
interface GroupResources {
  readonly namespaced: readonly string[];
  readonly cluster: readonly string[];
}

const GROUPS: ReadonlyMap<string, GroupResources> = new Map<string, GroupResources>(
  Object.entries({
    '': {
      namespaced: [
        'bindings',
        'configmaps',
        'endpoints',
        'events',
        'limitranges',
        'persistentvolumeclaims',
        'pods',
        'podtemplates',
        'replicationcontrollers',
        'resourcequotas',
        'secrets',
        'serviceaccounts',
        'services',
      ],
      // Users and groups are no objects, but what `impersonate` is granted on.
      cluster: ['componentstatuses', 'groups', 'namespaces', 'nodes', 'persistentvolumes', 'users'],
    },
    'admissionregistration.k8s.io': {
      namespaced: [],
      cluster: [
        'mutatingadmissionpolicies',
        'mutatingadmissionpolicybindings',
        'mutatingwebhookconfigurations',
        'validatingadmissionpolicies',
        'validatingadmissionpolicybindings',
        'validatingwebhookconfigurations',
      ],
    },
    'apiextensions.k8s.io': { namespaced: [], cluster: ['customresourcedefinitions'] },
    'apiregistration.k8s.io': { namespaced: [], cluster: ['apiservices'] },
    apps: {
      namespaced: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
      cluster: [],
    },
    'authentication.k8s.io': { namespaced: [], cluster: ['selfsubjectreviews', 'tokenreviews', 'uids', 'userextras'] },
    'authorization.k8s.io': {
      namespaced: ['localsubjectaccessreviews'],
      cluster: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'subjectaccessreviews'],
    },
    autoscaling: { namespaced: ['horizontalpodautoscalers'], cluster: [] },
    batch: { namespaced: ['cronjobs', 'jobs'], cluster: [] },
    'certificates.k8s.io': {
      namespaced: ['podcertificaterequests'],
      cluster: ['certificatesigningrequests', 'clustertrustbundles', 'signers'],
    },
    'coordination.k8s.io': { namespaced: ['leasecandidates', 'leases'], cluster: [] },
    'discovery.k8s.io': { namespaced: ['endpointslices'], cluster: [] },
    'events.k8s.io': { namespaced: ['events'], cluster: [] },
    'flowcontrol.apiserver.k8s.io': { namespaced: [], cluster: ['flowschemas', 'prioritylevelconfigurations'] },
    'networking.k8s.io': {
      namespaced: ['ingresses', 'networkpolicies'],
      cluster: ['ingressclasses', 'ipaddresses', 'servicecidrs'],
    },
    'node.k8s.io': { namespaced: [], cluster: ['runtimeclasses'] },
    'ome.io': {
      namespaced: ['inferenceservices', 'mcpgateways', 'mcproutes', 'mcpservers'],
      cluster: ['clustermcpgateways', 'clustermcpservers'],
    },
    policy: { namespaced: ['poddisruptionbudgets'], cluster: [] },
    'rbac.authorization.k8s.io': {
      namespaced: ['rolebindings', 'roles'],
      cluster: ['clusterrolebindings', 'clusterroles'],
    },
    'resource.k8s.io': {
      namespaced: ['resourceclaims', 'resourceclaimtemplates'],
      cluster: ['deviceclasses', 'resourceslices'],
    },
    'scheduling.k8s.io': { namespaced: [], cluster: ['priorityclasses'] },
    'storage.k8s.io': {
      namespaced: ['csistoragecapacities'],
      cluster: ['csidrivers', 'csinodes', 'storageclasses', 'volumeattachments', 'volumeattributesclasses'],
    },
    'storagemigration.k8s.io': { namespaced: [], cluster: ['storageversionmigrations'] },
  }),
);

/** A group of which others may add resources. */
const OPEN_GROUP = 'ome.io';

/** Verbs that mean something to Kubernetes itself. */
export const KUBERNETES_VERBS: readonly string[] = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'approve',
  'attest',
  'bind',
  'escalate',
  'impersonate',
  'sign',
  'use',
  '*',
];

/** A request for one namespace is made in it, as far as RBAC is concerned: a Role there can grant these. */
const OWN_NAMESPACE_VERBS = ['get', 'update', 'patch', 'delete'];

/** A resource without its sub-resource: `pods` of `pods/log`. */
function mainResource(resource: string): string {
  return resource.split('/')[0];
}

/** Groups that have a resource of that name. */
export function groupsWith(resource: string): string[] {
  const main = mainResource(resource);
  return [...GROUPS]
    .filter(([, { namespaced, cluster }]) => namespaced.includes(main) || cluster.includes(main))
    .map(([group]) => group);
}

/** Whether a resource of Kubernetes or of this API can only be granted in the whole cluster. False for what is not known here. */
export function needsClusterScope(apiGroup: string, resource: string, verbs: readonly string[]): boolean {
  const main = mainResource(resource);
  if (main === 'namespaces' && verbs.every(verb => OWN_NAMESPACE_VERBS.includes(verb))) {
    return false;
  }
  const groups = apiGroup === '*' ? groupsWith(resource) : [apiGroup];
  return groups.length > 0 && groups.every(group => GROUPS.get(group)?.cluster.includes(main) === true);
}

/** Whether none of the groups has such a resource, as far as all of them are known here. */
export function isUnknownResource(apiGroups: readonly string[], resource: string): boolean {
  const found = groupsWith(resource);
  return (
    mainResource(resource) !== '*' &&
    apiGroups.every(group => group !== OPEN_GROUP && GROUPS.has(group) && !found.includes(group))
  );
}
