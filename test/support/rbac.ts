import { Manifest } from './validate';

/*
 * Whether a service account may do something by the roles among objects: the rules of Kubernetes' own authorizer
 * (`plugin/pkg/auth/authorizer/rbac`), in plain TypeScript.
 */

/** A request to the API server. */
export interface AccessRequest {
  readonly verb: string;
  readonly apiGroup: string;
  /** With its sub-resource, as in `pods/log`. */
  readonly resource: string;
  /** Undefined for what is in no namespace, or for all namespaces at once. */
  readonly namespace?: string;
  /** Name of one object; undefined for lists and what is yet to be created. */
  readonly name?: string;
}

/** Whether a service account may do something. */
export function mayDo(
  objects: readonly Manifest[],
  account: { readonly name: string; readonly namespace: string },
  request: AccessRequest,
): boolean {
  const isSubject = ({ subjects }: Manifest): boolean =>
    (subjects ?? []).some(
      (subject: Manifest) =>
        subject.kind === 'ServiceAccount' && subject.name === account.name && subject.namespace === account.namespace,
    );
  const bindings = objects.filter(
    object =>
      isSubject(object) &&
      (object.kind === 'ClusterRoleBinding' ||
        (object.kind === 'RoleBinding' && object.metadata.namespace === request.namespace)),
  );
  return bindings.some(({ metadata, roleRef }) => {
    const role = objects.find(
      object =>
        object.kind === roleRef.kind &&
        object.metadata.name === roleRef.name &&
        (roleRef.kind === 'ClusterRole' || object.metadata.namespace === metadata.namespace),
    );
    return (role?.rules ?? []).some((rule: Manifest) => grants(rule, request));
  });
}

function grants({ verbs, apiGroups, resources, resourceNames = [] }: Manifest, request: AccessRequest): boolean {
  return (
    has(verbs, request.verb) &&
    has(apiGroups, request.apiGroup) &&
    resources.some((resource: string) => covers(resource, request.resource)) &&
    (resourceNames.length === 0 || resourceNames.includes(request.name))
  );
}

function has(granted: readonly string[], asked: string): boolean {
  return granted.includes('*') || granted.includes(asked);
}

/** `*` is every resource and sub-resource, `*` with a sub-resource that one of every resource. */
function covers(granted: string, asked: string): boolean {
  const slash = asked.indexOf('/');
  return granted === '*' || granted === asked || (slash >= 0 && granted === `*${asked.slice(slash)}`);
}
