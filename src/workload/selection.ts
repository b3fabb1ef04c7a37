import * as kplus from 'cdk8s-plus-28';
import { Json } from '../values/json';

/** Labels that select the pods of workloads of this library. */
const SELECTORS = new WeakMap<object, Readonly<Record<string, string>>>();

/**
 * Selects the pods of a workload by labels, for itself and for all that cdk8s-plus makes of it (Services, network policies,
 * affinity). cdk8s-plus selects by the path of the construct in its tree otherwise, and has it as a label of the pods: they would
 * start anew when code is moved, and nothing else changed.
 */
export function selectPods(workload: kplus.Workload, labels: Readonly<Record<string, string>>): void {
  const selector = kplus.LabelSelector.of({ labels: { ...labels } });
  const config = workload.toPodSelectorConfig();
  SELECTORS.set(workload, labels);
  workload.toPodSelectorConfig = () => ({ ...config, labelSelector: selector });
  workload.select(selector);
}

/** The labels that select the pods of a workload of this library; undefined for those of others. */
export function selectedBy(workload: object): Readonly<Record<string, string>> | undefined {
  return SELECTORS.get(workload);
}

/** Labels or a selector without the path of a construct. */
export function withoutPath(labels: Json | undefined): Json {
  const { [kplus.Pod.ADDRESS_LABEL]: _path, ...others } = labels ?? {};
  return others;
}
