import { Fields } from '../../src/manifest/fields';

const SPEC = { a: 1, b: { c: 2, d: { e: 3, f: [] }, g: {} }, h: [1] };

test('what nobody read, as whole as possible', () => {
  const fields = new Fields(SPEC);
  expect(fields.read('a')).toBe(1);
  expect(fields.read('b', 'd', 'e')).toBe(3);
  expect(fields.peek('h')).toEqual([1]);
  expect(fields.unread()).toEqual([
    { path: ['spec', 'b', 'c'], value: 2 },
    { path: ['spec', 'h'], value: [1] },
  ]);
});

test('nothing read is everything unread, except what says nothing', () => {
  expect(new Fields({ ...SPEC, i: {}, j: [] }).unread().map(({ path }) => path.join('.'))).toEqual([
    'spec.a',
    'spec.b',
    'spec.h',
  ]);
  expect(new Fields({}).unread()).toEqual([]);
});

test('reading what is not there is reading nothing', () => {
  const fields = new Fields({ a: 1 });
  expect(fields.read('b', 'c')).toBeUndefined();
  expect(fields.unread()).toHaveLength(1);
});
