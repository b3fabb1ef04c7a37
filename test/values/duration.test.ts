import {
  durationMilliseconds,
  formatDuration,
  formatLongDuration,
  wholeDurationProblem,
} from '../../src/values/duration';

it.each([
  [90_000, '90s', '1m30s'],
  [1500, '1500ms', '1s500ms'],
  [0, '0s', '0s'],
  [7_200_000, '7200s', '2h'],
])('writes and reads %d milliseconds', (milliseconds, short, long) => {
  expect([formatDuration(milliseconds), formatLongDuration(milliseconds)]).toEqual([short, long]);
  expect([durationMilliseconds(short), durationMilliseconds(long)]).toEqual([milliseconds, milliseconds]);
});

it('reads fractions', () => {
  expect(durationMilliseconds('1h0.5s')).toBe(3_600_500);
});

test.each<[string, string | undefined]>([
  ...['', '1', 's', '1 s', '-1s', '90d'].map((text): [string, string] => [
    text,
    'is not a duration (such as 500ms, 30s or 1m30s)',
  ]),
  ...['1s', '500ms', '1m30s', '1.5h'].map((text): [string, undefined] => [text, undefined]),
  ['0.5ms', 'is finer than a millisecond'],
  ['1.5s', undefined],
])('%j %s', (text, problem) => {
  expect(wholeDurationProblem(text)).toBe(problem);
});
