import { LabelSelector } from '../../model/server';
import { Json } from '../../values/json';

/** A label selector as Kubernetes writes it. */
export function selectorJson({ matchLabels, matchExpressions }: LabelSelector): Json {
  return {
    ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels: { ...matchLabels } }),
    ...(matchExpressions.length === 0
      ? {}
      : {
          matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
            key,
            operator,
            ...(values.length === 0 ? {} : { values: [...values] }),
          })),
        }),
  };
}
