import type { ErrorObject } from 'ajv';
import { repeatedItem } from './schema';
import { DocumentCheck } from './source-document';
import { Json } from '../values/json';
import { Path } from '../values/paths';
import { nearest } from '../values/text';

/** More names than this do not help in a message. */
const MAX_NAMES = 16;

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function listOf(names: readonly unknown[]): string {
  return names.length === 0
    ? 'none'
    : names.slice(0, MAX_NAMES).join(', ') + (names.length > MAX_NAMES ? ' and others' : '');
}

/** What a value is, in words. */
export function describeType(value: unknown): string {
  if (value === null) {
    return 'nothing';
  }
  return Array.isArray(value)
    ? TYPES.array
    : typeof value === 'number'
      ? TYPES.number
      : (TYPES[typeof value] ?? typeof value);
}

/** Reports a value that should be something else. */
export function wrongType(check: DocumentCheck, path: Path, value: unknown, expected: string = TYPES.string): void {
  const scalarForText = expected === TYPES.string && typeof value !== 'object';
  const surprise = scalarForText && typeof value === 'boolean' ? ' (YAML reads yes, no, on, off, y and n so)' : '';
  check.error(
    path,
    value,
    `is ${describeType(value)}, not ${expected}${surprise}`,
    scalarForText ? 'Put it in quotes' : `Write ${expected}`,
  );
}

/** Reports an unknown field of an object. */
export function unknownField(check: DocumentCheck, path: Path, value: unknown, known: readonly string[]): void {
  const field = String(path.at(-1));
  const meant = nearest(field, known);
  check.error(
    path,
    value,
    'is not a field here',
    `${meant === undefined ? 'Remove it' : `Write ${meant}, or remove it`}; the fields are ${listOf(known)}`,
  );
}

/** The steps that a JSON pointer takes through a value. */
function stepsOf(pointer: string, root: unknown): Path {
  let value: any = root;
  return pointer
    .split('/')
    .slice(1)
    .map(escaped => {
      const key = escaped.replace(/~1/g, '/').replace(/~0/g, '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = value?.[step];
      return step;
    });
}

/** Reports what a schema finds wrong with a spec. */
export function reportSchemaErrors(check: DocumentCheck, errors: readonly ErrorObject[], spec: Json): void {
  for (const error of errors) {
    report(check, error, ['spec', ...stepsOf(error.instancePath, spec)]);
  }
}

function report(check: DocumentCheck, { keyword, params, data, parentSchema }: ErrorObject, path: Path): void {
  const value = data as any;
  switch (keyword) {
    case 'additionalProperties':
      unknownField(
        check,
        [...path, params.additionalProperty],
        value[params.additionalProperty],
        Object.keys(parentSchema?.properties ?? {}),
      );
      return;
    case 'required':
      check.error([...path, params.missingProperty], undefined, 'is missing', 'Add it');
      return;
    case 'type': {
      const expected = [params.type]
        .flat()
        .map(type => TYPES[type])
        .join(' or ');
      wrongType(check, path, value, expected);
      return;
    }
    case 'enum': {
      const meant = typeof value === 'string' ? nearest(value, params.allowedValues) : undefined;
      check.error(
        path,
        value,
        `is not one of ${listOf(params.allowedValues)}`,
        meant === undefined ? 'Write one of them' : `Write ${meant}`,
      );
      return;
    }
    case 'minimum':
      check.error(path, value, `is below ${params.limit}`, `Write at least ${params.limit}`);
      return;
    case 'maximum':
      check.error(path, value, `is above ${params.limit}`, `Write at most ${params.limit}`);
      return;
    case 'format':
      check.error(path, value, `is not a number of ${params.format === 'int32' ? 32 : 64} bits`, 'Write a smaller one');
      return;
    case 'minLength':
      check.error(
        path,
        value,
        'is too short',
        `Write at least ${params.limit} ${params.limit === 1 ? 'character' : 'characters'}`,
      );
      return;
    case 'maxLength':
      check.error(path, value, 'is too long', `Write at most ${params.limit} characters`);
      return;
    case 'minItems':
      check.error(
        path,
        value,
        value.length === 0 ? 'is empty' : `has ${value.length} entries, at least ${params.limit} are needed`,
        `Write at least ${params.limit === 1 ? 'one' : params.limit}`,
      );
      return;
    case 'maxItems':
      check.error(
        path,
        `${value.length} entries`,
        `has more than the ${params.limit} entries that are possible`,
        `Write at most ${params.limit}`,
      );
      return;
    case 'uniqueItems':
      check.error([...path, Math.max(params.i, params.j)], value[params.i], 'is there twice', 'Keep one');
      return;
    case 'x-kubernetes-list-map-keys': {
      const keys: string[] = parentSchema![keyword];
      const repeated = repeatedItem(keys, value, parentSchema)!;
      if (keys.length === 1) {
        check.error(
          [...path, repeated, keys[0]],
          value[repeated][keys[0]],
          'is there twice',
          'Keep one, or rename one',
        );
      } else {
        check.error(
          [...path, repeated],
          value[repeated],
          `has the same ${keys.join(' and ')} as an earlier one`,
          'Keep one, or change one',
        );
      }
      return;
    }
    case 'pattern':
      check.error(path, value, `does not match ${params.pattern}`, 'Correct it');
      return;
    default:
      check.error(path, value, `breaks the rule "${keyword}" of the schema`, 'Correct it');
  }
}
