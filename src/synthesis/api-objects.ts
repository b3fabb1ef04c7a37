import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { Json } from '../backends/kubernetes/pod-template';
import { compareText } from '../model/diagnostic';

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

/**
 * A deep copy with sorted keys, as cdk8s writes objects. Without the copy, a
 * value that stands in two places would become a YAML alias.
 */
export function sorted<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(sorted) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, item]) => [key, sorted(item)]),
  ) as T;
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

/** Removes undefined values and empty objects and lists that say nothing, one level deep. */
export function compact<T extends Json>(object: T): T {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([, value]) =>
        value !== undefined &&
        !(Array.isArray(value) && value.length === 0) &&
        !(isPlainObject(value) && Object.keys(value).length === 0),
    ),
  ) as T;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
