import { InputCheck } from '../model/input';
import { labelKeyProblem, labelValueProblem } from '../model/names';

/** Checks labels, and that none of them would detach the pods from what selects them. */
export function checkLabels(
  input: InputCheck,
  property: string,
  labels: { readonly [key: string]: unknown } | undefined,
  reserved: Readonly<Record<string, string>> = {},
): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    input.check(`${property}[${key}]`, key, labelKeyProblem(key), 'Correct the key');
    input.check(
      `${property}[${key}]`,
      value,
      typeof value === 'string' ? labelValueProblem(value) : 'is not text',
      'Correct the value',
    );
    input.check(
      `${property}[${key}]`,
      value,
      key in reserved && reserved[key] !== value
        ? `is a label that the library sets itself (${reserved[key]})`
        : undefined,
      'Use another key',
    );
  }
}
