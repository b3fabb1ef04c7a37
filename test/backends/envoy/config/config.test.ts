import { seconds, shortest } from '../../../../src/backends/envoy/config/config';

it('writes seconds', () => {
  expect([seconds(90_000), seconds(50), seconds(0)]).toEqual(['90s', '0.05s', '0s']);
});

it('finds the shortest of what was said', () => {
  expect(shortest('2s', undefined, '1500ms')).toBe(1500);
  expect(shortest(undefined, undefined)).toBeUndefined();
});
