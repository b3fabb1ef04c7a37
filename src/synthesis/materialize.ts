import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Json } from '../backends/kubernetes/pod-template';

const MATERIALIZED = new WeakMap<ApiObject, { json: Json }>();

/**
 * Makes the objects under a scope equal to a list: creates what is missing, renews what changed, removes what is no
 * longer wanted. The objects are ordinary ones: they can be found in the tree and patched after the first synthesis.
 */
export function reconcileObjects(construct: Construct, id: string, objects: readonly Json[]): void {
  const existing = construct.node.tryFindChild(id) as Construct | undefined;
  if (objects.length === 0) {
    if (existing !== undefined) {
      construct.node.tryRemoveChild(id);
    }
    return;
  }
  const scope = existing ?? new Construct(construct, id);
  const wanted = new Map(objects.map(object => [`${object.kind}-${object.metadata.name}`, object]));
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

function create(scope: Construct, id: string, json: Json): void {
  const current = { json };
  const { apiVersion, kind, metadata, ...content } = json;
  const fields = Object.fromEntries(Object.keys(content).map(field => [field, Lazy.any({ produce: () => current.json[field] })]));
  MATERIALIZED.set(new ApiObject(scope, id, { apiVersion, kind, metadata, ...fields }), current);
}
