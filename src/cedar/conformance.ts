import { RecordShape, ScalarType, Shape, ValueType } from './vocabulary';
import { all, and, at, not, or, primary, relation, Term, text, TRUE, whole } from '../cel/terms';

/*
 * Cedar refuses a request whose parts have other types than its schema says, instead of evaluating policies over it. The same here:
 * a token, call or header with a value of another type than the policies use it as is denied, whatever they say. Were such a value
 * treated as missing, "limit": "1000000" would slip by a policy that forbids limits above 100. Only null is taken for missing, which
 * is what it means in JSON; evaluators of CEL do not agree on it either.
 */

const NULL = primary('null');

/** Whether a record has the types of its shape, in CEL. */
export function conforms(record: Term, shape: RecordShape): Term {
  return and(
    [...shape.fields].map(([name, field]) => {
      const typed = fieldConforms(at(record, text(name)), field);
      return typed.text === TRUE.text
        ? TRUE
        : or([not(relation(text(name), 'in', record)), relation(at(record, text(name)), '==', NULL), typed]);
    }),
  );
}

/** Whether a record has a field, in CEL. */
export function isPresent(record: Term, name: string): Term {
  return and([relation(text(name), 'in', record), relation(at(record, text(name)), '!=', NULL)]);
}

function fieldConforms(value: Term, shape: Shape): Term {
  switch (shape.kind) {
    case 'presence':
      return TRUE;
    case 'record':
      return and([hasType(value, 'map'), conforms(value, shape)]);
    case 'value':
      return shape.type.set
        ? and([hasType(value, 'list'), all(value, item => isScalar(item, shape.type.scalar))])
        : isScalar(value, shape.type.scalar);
  }
}

function isScalar(value: Term, type: ScalarType): Term {
  switch (type) {
    case 'String':
      return hasType(value, 'string');
    case 'Boolean':
      return hasType(value, 'bool');
    // A number of JSON is an int, a uint or a double to CEL, as it pleases the evaluator.
    case 'Long':
      return and([
        relation(value, '==', primary(`int(${value.text})`)),
        relation(value, '>=', whole(Number.MIN_SAFE_INTEGER)),
        relation(value, '<=', whole(Number.MAX_SAFE_INTEGER)),
      ]);
  }
}

function hasType(value: Term, type: string): Term {
  return relation(primary(`type(${value.text})`), '==', primary(type));
}

/** The fields of a record that its shape has, or undefined when the record does not conform to it. */
export function conformingFields(
  record: Readonly<Record<string, unknown>>,
  shape: RecordShape,
): Record<string, unknown> | undefined {
  const entries: [string, unknown][] = [];
  for (const [name, field] of shape.fields) {
    if (Object.hasOwn(record, name) && record[name] !== null) {
      const value = conformingValue(record[name], field);
      if (value === undefined) {
        return undefined;
      }
      entries.push([name, value]);
    }
  }
  return Object.fromEntries(entries);
}

function conformingValue(value: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    // Its type in the schema is text, whatever it is in the request: nobody reads it.
    case 'presence':
      return '';
    case 'record':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? conformingFields(value as Record<string, unknown>, shape)
        : undefined;
    case 'value':
      return isValue(value, shape.type) ? value : undefined;
  }
}

function isValue(value: unknown, type: ValueType): boolean {
  return type.set
    ? Array.isArray(value) && value.every(item => isScalarValue(item, type.scalar))
    : isScalarValue(value, type.scalar);
}

function isScalarValue(value: unknown, type: ScalarType): boolean {
  switch (type) {
    case 'String':
      return typeof value === 'string';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Long':
      return Number.isSafeInteger(value);
  }
}
