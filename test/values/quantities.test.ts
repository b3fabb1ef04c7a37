import {
  durationMilliseconds,
  formatBytes,
  formatDuration,
  formatLongDuration,
  memoryBytes,
  parseBytes,
  wholeDurationProblem,
} from '../../src/values/quantities';

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

test.each<[string, number | undefined]>([
  ['1', 1],
  ['64Ki', 65_536],
  ['1.5Ki', 1536],
  ['1k', 1000],
  ['2M', 2_000_000],
  ['1Gi', 1_073_741_824],
  ['', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1.0001Ki', undefined],
  ['100m', undefined],
  ['1KiB', undefined],
  ['10Ei', undefined],
])('%s is %s bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each<[number, string]>([
  [1, '1'],
  [1000, '1000'],
  [1024, '1Ki'],
  [1536, '1536'],
  [5 * 1024 * 1024, '5Mi'],
  [2 ** 30, '1Gi'],
])('%s bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
  expect(parseBytes(text)).toBe(bytes);
});

test.each<[string, number | undefined]>([
  ['512Mi', 512 * 2 ** 20],
  ['0.5Gi', 2 ** 29],
  ['1G', 1e9],
  ['1e9', 1e9],
  ['1.5E3', 1500],
  ['2E', 2e18],
  ['1Ei', 2 ** 60],
  ['128974848', 128974848],
  ['128974848000m', 128974848],
  ['1500m', 2],
  ['+1k', 1000],
  ...['', 'Mi', '1 Mi', '1mi', '-1', '1e', 'x', '1MiB'].map((text): [string, undefined] => [text, undefined]),
])('the memory that Kubernetes reads in %j', (text, bytes) => {
  expect(memoryBytes(text)).toBe(bytes);
});
