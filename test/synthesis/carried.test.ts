import { NOTHING_CARRIED, carriedBy, carriedWarnings, carry, withCarried } from '../../src/synthesis/carried';

const WARNING = { property: 'spec.a', value: 1, problem: 'is carried', remedy: 'Remove it' };

test('options carry what they were given, and nothing else shows it', () => {
  const options = carry({ name: 'x' }, { spec: { a: { b: 1 } }, warnings: [WARNING] });
  expect(options).toEqual({ name: 'x' });
  expect(withCarried({ a: { c: 2 }, d: [1, 2] }, options)).toEqual({ a: { b: 1, c: 2 }, d: [1, 2] });
  expect(carriedWarnings('app/x', options)).toEqual([{ severity: 'warning', path: 'app/x', ...WARNING }]);
});

test('what is carried wins, lists as a whole', () => {
  const options = carry({}, { spec: { a: [3], b: 'x' }, warnings: [] });
  expect(withCarried({ a: [1, 2], b: { c: 1 } }, options)).toEqual({ a: [3], b: 'x' });
});

test('other options carry nothing', () => {
  expect(carriedBy({})).toBe(NOTHING_CARRIED);
  expect(withCarried({ a: 1 }, {})).toEqual({ a: 1 });
  expect(carriedWarnings('app/x', {})).toEqual([]);
});
