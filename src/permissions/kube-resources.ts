import { noField } from '../api/upstream';
import { InputCheck } from '../model/input';
import { namespaceProblem } from '../model/names';
import { KubernetesGrant } from '../model/permissions';
import { PolicyOrigin } from '../model/policy';
import { KUBERNETES_VERBS, needsClusterScope } from '../passes/permissions/api-resources';
import { compact, Json } from '../values/json';

/** Rights on the Kubernetes API as resources write them (`permissionProfile.inline.allow[].kubeResources`). */
export interface KubeResources {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Verbs that Kubernetes does not know. */
  readonly customVerbs: readonly string[];
  /** Undefined means the server's own. */
  readonly namespaces?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly clusterWide: boolean;
}

const VERB = /^[a-z]+(-[a-z]+)*$/;
const API_GROUP = /^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$/;
const RESOURCE = /^(\*|[a-z][-a-z0-9.]*)(\/[a-z][-a-z0-9]*)?$/;
/** What RBAC takes for a name: it stands in paths of the API. */
const NAME = /^(?!\.\.?$)[^/%\s]+$/;

/** Checks everything but the resources. */
export function checkScope(
  input: InputCheck,
  place: string,
  { verbs, customVerbs, namespaces, resourceNames, clusterWide }: Omit<KubeResources, 'apiGroups' | 'resources'>,
): void {
  input.check(
    `${place}verbs`,
    verbs,
    verbs.length + customVerbs.length === 0 ? 'is empty, so it grants nothing' : undefined,
    'Name verbs, such as get, list and watch',
  );
  verbs.forEach((verb, i) =>
    input.check(
      `${place}verbs[${i}]`,
      verb,
      KUBERNETES_VERBS.includes(verb) ? undefined : 'is not a verb of Kubernetes',
      remedyForVerb(verb),
    ),
  );
  customVerbs.forEach((verb, i) =>
    input.check(
      `${place}customVerbs[${i}]`,
      verb,
      VERB.test(verb) ? undefined : 'is not a verb (lower-case letters and "-")',
      'Correct it',
    ),
  );
  input.check(
    `${place}namespaces`,
    namespaces,
    namespaces?.length === 0 ? 'is empty, so it grants nothing' : undefined,
    'Name at least one, or leave it out for the namespace of the server',
  );
  namespaces?.forEach((namespace, i) =>
    input.check(
      `${place}namespaces[${i}]`,
      namespace,
      namespaceProblem(namespace),
      namespace === '*' ? 'Name the namespaces, or say clusterWide: true' : 'Correct it',
    ),
  );
  input.check(
    `${place}namespaces`,
    namespaces,
    clusterWide && namespaces !== undefined ? 'are named, and the whole cluster is asked for (clusterWide)' : undefined,
    'Keep one of the two',
  );
  input.check(
    `${place}resourceNames`,
    resourceNames,
    resourceNames?.length === 0 ? 'is empty, which RBAC takes for every object' : undefined,
    'Name at least one object, or leave it out for all',
  );
  resourceNames?.forEach((name, i) =>
    input.check(
      `${place}resourceNames[${i}]`,
      name,
      NAME.test(name) ? undefined : 'is not a name of an object; wildcards are none either',
      'Name single objects',
    ),
  );
}

/** Checks one resource in its groups. */
export function checkResource(
  input: InputCheck,
  property: string,
  resource: string,
  rest: Omit<KubeResources, 'resources'>,
): void {
  const { apiGroups, resourceNames, clusterWide } = rest;
  const verbs = [...rest.verbs, ...rest.customVerbs];
  const shown = (group: string) => (group === '' ? resource : `${group}/${resource}`);
  input.check(
    property,
    resource,
    resourceProblem(resource),
    'Write the plural in lower case, such as pods or pods/log',
  );
  const clusterScoped = clusterWide ? undefined : apiGroups.find(group => needsClusterScope(group, resource, verbs));
  input.check(
    property,
    clusterScoped === undefined ? undefined : shown(clusterScoped),
    clusterScoped === undefined ? undefined : 'belongs to no namespace, so a Role in a namespace cannot grant it',
    'Say clusterWide: true, if the server needs it in the whole cluster, or leave it out',
  );
  const nameless = resource.includes('/') ? [] : verbs.filter(verb => verb === 'create' || verb === 'deletecollection');
  input.check(
    property,
    resource,
    resourceNames !== undefined && nameless.length > 0
      ? `cannot be granted with ${nameless.join(' and ')} for named objects: such requests carry no name`
      : undefined,
    `Grant ${nameless.join(' and ')} without resourceNames, in a permission of its own`,
  );
}

/** Checks the name of an API group. */
export function checkApiGroup(input: InputCheck, property: string, group: string): void {
  const version = /\/?v[0-9]+((alpha|beta)[0-9]+)?$/;
  input.check(
    property,
    group,
    group === 'core' || version.test(group)
      ? 'is not an API group, which has no version in it'
      : API_GROUP.test(group)
        ? undefined
        : 'is not an API group',
    group === 'core' || group.startsWith('v')
      ? 'Write "" for the core API group'
      : `Write ${JSON.stringify(group.replace(version, ''))}, if that is meant`,
  );
}

/** A grant as plain data. */
export function grantOf(
  { apiGroups, resources, verbs, customVerbs, namespaces, resourceNames, clusterWide }: KubeResources,
  ownNamespace: string,
  origin: PolicyOrigin,
): KubernetesGrant {
  return {
    apiGroups,
    resources,
    verbs: [...verbs, ...customVerbs],
    ...(resourceNames === undefined ? {} : { resourceNames }),
    scope: clusterWide ? { kind: 'cluster' } : { kind: 'namespaces', namespaces: namespaces ?? [ownNamespace] },
    origin,
  };
}

/** A grant as a resource writes it. Operators know verbs alone, whoever they are known to. */
export function kubeResourcesSpec(
  { apiGroups, resources, verbs, customVerbs, namespaces, resourceNames, clusterWide }: KubeResources,
  rendered: boolean,
): Json {
  return {
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: rendered ? [...verbs] : [...verbs, ...customVerbs],
    ...compact({
      customVerbs: rendered ? [...customVerbs] : undefined,
      namespaces: namespaces && [...namespaces],
      resourceNames: resourceNames && [...resourceNames],
      clusterWide: clusterWide ? true : undefined,
    }),
  };
}

/** Reports what the resource of an operator has no field for. */
export function checkForController(
  input: InputCheck,
  place: string,
  { resourceNames, clusterWide }: Pick<KubeResources, 'resourceNames' | 'clusterWide'>,
): void {
  const problem = noField('MCPServer');
  input.check(
    `${place}resourceNames`,
    resourceNames,
    resourceNames === undefined ? undefined : problem,
    'Grant all objects, or use Reconciliation.RENDERED',
  );
  input.check(
    `${place}clusterWide`,
    clusterWide,
    clusterWide ? problem : undefined,
    'Name namespaces, or use Reconciliation.RENDERED',
  );
}

function resourceProblem(resource: string): string | undefined {
  if (resource.endsWith('/*')) {
    return 'is a wildcard that RBAC does not have, and would grant nothing (there are "*" and "*/SUBRESOURCE")';
  }
  return RESOURCE.test(resource) ? undefined : 'is not a resource';
}

function remedyForVerb(verb: string): string {
  const known = KUBERNETES_VERBS.filter(candidate => candidate !== '*').join(', ');
  return `Write one of ${known}${VERB.test(verb) ? '; list a verb of an API of your own in customVerbs' : ''}`;
}
