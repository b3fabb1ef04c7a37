import { KubernetesGrant, RoleGrant } from '../../model/permissions';
import { ScopedRules, scopedRules } from '../../passes/permissions/kubernetes-rules';
import { Json } from '../../values/json';
import { compareText } from '../../values/text';

const RBAC = 'rbac.authorization.k8s.io';

/** Whose rights are granted. */
export interface Grantee {
  readonly name: string;
  /** The ServiceAccount of its pods. */
  readonly account: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Name of the roles of a server outside of its own namespace, and of those for the whole cluster. Neither part has a dot
 * in it, so that two servers never share one: whoever applied last would take the other's rights.
 */
function foreignRoleName({ name, namespace }: Grantee): string {
  return `${namespace}.${name}`;
}

/**
 * The objects that grant a server its rights: a Role and its binding in each namespace, a ClusterRole and its binding where asked for, and
 * bindings of existing roles.
 */
export function rbacObjects(
  server: Grantee,
  grants: readonly KubernetesGrant[],
  roles: readonly RoleGrant[] = [],
): Json[] {
  return [...scopedRules(grants).flatMap(scope => roleAndBinding(server, scope)), ...boundRoles(server, roles)];
}

function boundRoles(server: Grantee, roles: readonly RoleGrant[]): Json[] {
  const all = roles.flatMap(({ kind, name, scope }) =>
    (scope.kind === 'cluster' ? [undefined] : scope.namespaces).map(namespace => ({ kind, name, namespace })),
  );
  const byText = new Map(all.map(bound => [JSON.stringify([bound.namespace ?? '', bound.kind, bound.name]), bound]));
  return [...byText]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { kind, name, namespace }]) => ({
      apiVersion: `${RBAC}/v1`,
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: {
        // Names of the server's own roles have one dot, so none of them is the same.
        name: `${foreignRoleName(server)}.${kind.toLowerCase()}.${name}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels: server.labels,
      },
      roleRef: { apiGroup: RBAC, kind, name },
      subjects: [subject(server)],
    }));
}

function subject({ account, namespace }: Grantee): Json {
  return { kind: 'ServiceAccount', name: account, namespace };
}

function roleAndBinding(server: Grantee, { namespace, rules }: ScopedRules): Json[] {
  const prefix = namespace === undefined ? 'Cluster' : '';
  const name = namespace === server.namespace ? server.name : foreignRoleName(server);
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), labels: server.labels };
  return [
    { apiVersion: `${RBAC}/v1`, kind: `${prefix}Role`, metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: `${prefix}RoleBinding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind: `${prefix}Role`, name },
      subjects: [subject(server)],
    },
  ];
}
