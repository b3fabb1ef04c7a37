import { errorKind, InputCheck } from '../model/findings';
import { RoleGrant } from '../model/permissions';
import { isNamespace, isObjectName, NAMESPACE_INVALID } from '../model/validation';

/** An existing role of the Kubernetes API, and where a server is to have its rights. Give one of `clusterRole` and `role`. */
export interface KubernetesRoleOptions {
  /**
   * Name of a ClusterRole, such as `view`.
   *
   * @default - none
   */
  readonly clusterRole?: string;

  /**
   * Name of a Role, which each of the namespaces has.
   *
   * @default - none
   */
  readonly role?: string;

  /**
   * Namespaces the rights hold in. Each gets a RoleBinding.
   *
   * @default - the namespace of the server's pods
   */
  readonly namespaces?: string[];

  /**
   * Binds the ClusterRole in all namespaces, and for what is in none, by a ClusterRoleBinding.
   *
   * @default false
   */
  readonly clusterWide?: boolean;
}

const ROLE_NOT_ONE = errorKind(
  'role-not-one',
  'has to be one role',
  'Give one of `clusterRole` and `role`, such as { clusterRole: "view" }',
);
const ROLE_NAME_INVALID = errorKind(
  'role-name-invalid',
  'is not the name of a role',
  'Name one as `kubectl get roles,clusterroles` shows it',
);
const ROLE_NAMESPACES_EMPTY = errorKind(
  'role-namespaces-empty',
  'is empty, so it grants nothing',
  'Name at least one, or leave it out for the namespace of the server',
);
const ROLE_CLUSTER_WIDE = errorKind(
  'role-cluster-wide',
  'does not go with {other}: a ClusterRoleBinding is of a ClusterRole and for all namespaces',
  'Drop one of the two',
);

/** Names of roles may have a colon in them (`system:auth-delegator`); they stand in paths of the API. */
const isRoleName = (name: string): boolean =>
  isObjectName(name) || (name.length <= 253 && /^[A-Za-z0-9](?:[A-Za-z0-9:._-]*[A-Za-z0-9])?$/.test(name));

/** Checks what is said of an existing role. */
export function checkKubernetesRole(input: InputCheck, place: string, options: KubernetesRoleOptions): void {
  const { clusterRole, role, namespaces, clusterWide } = options;
  input.report(ROLE_NOT_ONE, place, options, (clusterRole === undefined) === (role === undefined));
  input.reportGiven(ROLE_NAME_INVALID, `${place}.clusterRole`, clusterRole, name => !isRoleName(name));
  input.reportGiven(ROLE_NAME_INVALID, `${place}.role`, role, name => !isRoleName(name));
  input.report(ROLE_NAMESPACES_EMPTY, `${place}.namespaces`, namespaces, namespaces?.length === 0);
  namespaces?.forEach((name, i) =>
    input.report(NAMESPACE_INVALID, `${place}.namespaces[${i}]`, name, !isNamespace(name)),
  );
  const other = role !== undefined ? 'role' : namespaces !== undefined ? 'namespaces' : undefined;
  input.report(
    ROLE_CLUSTER_WIDE,
    `${place}.clusterWide`,
    clusterWide,
    clusterWide === true && other !== undefined ? { other } : undefined,
  );
}

/** An existing role as plain data, for a server whose pods are in a namespace. */
export function roleGrant(
  { clusterRole, role, namespaces, clusterWide }: KubernetesRoleOptions,
  namespace: string,
  origin: RoleGrant['origin'],
): RoleGrant {
  return {
    kind: clusterRole === undefined ? 'Role' : 'ClusterRole',
    name: (clusterRole ?? role)!,
    scope:
      clusterWide === true
        ? { kind: 'cluster' }
        : { kind: 'namespaces', namespaces: [...new Set(namespaces ?? [namespace])].sort() },
    origin,
  };
}
