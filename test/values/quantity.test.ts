import { formatBytes, parseBytes } from '../../src/values/quantity';

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
