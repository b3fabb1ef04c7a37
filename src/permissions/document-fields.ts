import { InputCheck } from '../model/input';
import { Json } from '../values/json';

/* Fields of documents that no schema has checked: reports what is not what it should be, and returns what is. */

/** The fields of an object; none where it is no object. */
export function checkObject(input: InputCheck, place: string, value: unknown, known: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    input.check(
      place,
      value,
      value === undefined ? 'is missing' : 'is not an object',
      `Write an object with ${known.join(', ')}`,
    );
    return {};
  }
  for (const [field, content] of Object.entries(value)) {
    input.check(
      `${place}.${field}`,
      content,
      known.includes(field) ? undefined : 'is not a field here',
      `Remove it; the fields are ${known.join(', ')}`,
    );
  }
  return value;
}

/** The items of a list; none where there is no list. */
export function checkList(input: InputCheck, place: string, value: unknown): unknown[] {
  input.check(place, value, value === undefined || Array.isArray(value) ? undefined : 'is not a list', 'Write a list');
  return Array.isArray(value) ? value : [];
}

/** Whether a value is text; one that is missing is not, and no mistake. */
export function checkText(input: InputCheck, place: string, value: unknown): value is string {
  input.check(
    place,
    value,
    value === undefined || typeof value === 'string' ? undefined : 'is not text',
    'Put it in quotes',
  );
  return typeof value === 'string';
}

/** The texts of a list. */
export function checkTexts(input: InputCheck, place: string, value: unknown): string[] {
  return checkList(input, place, value).filter((item, i): item is string => {
    input.check(`${place}[${i}]`, item, typeof item === 'string' ? undefined : 'is not text', 'Put it in quotes');
    return typeof item === 'string';
  });
}
