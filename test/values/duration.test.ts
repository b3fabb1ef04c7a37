import { durationMilliseconds, formatDuration, formatLongDuration } from '../../src/values/duration';

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
