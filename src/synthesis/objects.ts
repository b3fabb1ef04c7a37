import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isMaterialized, jsonForCompiler } from './materialize';
import { ClaimReach, reachOf } from '../backends/kubernetes/claims';
import { ClusterService } from '../model/cluster';
import { Diagnostic, errorKind, findingOf } from '../model/findings';
import { IsolatedPods } from '../model/network';
import { NamespaceLabels } from '../model/topology';
import { Json } from '../values/json';
import { compareText } from '../values/text';
import { misreadTexts } from '../values/yaml';

/** The namespaces of an app, with their labels. */
export function declaredNamespaces(constructs: readonly IConstruct[]): NamespaceLabels[] {
  return constructs.flatMap(construct => {
    if (!ApiObject.isApiObject(construct)) {
      return [];
    }
    const object = construct as ApiObject;
    return object.kind === 'Namespace' && object.apiVersion === 'v1'
      ? [{ name: object.name, labels: object.metadata.toJson().labels ?? {} }]
      : [];
  });
}

/** The Services of an app, the library's own among them. */
export function declaredServices(constructs: readonly IConstruct[]): ClusterService[] {
  return objectsOf(constructs, 'v1', 'Service').flatMap(({ metadata, spec = {} }) =>
    metadata.namespace === undefined
      ? []
      : [
          {
            namespace: metadata.namespace,
            name: metadata.name,
            ...(Object.keys(spec.selector ?? {}).length === 0 ? {} : { selector: spec.selector }),
            ports: (spec.ports ?? []).map((port: Json) => portOf(port, spec.clusterIP === 'None')),
          },
        ],
  );
}

/** How many nodes may mount each claim of an app, by namespace and name. */
export function declaredClaims(constructs: readonly IConstruct[]): ReadonlyMap<string, ClaimReach> {
  return new Map(
    objectsOf(constructs, 'v1', 'PersistentVolumeClaim').map(({ metadata, spec = {} }) => [
      objectKey(metadata.namespace ?? '', metadata.name),
      reachOf(spec.accessModes ?? []),
    ]),
  );
}

