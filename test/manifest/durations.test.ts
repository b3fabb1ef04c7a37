import { parseDuration, wholeDurationProblem } from '../../src/manifest/durations';

test.each([
  ['30s', 30_000],
  ['1m30s', 90_000],
  ['250ms', 250],
  ['1.5s', 1500],
  ['2h', 7_200_000],
])('%s is %d ms', (text, milliseconds) => {
  expect(wholeDurationProblem(text)).toBeUndefined();
  expect(parseDuration(text).toMilliseconds()).toBe(milliseconds);
});

test.each([
  ['90d', 'is not a duration (such as 500ms, 30s or 1m30s)'],
  ['', 'is not a duration (such as 500ms, 30s or 1m30s)'],
  ['0.5ms', 'is finer than a millisecond'],
])('%j %s', (text, problem) => {
  expect(wholeDurationProblem(text)).toBe(problem);
});
