import { JsonSchema } from '../../model/rest';
import { compareText } from '../../values/text';

/** JSON types that values of a schema may be of; undefined where it leaves that open. */
export function kindsOf(schema: JsonSchema): string[] | undefined {
  const { type, enum: values, const: constant, allOf, anyOf, oneOf } = schema;
  if (type !== undefined) {
    return [type].flat() as string[];
  }
  if (Array.isArray(values)) {
    return distinctKinds(values.map(kindOf));
  }
  if (constant !== undefined) {
    return [kindOf(constant)];
  }
  const choices = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  if (Array.isArray(choices)) {
    const kinds = choices.map(kindsOf);
    return kinds.some(found => found === undefined) ? undefined : distinctKinds(kinds.flat() as string[]);
  }
  // Each of them restricts: the first that says something is enough.
  return Array.isArray(allOf) ? (allOf as JsonSchema[]).map(kindsOf).find(kinds => kinds !== undefined) : undefined;
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function distinctKinds(kinds: readonly string[]): string[] {
  return [...new Set(kinds)].sort(compareText);
}
