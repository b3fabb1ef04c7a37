import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { Json } from '../values/json';

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
