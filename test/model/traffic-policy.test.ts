import { BodyFilter, Filtering, sizeLimit } from '../../src/model/traffic-policy';

const size = (pattern: string): BodyFilter => ({ type: 'Size', action: 'Deny', pattern });
const filtering = (...bodyFilters: BodyFilter[]): Filtering => ({ headerFilters: [], bodyFilters });

it('takes the lowest of all sizes', () => {
  expect(sizeLimit(filtering())).toBeUndefined();
  expect(sizeLimit({ ...filtering(size('2Ki'), size('1k')), sizeLimit: 5000 })).toBe(1000);
  expect(sizeLimit({ ...filtering(size('2Ki')), sizeLimit: 1 })).toBe(1);
});
