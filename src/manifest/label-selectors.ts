import { DocumentCheck } from './source-document';
import { labelKeyProblem, labelValueProblem } from '../model/names';
import { LabelSelector } from '../model/server';
import { Json } from '../values/json';
import { Path } from '../values/property-path';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Reads a label selector of Kubernetes. */
export function readSelector(check: DocumentCheck, path: Path, selector: Json | undefined): LabelSelector | undefined {
  if (selector === undefined) {
    return undefined;
  }
  const matchLabels: Record<string, string> = selector.matchLabels ?? {};
  for (const [key, value] of Object.entries(matchLabels)) {
    check.check([...path, 'matchLabels', key], key, labelKeyProblem(key), 'Correct the key');
    check.check([...path, 'matchLabels', key], value, labelValueProblem(value), 'Correct the value');
  }
  const requirements: { readonly key: string; readonly operator: any; readonly values?: string[] }[] =
    selector.matchExpressions ?? [];
  requirements.forEach(({ key, operator, values = [] }, i) => {
    const place = [...path, 'matchExpressions', i];
    const wantsValues = operator === 'In' || operator === 'NotIn';
    check.check([...place, 'key'], key, labelKeyProblem(key), 'Correct the key');
    check.check(
      [...place, 'operator'],
      operator,
      OPERATORS.includes(operator) ? undefined : 'is not an operator of label selectors',
      `Write one of ${OPERATORS.join(', ')}`,
    );
    check.check(
      [...place, 'values'],
      values,
      OPERATORS.includes(operator) && wantsValues !== values.length > 0 ? `does not go with ${operator}` : undefined,
      wantsValues ? 'Add values' : 'Remove the values',
    );
  });
  return {
    matchLabels,
    matchExpressions: requirements.map(requirement => ({ ...requirement, values: requirement.values ?? [] })),
  };
}
