import type { ErrorObject } from 'ajv';
import { repeatedItem } from './json-schema';
import { errorKind, FindingKind, Found } from '../model/findings';
import { Json } from '../values/json';
import { Path } from '../values/paths';
import { nearest } from '../values/text';

const FIELD_NOT_TEXT = errorKind('field-not-text', 'is {type}', 'Put it in quotes');
const FIELD_TYPE = errorKind('field-type', 'is {type}, not {expected}', 'Write {expected}');
const FIELD_UNKNOWN = errorKind('field-unknown', 'is not a field here', '{todo}; the fields are {known}');
const FIELD_CHOICE = errorKind('field-choice', 'is not one of {choice}', 'Write {meant}');
const FIELD_EMPTY = errorKind('field-empty', 'is empty', 'Write at least {limit}');
const FIELD_TOO_FEW = errorKind(
  'field-too-few',
  'has {count} entries, at least {limit} are needed',
  'Write at least {limit}',
);
const FIELD_MISSING = errorKind('field-missing', 'is missing', 'Add it');
const FIELD_BELOW = errorKind('field-below', 'is below {limit}', 'Write at least {limit}');
const FIELD_ABOVE = errorKind('field-above', 'is above {limit}', 'Write at most {limit}');
const FIELD_BITS = errorKind('field-bits', 'is not a number of {bits} bits', 'Write a smaller one');
const FIELD_TOO_SHORT = errorKind('field-too-short', 'is too short', 'Write at least {limit} {unit}');
const FIELD_TOO_LONG = errorKind('field-too-long', 'is too long', 'Write at most {limit} characters');
const FIELD_TOO_MANY = errorKind(
  'field-too-many',
  'has more than the {limit} entries that are possible',
  'Write at most {limit}',
);
const FIELD_ITEM_TWICE = errorKind('field-item-twice', 'is there twice', 'Keep one');
const FIELD_KEY_TWICE = errorKind('field-key-twice', 'is there twice', 'Keep one, or rename one');
const FIELD_KEYS_TWICE = errorKind(
  'field-keys-twice',
  'has the same {keys} as an earlier one',
  'Keep one, or change one',
);
const FIELD_PATTERN = errorKind('field-pattern', 'does not match {pattern}', 'Correct it');
const FIELD_RULE = errorKind('field-rule', 'breaks the rule "{keyword}" of the schema', 'Correct it');

/** Takes what is wrong with JSON, at the path of each value. */
export interface SchemaReport {
  report<Name extends string = never>(kind: FindingKind<Name>, path: Path, value: unknown, found: Found<Name>): void;
}

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
export function wrongType(check: SchemaReport, path: Path, value: unknown, expected: string = TYPES.string): void {
  const scalarForText = expected === TYPES.string && typeof value !== 'object';
  const surprise = scalarForText && typeof value === 'boolean' ? ' (YAML reads yes, no, on, off, y and n so)' : '';
  if (scalarForText) {
    check.report(FIELD_NOT_TEXT, path, value, { type: `${describeType(value)}, not ${expected}${surprise}` });
  } else {
    check.report(FIELD_TYPE, path, value, { type: describeType(value), expected });
  }
}

/** Reports an unknown field of an object. */
export function unknownField(check: SchemaReport, path: Path, value: unknown, known: readonly string[]): void {
  const field = String(path.at(-1));
  const meant = nearest(field, known);
  const todo = meant === undefined ? 'Remove it' : `Write ${meant}, or remove it`;
  check.report(FIELD_UNKNOWN, path, value, { todo, known: listOf(known) });
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

/** Reports what a schema finds wrong with a value that stands at a path. */
export function reportSchemaErrors(check: SchemaReport, errors: readonly ErrorObject[], json: Json, at: Path): void {
  for (const error of errors) {
    report(check, error, [...at, ...stepsOf(error.instancePath, json)]);
  }
}

function report(check: SchemaReport, { keyword, params, data, parentSchema }: ErrorObject, path: Path): void {
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
      check.report(FIELD_MISSING, [...path, params.missingProperty], undefined, true);
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
      check.report(FIELD_CHOICE, path, value, {
        choice: listOf(params.allowedValues),
        meant: meant ?? 'one of them',
      });
      return;
    }
    case 'minimum':
      check.report(FIELD_BELOW, path, value, { limit: params.limit });
      return;
    case 'maximum':
      check.report(FIELD_ABOVE, path, value, { limit: params.limit });
      return;
    case 'format':
      check.report(FIELD_BITS, path, value, { bits: params.format === 'int32' ? 32 : 64 });
      return;
    case 'minLength':
      check.report(FIELD_TOO_SHORT, path, value, {
        limit: params.limit,
        unit: params.limit === 1 ? 'character' : 'characters',
      });
      return;
    case 'maxLength':
      check.report(FIELD_TOO_LONG, path, value, { limit: params.limit });
      return;
    case 'minItems':
      if (value.length === 0) {
        check.report(FIELD_EMPTY, path, value, { limit: params.limit === 1 ? 'one' : params.limit });
      } else {
        check.report(FIELD_TOO_FEW, path, value, { count: value.length, limit: params.limit });
      }
      return;
    case 'maxItems':
      check.report(FIELD_TOO_MANY, path, `${value.length} entries`, { limit: params.limit });
      return;
    case 'uniqueItems':
      check.report(FIELD_ITEM_TWICE, [...path, Math.max(params.i, params.j)], value[params.i], true);
      return;
    case 'x-kubernetes-list-map-keys': {
      const keys: string[] = parentSchema![keyword];
      const repeated = repeatedItem(keys, value, parentSchema)!;
      if (keys.length === 1) {
        check.report(FIELD_KEY_TWICE, [...path, repeated, keys[0]], value[repeated][keys[0]], true);
      } else {
        check.report(FIELD_KEYS_TWICE, [...path, repeated], value[repeated], { keys: keys.join(' and ') });
      }
      return;
    }
    case 'pattern':
      check.report(FIELD_PATTERN, path, value, { pattern: params.pattern });
      return;
    default:
      check.report(FIELD_RULE, path, value, { keyword });
  }
}
