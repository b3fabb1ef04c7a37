import {
  canonicalText,
  compact,
  distinct,
  distinctBy,
  isObject,
  isPlainObject,
  sorted,
  withoutUndefined,
} from '../../src/values/json';

it('copies deeply, so that nothing stands in two places, and sorts keys', () => {
  const shared = { b: 1, a: [{ d: 1, c: null }] };
  const copy = sorted({ y: shared, x: shared });
  expect(JSON.stringify(copy)).toBe('{"x":{"a":[{"c":null,"d":1}],"b":1},"y":{"a":[{"c":null,"d":1}],"b":1}}');
  expect(copy.x).not.toBe(copy.y);
  expect(copy.x.a[0]).not.toBe(copy.y.a[0]);
});

it('drops what says nothing, one level deep', () => {
  expect(compact({ a: undefined, b: [], c: {}, d: 0, e: '', f: false, g: [[]], h: { i: {} } })).toEqual({
    d: 0,
    e: '',
    f: false,
    g: [[]],
    h: { i: {} },
  });
});

it('keeps what is empty where that says something', () => {
  expect(withoutUndefined({ a: undefined, b: [], c: {}, d: null })).toEqual({ b: [], c: {}, d: null });
});

it.each([
  [{}, true, true],
  [new Map(), true, false],
  [Object.create(null), true, false],
  [[], false, false],
  [null, false, false],
  ['text', false, false],
])('tells objects from the rest: %p', (value, object, plain) => {
  expect([isObject(value), isPlainObject(value)]).toEqual([object, plain]);
});

it('writes one text for values that mean the same', () => {
  expect(canonicalText({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalText({ a: null, b: [{ c: 2, d: 1 }] }));
  expect(canonicalText(['a', 'b'])).not.toBe(canonicalText(['b', 'a']));
});

it('keeps each item once, where the first of them stood', () => {
  expect(distinct([{ a: 1, b: 2 }, { a: 2 }, { b: 2, a: 1 }])).toEqual([{ a: 1, b: 2 }, { a: 2 }]);
});

it('tells items apart by a key, and keeps the last of a key', () => {
  const items = [
    { key: 'a', value: 1 },
    { key: 'b', value: 2 },
    { key: 'a', value: 3 },
  ];
  expect(distinctBy(items, ({ key }) => key).map(({ value }) => value)).toEqual([3, 2]);
});
