import { Codec } from './codec';
import { Fields, partsOf } from './object';
import { Place } from './place';
import { errorKind } from '../model/findings';
import { isObject, Json } from '../values/json';

/*
 * JSON that no schema has been held against, such as that of a document in a ConfigMap: it has to have the form of a field
 * before it can be read as one.
 */

const NO_OBJECT = errorKind('document-not-object', 'is not an object', 'Write an object with {fields}');
const UNKNOWN = errorKind('document-field-unknown', 'is not a field here', 'Remove it; the fields are {fields}');
const MISSING = errorKind('document-field-missing', 'is missing', 'Add it');
const NO_LIST = errorKind('document-not-list', 'is not a list', 'Write a list');
const NO_TEXT = errorKind('document-not-text', 'is not text', 'Put it in quotes');
const NO_FLAG = errorKind('document-not-boolean', 'is not true or false', 'Write true or false');
const NO_NUMBER = errorKind('document-not-integer', 'is not a whole number', 'Write a whole number');

/** Kinds of wrong form, by the type of the schema. */
const SCALARS = {
  string: { kind: NO_TEXT, fits: (json: unknown) => typeof json === 'string' },
  boolean: { kind: NO_FLAG, fits: (json: unknown) => typeof json === 'boolean' },
  integer: { kind: NO_NUMBER, fits: Number.isInteger },
} as const;

/** Reads JSON as a field and checks it; undefined where it has not the form of the field. Everything wrong is reported. */
export function readForm<T>(field: Codec<T>, json: unknown, place: Place): T | undefined {
  let right = true;
  const watched = place.watched(() => {
    right = false;
  });
  checkForm(field, json, watched);
  const value = right ? field.decode(json, watched) : undefined;
  if (value !== undefined) {
    field.check(value, place);
  }
  return value;
}

function checkForm(field: Codec<unknown>, json: unknown, place: Place): void {
  const { type, additionalProperties } = field.schema;
  const { fields, items } = partsOf(field);
  if (fields !== undefined) {
    checkObject(field, fields, json, place);
  } else if (items !== undefined) {
    place.report(NO_LIST, json, !Array.isArray(json));
    (Array.isArray(json) ? json : []).forEach((item, i) => checkForm(items, item, place.at(i)));
  } else if (type === 'object') {
    place.report(NO_OBJECT, json, isObject(json) ? undefined : { fields: 'texts by name' });
    Object.entries(isObject(json) && additionalProperties !== undefined ? json : {}).forEach(([name, item]) =>
      place.at(name).report(NO_TEXT, item, typeof item !== 'string'),
    );
  } else if (type === 'string' || type === 'boolean' || type === 'integer') {
    place.report<never>(SCALARS[type].kind, json, !SCALARS[type].fits(json));
  }
}

function checkObject({ schema }: Codec<unknown>, fields: Fields, json: unknown, place: Place): void {
  const names = Object.keys(fields).join(', ');
  if (!isObject(json)) {
    place.report(NO_OBJECT, json, { fields: names });
    return;
  }
  const given: Json = json;
  Object.entries(given).forEach(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) {
      place.at(name).report(UNKNOWN, value, { fields: names });
    } else {
      checkForm(field, value, place.at(name));
    }
  });
  (schema.required ?? []).forEach(name => place.at(name).report(MISSING, undefined, given[name] === undefined));
}
