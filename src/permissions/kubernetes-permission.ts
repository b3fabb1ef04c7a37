import * as kplus from 'cdk8s-plus-28';
import { Codec } from '../api/codec';
import {
  checkApiGroup,
  checkResource,
  checkRights,
  kubeResources,
  KubeResourcesValue,
} from '../api/permission-profile';
import { Place } from '../api/place';
import { noField, unseenFields } from '../api/upstream';
import { errorKind } from '../model/findings';

/** Rights of a server on the Kubernetes API. */
export interface KubernetesPermission {
  /**
   * Kinds of objects, such as `ApiResource.PODS`; a sub-resource is a resource of its own
   * (`ApiResource.custom({ apiGroup: '', resourceType: 'pods/log' })`). A single object, such as a Secret of the app, grants rights on
   * that object alone.
   */
  readonly resources: kplus.IApiResource[];

  /** What may be done with them: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, and the special verbs of Kubernetes. */
  readonly verbs: string[];

  /**
   * Verbs that Kubernetes itself does not know, for APIs that check their own. They are not held against a list.
   *
   * @default - none
   */
  readonly customVerbs?: string[];

  /**
   * Namespaces the rights hold in. Each gets a Role and a RoleBinding.
   *
   * @default - the namespace of the server's pods
   */
  readonly namespaces?: string[];

  /**
   * Names of single objects.
   *
   * @default - all objects
   */
  readonly resourceNames?: string[];

  /**
   * Grants in all namespaces, and for what is in none, such as nodes, by a ClusterRole and a ClusterRoleBinding. Always a warning.
   *
   * @default false
   */
  readonly clusterWide?: boolean;
}

const NO_RESOURCES = errorKind(
  'kubernetes-permission-resources-empty',
  'is empty, so it grants nothing',
  'Name resources, such as ApiResource.PODS',
);
const NO_NAMESPACES = errorKind(
  'kubernetes-permission-namespaces-empty',
  'is empty, so it grants nothing',
  'Name at least one, or leave it out for the namespace of the server',
);
const NO_NAMES = errorKind(
  'kubernetes-permission-names-empty',
  'is empty, which RBAC takes for every object',
  'Name at least one object, or leave it out for all',
);
const OTHER_OBJECTS = errorKind(
  'kubernetes-permission-other-objects',
  'is a single object, and resourceNames name others',
  'Keep one of the two',
);
const NO_FIELD = errorKind('permission-without-field', noField('MCPServer'), '{remedy}');

/** Checks one permission. */
export function checkKubernetesPermission(permission: KubernetesPermission, place: Place): void {
  const { resources, namespaces, resourceNames } = permission;
  place.at('resources').report(NO_RESOURCES, resources.length, resources.length === 0);
  place.at('namespaces').report(NO_NAMESPACES, namespaces, namespaces?.length === 0);
  place.at('resourceNames').report(NO_NAMES, resourceNames, resourceNames?.length === 0);
  checkRights(permission, place);
  resources.forEach(({ apiGroup: given, resourceType, resourceName }, i) => {
    const apiGroup = groupOf(given);
    const at = place.at('resources', i);
    const names = resourceName === undefined ? resourceNames : [resourceName];
    checkApiGroup(apiGroup, at);
    checkResource(resourceType, [apiGroup], { ...permission, resourceNames: names }, at);
    at.report(OTHER_OBJECTS, resourceName, resourceName !== undefined && resourceNames !== undefined);
  });
}

/** Reports what of a permission the resource of an operator has no field for. */
export function checkForController(permission: KubernetesPermission, place: Place): void {
  const resourceNames = kubeResourcesOf(permission).flatMap(value => value.resourceNames ?? []);
  const said = {
    clusterWide: permission.clusterWide === true ? true : undefined,
    resourceNames: resourceNames.length === 0 ? undefined : resourceNames,
  };
  refuseUnseen(kubeResources, said, place);
}

/** Reports what of a field the resource of an operator has no field for. */
export function refuseUnseen(field: Codec<unknown>, json: unknown, place: Place): void {
  unseenFields(field, json).forEach(({ path, value, remedy }) => place.at(...path).report(NO_FIELD, value, { remedy }));
}

/** A permission as resources say it: one for each API group, because each grants all its resources in all its groups. */
export function kubeResourcesOf(permission: KubernetesPermission): KubeResourcesValue[] {
  const parts = new Map<string, KubeResourcesValue>();
  for (const { apiGroup: given, resourceType, resourceName } of permission.resources) {
    const apiGroup = groupOf(given);
    const key = JSON.stringify([apiGroup, resourceName ?? null]);
    parts.set(key, {
      apiGroups: [apiGroup],
      resources: [...(parts.get(key)?.resources ?? []), resourceType],
      verbs: permission.verbs,
      customVerbs: permission.customVerbs,
      namespaces: permission.namespaces,
      resourceNames: resourceName === undefined ? permission.resourceNames : [resourceName],
      clusterWide: permission.clusterWide,
    });
  }
  return [...parts.values()];
}

/** The core group, which has no name, is `core` to the objects of cdk8s. */
function groupOf(apiGroup: string): string {
  return apiGroup === 'core' ? '' : apiGroup;
}
