import { compact } from './api-objects';
import { Json } from '../backends/kubernetes/pod-template';
import { LabelSelector } from '../model/server';

/** A label selector as Kubernetes writes it. */
export function labelSelectorJson(selector: LabelSelector): Json {
  return compact({
    matchLabels: { ...selector.matchLabels },
    matchExpressions: selector.matchExpressions.map(({ key, operator, values }) =>
      compact({ key, operator, values: [...values] }),
    ),
  });
}
