import { checkMemoryToRead, memoryToRead } from '../../../src/backends/envoy/memory';
import { gatewayOf } from '../../support/literals';

const MIB = 2 ** 20;
const mebibytes = (megabytes: number) => {
  const { request, limit } = memoryToRead(megabytes * 1e6);
  return [request / MIB, limit / MIB];
};

it('is the least for few routes, and grows with what is read', () => {
  expect([0, 1, 1.1].map(mebibytes)).toEqual([
    [128, 512],
    [128, 512],
    [128, 512],
  ]);
  const [small, large] = [2, 10].map(mebibytes);
  expect(small[1]).toBeGreaterThan(512);
  expect(large[1]).toBeGreaterThan(small[1] + (8 * 120) / 0.63 / 1.1);
  expect(large[0]).toBeLessThan(large[1]);
});

it('covers what was measured, and what serves meanwhile', () => {
  // MB of JSON, and the most in MiB that Envoy took to read them.
  for (const [read, peak] of [
    [6.7, 817],
    [7.7, 672],
  ]) {
    expect(mebibytes(read)[1] * 0.63).toBeGreaterThan(peak);
  }
});

describe('a limit that the user gave', () => {
  const found = (memoryLimit: number | undefined, megabytes: number, memoryUnsaid?: boolean) =>
    checkMemoryToRead(gatewayOf({ memoryLimit, memoryUnsaid }), memoryToRead(megabytes * 1e6)).map(
      ({ id, value, remedy }) => [id, value, /\d+Mi/.exec(remedy)?.[0]],
    );

  it('is warned of where it is lower than reading asks for', () => {
    expect(found(512 * MIB, 5)).toEqual([['envoy-memory-configuration', '512Mi', '1280Mi']]);
  });

  it.each<[string, number | undefined, number, boolean | undefined]>([
    ['it suffices', 4096 * MIB, 5, undefined],
    ['there are few routes', 256 * MIB, 0.5, undefined],
    ['nothing limits it', undefined, 5, undefined],
    ['the library chose it', 512 * MIB, 5, true],
  ])('is taken where %s', (_, limit, megabytes, unsaid) => {
    expect(found(limit, megabytes, unsaid)).toEqual([]);
  });
});