/** Roles that the user's own bindings give to ServiceAccounts, as `ClusterRole view`, by namespace and name of the account. */
export function rolesOfAccounts(constructs: readonly IConstruct[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const bindings = ['RoleBinding', 'ClusterRoleBinding'].flatMap(kind =>
    objectsOf(constructs, 'rbac.authorization.k8s.io/v1', kind),
  );
  for (const { metadata, roleRef, subjects = [] } of bindings) {
    for (const { kind, name, namespace = metadata.namespace } of subjects) {
      if (kind === 'ServiceAccount') {
        const key = objectKey(namespace ?? '', name);
        found.set(key, [...(found.get(key) ?? []), `${roleRef.kind} ${roleRef.name}`]);
      }
    }
  }
  return found;
}

/** A claim or account among those of an app. */
export function objectKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function portOf({ port, targetPort, protocol = 'TCP' }: Json, headless: boolean): ClusterService['ports'][number] {
  // Clients of a headless Service connect to the pods themselves, and nothing maps the port.
  const reached = headless ? port : (targetPort ?? port);
  return { port, protocol, ...(typeof reached === 'number' ? { targetPort: reached } : {}) };
}

/** Pods that NetworkPolicies of the user's own keep from connections. */
export function isolatedPods(constructs: readonly IConstruct[]): IsolatedPods[] {
  return objectsOf(constructs, 'networking.k8s.io/v1', 'NetworkPolicy')
    .filter(({ spec = {} }) => spec.policyTypes?.includes('Egress') ?? spec.egress !== undefined)
    .map(({ metadata, spec: { podSelector = {} } }) => ({
      namespace: metadata.namespace ?? '',
      pods: {
        matchLabels: podSelector.matchLabels ?? {},
        matchExpressions: (podSelector.matchExpressions ?? []).map(({ key, operator, values = [] }: Json) => ({
          key,
          operator,
          values,
        })),
      },
    }));
}

function objectsOf(constructs: readonly IConstruct[], apiVersion: string, kind: string): Json[] {
  return constructs
    .filter(
      (construct): construct is ApiObject =>
        ApiObject.isApiObject(construct) &&
        (construct as ApiObject).kind === kind &&
        (construct as ApiObject).apiVersion === apiVersion &&
        !isMaterialized(construct as ApiObject),
    )
    .map(jsonForCompiler);
}

const OBJECT_NAME_TWICE = errorKind(
  'object-name-twice',
  '"{other}" emits objects of the same name in the same namespace ({objects})',
  'Give one of them another name or namespace; where they are for different clusters, an McpCluster around each',
);

interface Claim {
  readonly object: ApiObject;
  /** The construct of this library that owns the object; undefined for the user's own objects. */
  readonly owner?: IConstruct;
}

/** The construct of this library that an object is of; undefined for the user's own objects. */
export function ownerOf(object: IConstruct, isOurs: (construct: IConstruct) => boolean): IConstruct | undefined {
  for (let scope: IConstruct | undefined = object; scope !== undefined; scope = scope.node.scope) {
    if (isOurs(scope)) {
      return scope;
    }
  }
  return undefined;
}

/**
 * Objects that would overwrite each other when applied, at least one of which
 * this library emits. Names are API here, so they are never made unique by a
 * hash: a collision is the user's to resolve.
 */
export function objectCollisions(
  constructs: readonly IConstruct[],
  isOurs: (construct: IConstruct) => boolean,
): Diagnostic[] {
  const claims = new Map<string, Claim>();
  const kinds = new Map<
    string,
    { readonly first: IConstruct; readonly second: IConstruct; readonly name: string; readonly kinds: string[] }
  >();
  for (const construct of constructs) {
    if (!ApiObject.isApiObject(construct)) {
      continue;
    }
    const object = construct as ApiObject;
    const key = `${object.apiGroup}/${object.kind}/${object.metadata.namespace ?? ''}/${object.name}`;
    // The policy of a client stands below a workload of the user's.
    const claim = {
      object,
      owner: ownerOf(object, isOurs) ?? (isMaterialized(object) ? object.node.scope : undefined),
    };
    const earlier = claims.get(key);
    if (earlier === undefined) {
      claims.set(key, claim);
    } else if (claim.owner !== undefined || earlier.owner !== undefined) {
      const first = earlier.owner ?? earlier.object;
      const second = claim.owner ?? claim.object;
      // One finding a pair: two servers of one name collide in five objects, but that is one mistake.
      const pair = `${first.node.path}\n${second.node.path}\n${object.name}`;
      const known = kinds.get(pair);
      if (known === undefined) {
        kinds.set(pair, { first, second, name: object.name, kinds: [object.kind] });
      } else {
        known.kinds.push(object.kind);
      }
    }
  }
  return [...kinds.values()].map(({ first, second, name, kinds: collided }) => {
    const ours = isOurs(second) ? second : first;
    const other = ours === second ? first : second;
    return findingOf(OBJECT_NAME_TWICE, ours.node.path, 'name', name, {
      other: other.node.path,
      objects: collided.sort(compareText).join(', '),
    });
  });
}

const UNWRITABLE = errorKind(
  'object-unwritable',
  'cannot be written ({message})',
  'Correct what it is made of: texts, numbers, true and false, lists, and plain objects without a field named constructor',
);

const TEXT_MISREAD = errorKind(
  'text-misread',
  'is text that cdk8s writes without quotes, and that kubectl takes for a number',
  'Use McpApp in place of App, which quotes it, or write it in another way',
);

/** What somebody said that would not be read as it is. */
export function misreadFindings(path: string, said: unknown): Diagnostic[] {
  return misreadTexts(said).map(({ place, text }) => findingOf(TEXT_MISREAD, path, place, text));
}

/** Whether somebody has patched an object: cdk8s applies patches when it writes, and keeps them to itself. */
function isPatched(object: ApiObject): boolean {
  return ((object as unknown as { readonly patches?: readonly unknown[] }).patches ?? []).length > 0;
}

/**
 * Objects of an app that cdk8s fails to write. It writes file by file: one that fails would leave those of other charts written,
 * and its own missing. What this library makes is checked where it is said, and need not be rendered for it, unless somebody
 * has patched it.
 */
export function unwritableObjects(
  constructs: readonly IConstruct[],
  isOurs: (construct: IConstruct) => boolean,
): Diagnostic[] {
  const objects = constructs.filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  return objects
    .filter(object => isPatched(object) || !object.node.scopes.some(isOurs))
    .flatMap(object => {
      let json: unknown;
      const problems = unwritable(object.node.path, object.kind, object.name, () => {
        json = object.toJson();
      });
      return [...problems, ...misreadFindings(object.node.path, json)];
    });
}

/** What cdk8s or cdk8s-plus say of something that they cannot write: they do not know where it was said. */
export function unwritable(path: string, property: string, value: unknown, render: () => unknown): Diagnostic[] {
  try {
    render();
    return [];
  } catch (error) {
    return [unwritableBecause(path, property, value, error as Error)];
  }
}

/** The same of what they have already failed to write. */
export function unwritableBecause(path: string, property: string, value: unknown, error: Error): Diagnostic {
  const [message] = error.message.replace(/^Failed serializing construct.*?: (Error: )?/, '').split('\n');
  return findingOf(UNWRITABLE, path, property, value, { message });
}
