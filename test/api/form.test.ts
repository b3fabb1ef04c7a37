import { boolean, integer, list, text, texts } from '../../src/api/codec';
import { readForm } from '../../src/api/form';
import { object } from '../../src/api/object';
import { Place } from '../../src/api/place';
import { formatPath } from '../../src/values/paths';

const FIELD = object(
  '',
  {
    count: integer('', { minimum: 1 }),
    labels: texts(''),
    names: list('', text('')),
    on: boolean(''),
    title: text(''),
  },
  { required: ['title'] },
);

function read(json: unknown): { readonly value: unknown; readonly found: string[] } {
  const found: string[] = [];
  const place = new Place((path, value, problem, remedy) =>
    found.push(`${formatPath(path)}: ${JSON.stringify(value) ?? 'nothing'}: ${problem}. ${remedy}.`),
  );
  return { value: readForm(FIELD, json, place), found };
}

test('what has the form of a field is read', () => {
  const json = { count: 1, labels: { a: 'b' }, names: ['x'], on: false, title: 'y' };
  expect(read(json)).toEqual({ value: json, found: [] });
});

test('everything of another form is reported, and nothing read', () => {
  expect(read({ count: 1.5, labels: { a: 1 }, names: ['x', 2], on: 'yes', other: {} })).toEqual({
    value: undefined,
    found: [
      'count: 1.5: is not a whole number. Write a whole number.',
      'labels.a: 1: is not text. Put it in quotes.',
      'names[1]: 2: is not text. Put it in quotes.',
      'on: "yes": is not true or false. Write true or false.',
      'other: {}: is not a field here. Remove it; the fields are count, labels, names, on, title.',
      'title: nothing: is missing. Add it.',
    ],
  });
  expect(read([]).found).toEqual([': []: is not an object. Write an object with count, labels, names, on, title.']);
  expect(read({ title: 'a', names: 'b', labels: [] }).found).toEqual([
    'names: "b": is not a list. Write a list.',
    'labels: []: is not an object. Write an object with texts by name.',
  ]);
});

test('what has the form is checked', () => {
  expect(read({ count: 0, title: 'a' }).found).toEqual([
    'count: 0: is not a whole number from 1 to 2147483647. Give at least 1.',
  ]);
});
