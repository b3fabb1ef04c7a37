import { distinct, distinctBy } from '../../src/values/lists';

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
