import { atomicList, Codec, text, textList, texts } from './codec';
import { mapped } from './mapped';
import { atomicObject, object } from './object';
import { Place } from './place';
import { because, errorKind } from '../model/finding-kind';
import { LabelRequirement, LabelSelector } from '../model/label-selector';
import { labelKeyProblem, labelValueProblem } from '../model/validation';
import { compact, Json } from '../values/json';

const OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

const LABEL_KEY = errorKind('selector-label-key-invalid', '{problem}', 'Correct the key');
const LABEL_VALUE = errorKind('selector-label-value-invalid', '{problem}', 'Correct the value');
const OPERATOR = errorKind(
  'selector-operator-unknown',
  'is not an operator of label selectors',
  `Write one of ${OPERATORS.join(', ')}`,
);
const VALUES_MISSING = errorKind('selector-values-missing', 'does not go with {operator}', 'Add values');
const VALUES_UNWANTED = errorKind('selector-values-unwanted', 'does not go with {operator}', 'Remove the values');

const table = (description: string) =>
  atomicObject(description, {
    matchExpressions: atomicList(
      'Requirements, all of which must hold.',
      object(
        'One requirement.',
        {
          key: text('Label key.'),
          operator: text('In, NotIn, Exists or DoesNotExist.'),
          values: textList('Values for In and NotIn.', { 'x-kubernetes-list-type': 'atomic' }),
        },
        { required: ['key', 'operator'] },
      ),
    ),
    matchLabels: texts('Labels, all of which must be present with these values.'),
  });

/** Kubernetes' LabelSelector. An empty part of it says no more than one that is missing. */
export const labelSelector = (description: string): Codec<LabelSelector> =>
  mapped(table(description), {
    read: ({ matchLabels = {}, matchExpressions = [] }): LabelSelector => ({
      matchLabels,
      // The schema takes any text; what is no operator is a finding.
      matchExpressions: matchExpressions.map(({ key, operator, values = [] }) => ({
        key,
        operator: operator as LabelRequirement['operator'],
        values,
      })),
    }),
    write: selectorJson,
    check: checkSelector,
  });

/** A label selector as Kubernetes and the API write it. An empty one selects everything, and is written. */
export function selectorJson({ matchLabels, matchExpressions }: LabelSelector): Json {
  return compact({
    matchLabels: { ...matchLabels },
    matchExpressions: matchExpressions.map(({ key, operator, values }) =>
      compact({ key, operator, values: [...values] }),
    ),
  });
}

function checkSelector({ matchLabels, matchExpressions }: LabelSelector, place: Place): void {
  for (const [key, value] of Object.entries(matchLabels)) {
    const at = place.at('matchLabels', key);
    at.report(LABEL_KEY, key, because(labelKeyProblem(key)));
    at.report(LABEL_VALUE, value, because(labelValueProblem(value)));
  }
  matchExpressions.forEach(({ key, operator, values }, i) => {
    const at = place.at('matchExpressions', i);
    const known = OPERATORS.includes(operator);
    const wanted = operator === 'In' || operator === 'NotIn';
    const given = values.length > 0;
    at.at('key').report(LABEL_KEY, key, because(labelKeyProblem(key)));
    at.at('operator').report(OPERATOR, operator, !known);
    at.at('values').report(VALUES_MISSING, values, known && wanted && !given ? { operator } : undefined);
    at.at('values').report(VALUES_UNWANTED, values, known && !wanted && given ? { operator } : undefined);
  });
}
