import * as kplus from 'cdk8s-plus-28';

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
