import { KubeResources, checkApiGroup, checkResource, checkScope } from './kube-resources';
import { KubernetesPermission } from './kubernetes-permission';
import { InputCheck } from '../model/input';

/** Checks one permission. `place` is what precedes its properties in messages. */
export function checkKubernetesPermission(input: InputCheck, place: string, permission: KubernetesPermission): void {
  const rest = {
    verbs: permission.verbs,
    customVerbs: permission.customVerbs ?? [],
    namespaces: permission.namespaces,
    resourceNames: permission.resourceNames,
    clusterWide: permission.clusterWide ?? false,
  };
  input.check(
    `${place}resources`,
    permission.resources.length,
    permission.resources.length === 0 ? 'is empty, so it grants nothing' : undefined,
    'Name resources, such as ApiResource.PODS',
  );
  checkScope(input, place, rest);
  permission.resources.forEach(({ apiGroup: given, resourceType, resourceName }, i) => {
    const apiGroup = groupOf(given);
    const property = `${place}resources[${i}]`;
    checkApiGroup(input, property, apiGroup);
    const resourceNames = resourceName === undefined ? permission.resourceNames : [resourceName];
    checkResource(input, property, resourceType, { ...rest, apiGroups: [apiGroup], resourceNames });
    input.check(
      property,
      resourceName,
      resourceName !== undefined && permission.resourceNames !== undefined
        ? 'is a single object, and resourceNames name others'
        : undefined,
      'Keep one of the two',
    );
  });
}

/** A permission as resources write it: one for each API group, because each grants all its resources in all its groups. */
export function kubeResourcesOf(permission: KubernetesPermission): KubeResources[] {
  const parts = new Map<string, KubeResources>();
  for (const { apiGroup: given, resourceType, resourceName } of permission.resources) {
    const apiGroup = groupOf(given);
    const resourceNames = resourceName === undefined ? permission.resourceNames : [resourceName];
    const key = JSON.stringify([apiGroup, resourceName ?? null]);
    parts.set(key, {
      apiGroups: [apiGroup],
      resources: [...(parts.get(key)?.resources ?? []), resourceType],
      verbs: permission.verbs,
      customVerbs: permission.customVerbs ?? [],
      namespaces: permission.namespaces,
      resourceNames,
      clusterWide: permission.clusterWide ?? false,
    });
  }
  return [...parts.values()];
}

/** The core group, which has no name, is `core` to the objects of cdk8s. */
function groupOf(apiGroup: string): string {
  return apiGroup === 'core' ? '' : apiGroup;
}
