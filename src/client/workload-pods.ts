import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { transformJson } from '../synthesis/materialize';
import { Json, sorted } from '../values/json';
import { selectedBy } from '../workload/selection';

/** The object behind a workload of cdk8s-plus or an API object; undefined for what is neither. */
export function workloadObject(workload: IConstruct): ApiObject | undefined {
  if (ApiObject.isApiObject(workload)) {
    return workload as ApiObject;
  }
  const { defaultChild } = workload.node;
  return defaultChild !== undefined && ApiObject.isApiObject(defaultChild) ? (defaultChild as ApiObject) : undefined;
}

/** The pod, or the template of pods, in a workload's JSON: what holds `metadata` and a `spec` with containers. */
export function podsOf(workload: Json): Json | undefined {
  return [workload, workload.spec?.template, workload.spec?.jobTemplate?.spec?.template].find(candidate =>
    Array.isArray(candidate?.spec?.containers),
  );
}

/** Has a function change the pods of a workload whenever it is rendered. */
export function transformPods(object: ApiObject, transform: (pods: Json) => Json): void {
  transformJson(object, json => {
    const pods = podsOf(json);
    return pods === undefined ? json : sorted(replaced(json, pods, transform(pods)));
  });
}

function replaced(json: Json, pods: Json, by: Json): Json {
  if (json === pods) {
    return by;
  }
  return json.spec.template === pods
    ? { ...json, spec: { ...json.spec, template: by } }
    : {
        ...json,
        spec: {
          ...json.spec,
          jobTemplate: { ...json.spec.jobTemplate, spec: { ...json.spec.jobTemplate.spec, template: by } },
        },
      };
}

/** Labels that select the pods of a workload. Those of cdk8s-plus are known without rendering it. */
export function podLabels(workload: IConstruct, object: ApiObject): Record<string, string> {
  const own = selectedBy(workload);
  if (own !== undefined) {
    return { ...own };
  }
  const address =
    workload instanceof kplus.AbstractPod ? workload.podMetadata.getLabel(kplus.Pod.ADDRESS_LABEL) : undefined;
  return address === undefined
    ? { ...podsOf(object.toJson())?.metadata?.labels }
    : { [kplus.Pod.ADDRESS_LABEL]: address };
}

/** Namespace of a workload. */
export function workloadNamespace(object: ApiObject): string | undefined {
  return object.metadata.namespace ?? Chart.of(object).namespace;
}
