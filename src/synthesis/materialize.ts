import { ApiObject, App, Chart, JsonPatch, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { compiler } from './compiler';
import { constructAt } from './placement';
import { Diagnostic, errorKind, findingOf } from '../model/findings';
import { WorkloadNetwork } from '../model/network';
import { canonicalText, Json } from '../values/json';

/**
 * Lets a function have the last word on what an object renders to.
 *
 * The L1 classes under cdk8s-plus keep only fields they know by a name of
 * their own spelling, so neither a JSON patch nor a lazy value can add what a
 * user's pod template may hold. The finished JSON can.
 */
export function transformJson(object: ApiObject, transform: (json: Json) => Json): void {
  const render = object.toJson.bind(object);
  object.toJson = () => transform(render());
}

/** How objects render before what the compiler makes of the app is added to them. */
const BEFORE_COMPILING = new WeakMap<ApiObject, () => Json>();

/** The same for a function that asks the compiler: what the compiler itself reads of the object is without it. */
export function transformCompiled(object: ApiObject, transform: (json: Json) => Json): void {
  BEFORE_COMPILING.set(object, object.toJson.bind(object));
  transformJson(object, transform);
}

/** What an object renders to, for the compiler. */
export function jsonForCompiler(object: ApiObject): Json {
  return BEFORE_COMPILING.get(object)?.() ?? object.toJson();
}

/** Takes the namespace off a cluster-scoped object: cdk8s puts the chart's on everything. */
export function clusterScoped(object: ApiObject): ApiObject {
  if (object.metadata.namespace !== undefined) {
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return object;
}

/**
 * A scope outside the user's tree, for constructs that shape a resource but are
 * not emitted themselves: in controller mode a Deployment is only a way to
 * write the pod template of the custom resource.
 */
export function detachedScope(scope: Construct): Construct {
  const chart = Chart.of(scope);
  return new Chart(new App(), scope.node.id, { namespace: chart.namespace, labels: chart.labels });
}

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

/*
 * In controller mode an operator makes the objects that the library makes otherwise. Constructs have them all the same, outside
 * the user's tree: code that shapes pods works in both modes. What is done to pods reaches the resource; what is done to
 * anything else would reach nothing, and is an error.
 */

const OBJECT_OF_OPERATOR_CHANGED = errorKind(
  'object-of-operator-changed',
  'was changed, but an operator makes its own: the change would reach nothing',
  'Say it with an option of the construct, or use Reconciliation.RENDERED',
);

/** An object that is not emitted, by the member of the construct that has it. */
export interface DetachedObject {
  readonly member: string;
  readonly object: ApiObject;
}

/** Remembers objects that are not emitted as they are now, and later tells which of them were changed but for their pods. */
export function lostChanges(path: string, objects: readonly DetachedObject[]): () => Diagnostic[] {
  const known = objects.map(({ member, object }) => ({ member, object, before: withoutPods(object) }));
  return () =>
    known
      .filter(({ object, before }) => withoutPods(object) !== before)
      .map(({ member, object }) =>
        findingOf(OBJECT_OF_OPERATOR_CHANGED, path, member, `${object.kind} ${object.name}`),
      );
}

function withoutPods(object: ApiObject): string {
  const { spec, ...rest }: Json = object.toJson();
  const { template, ...others }: Json = spec ?? {};
  return canonicalText({ ...rest, spec: others });
}

/** Id of the scope of policies, below the construct of their workload. */
const SCOPE = 'Network';

/** The policies of an app in its tree: below the constructs whose pods they are about, as they depend on the whole app. */
export class NetworkObjects {
  private current?: readonly WorkloadNetwork[];
  private paths: ReadonlySet<string> = new Set();

  /** Makes the policies in the tree those of the workloads. */
  reconcile(root: IConstruct, workloads: readonly WorkloadNetwork[]): void {
    if (this.current === workloads) {
      return;
    }
    const wanted = new Map<string, Json[]>();
    for (const workload of workloads) {
      const others = wanted.get(workload.path);
      const objects = compiler().networkObjects(workload);
      if (others === undefined) {
        wanted.set(workload.path, objects);
      } else {
        others.push(...objects);
      }
    }
    for (const path of new Set([...this.paths, ...wanted.keys()])) {
      const construct = constructAt(root, path);
      if (construct !== undefined) {
        reconcileObjects(construct, SCOPE, wanted.get(path) ?? []);
      }
    }
    this.current = workloads;
    this.paths = new Set(wanted.keys());
  }
}
