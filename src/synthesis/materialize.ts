import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { clusterScoped } from './api-objects';
import { Json } from '../values/json';

const MATERIALIZED = new WeakMap<ApiObject, { json: Json }>();

/**
 * Makes the objects under a scope equal to a list: creates what is missing, renews what changed, removes what is no
 * longer wanted. The objects are ordinary ones: they can be found in the tree, by kind and name unless told otherwise, and
 * patched after the first synthesis.
 */
export function reconcileObjects(
  construct: Construct,
  id: string,
  objects: readonly Json[],
  keyOf: (object: Json) => string = kindAndName,
): void {
  const existing = construct.node.tryFindChild(id) as Construct | undefined;
  if (objects.length === 0) {
    if (existing !== undefined) {
      construct.node.tryRemoveChild(id);
    }
    return;
  }
  const scope = existing ?? new Construct(construct, id);
  const wanted = new Map(objects.map(object => [keyOf(object), object]));
  for (const child of scope.node.children.filter(candidate => !wanted.has(candidate.node.id))) {
    scope.node.tryRemoveChild(child.node.id);
  }
  for (const [key, json] of wanted) {
    const known = scope.node.tryFindChild(key) as ApiObject | undefined;
    if (known === undefined) {
      create(scope, key, json);
    } else {
      MATERIALIZED.get(known)!.json = json;
    }
  }
}

/** Whether an object is one of those. */
export function isMaterialized(object: ApiObject): boolean {
  return MATERIALIZED.has(object);
}

function kindAndName({ kind, metadata }: Json): string {
  return `${kind}-${metadata.name}`;
}

/** Ids for objects of several namespaces, or of none. */
export function kindAndPlace({ kind, metadata }: Json): string {
  return [kind, ...(metadata.namespace === undefined ? [] : [metadata.namespace]), metadata.name].join('-');
}

function create(scope: Construct, id: string, json: Json): void {
  const current = { json };
  const { apiVersion, kind, metadata, ...content } = json;
  const fields = Object.fromEntries(
    Object.keys(content).map(field => [field, Lazy.any({ produce: () => current.json[field] })]),
  );
  const object = new ApiObject(scope, id, { apiVersion, kind, metadata, ...fields });
  if (metadata.namespace === undefined) {
    clusterScoped(object);
  }
  MATERIALIZED.set(object, current);
}
