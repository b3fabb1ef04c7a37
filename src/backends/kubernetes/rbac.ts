import { KubernetesGrant } from '../../model/permissions';
import { ScopedRules, scopedRules } from '../../passes/permissions/kubernetes-rules';
import { Json } from '../../values/json';

const RBAC = 'rbac.authorization.k8s.io';

/** Whose rights are granted: a server by the name of its ServiceAccount. */
export interface Grantee {
  readonly name: string;
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

/** The objects that grant a server its rights: a Role and its binding in each namespace, a ClusterRole and its binding where asked for. */
export function rbacObjects(server: Grantee, grants: readonly KubernetesGrant[]): Json[] {
  return scopedRules(grants).flatMap(scope => roleAndBinding(server, scope));
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
      subjects: [{ kind: 'ServiceAccount', name: server.name, namespace: server.namespace }],
    },
  ];
}
