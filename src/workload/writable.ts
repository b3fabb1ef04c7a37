import { errorKind, InputCheck } from '../model/findings';
import { unwritableIn } from '../values/json';
import { formatPath } from '../values/paths';

const JSON_UNWRITABLE = errorKind(
  'json-unwritable',
  'is no plain JSON, or is a field that cdk8s cannot write: objects of JavaScript have one of their own',
  'Give texts, numbers, true and false, lists and plain objects without a field of that name',
);

/** Checks that JSON of the user's own can be written. */
export function checkWritable(input: InputCheck, property: string, json: unknown): void {
  const path = unwritableIn(json);
  const place = path === undefined ? '' : formatPath(path);
  const at = place === '' || place.startsWith('[') ? `${property}${place}` : `${property}.${place}`;
  input.report(JSON_UNWRITABLE, at, '(given)', path !== undefined);
}
