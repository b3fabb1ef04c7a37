import * as fc from 'fast-check';
import { apportion, BUCKETS, ownerOf, rangeRegex, segments } from '../../../src/backends/agentgateway/buckets';

const sizes = (weights: number[]) => apportion(weights).map(({ from, to }) => to - from);
const weightLists = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 40 });
const hex = (bucket: number) => bucket.toString(16).padStart(4, '0');

describe('apportion', () => {
  it('shares by weight', () => {
    expect(sizes([90, 10])).toEqual([58_982, 6_554]);
    expect(sizes([1, 1, 1])).toEqual([21_846, 21_845, 21_845]);
    expect(sizes([7])).toEqual([BUCKETS]);
  });

  it('gives even the smallest weight a bucket', () => {
    expect(sizes([1_000_000_000, 1, 1])).toEqual([BUCKETS - 2, 1, 1]);
  });

  it('partitions all buckets, each share within one of its quota or the minimum', () => {
    fc.assert(
      fc.property(weightLists, weights => {
        const ranges = apportion(weights);
        expect(ranges[0].from).toBe(0);
        expect(ranges[ranges.length - 1].to).toBe(BUCKETS);
        ranges.forEach((range, index) => {
          expect(range.from).toBe(index === 0 ? 0 : ranges[index - 1].to);
          expect(range.to).toBeGreaterThan(range.from);
        });
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        if (weights.every(weight => (weight / total) * BUCKETS >= 1)) {
          ranges.forEach(({ from, to }, index) =>
            expect(Math.abs(to - from - (weights[index] / total) * BUCKETS)).toBeLessThan(1),
          );
        }
      }),
    );
  });
});

describe('segments', () => {
  it('cuts at every border', () => {
    expect(segments([apportion([3, 1]), apportion([1, 1])])).toEqual([
      { from: 0, to: 32_768 },
      { from: 32_768, to: 49_152 },
      { from: 49_152, to: 65_536 },
    ]);
    expect(segments([])).toEqual([{ from: 0, to: BUCKETS }]);
  });

  it('partitions all buckets into ranges that keep one owner in each list, and neighbours that do not', () => {
    fc.assert(
      fc.property(fc.array(weightLists, { minLength: 1, maxLength: 4 }), lists => {
        const shares = lists.map(weights => apportion(weights));
        const cuts = segments(shares);
        expect(cuts.map(({ to }) => to)).toEqual([...cuts.slice(1).map(({ from }) => from), BUCKETS]);
        const owners = cuts.map(({ from, to }) => {
          const first = shares.map(ranges => ownerOf(from, ranges));
          expect(shares.map(ranges => ownerOf(to - 1, ranges))).toEqual(first);
          return first.join();
        });
        expect(new Set(owners).size).toBe(owners.length);
      }),
    );
  });
});

describe('rangeRegex', () => {
  it('is short and anchored', () => {
    expect(rangeRegex({ from: 0, to: BUCKETS })).toBe('^(?:[0-9a-f]{4})$');
    expect(rangeRegex({ from: 0, to: 0x8000 })).toBe('^(?:[0-7][0-9a-f]{3})$');
    expect(rangeRegex({ from: 0x1234, to: 0x1235 })).toBe('^(?:1234)$');
    expect(rangeRegex({ from: 0xe666, to: BUCKETS })).toBe(
      '^(?:e66[6-9a-f]|e6[7-9a-f][0-9a-f]|e[7-9a-f][0-9a-f]{2}|f[0-9a-f]{3})$',
    );
  });

  it('matches exactly its range', () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: BUCKETS - 1 }), fc.integer({ min: 0, max: BUCKETS - 1 }))
      .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }));
    fc.assert(
      fc.property(range, ({ from, to }) => {
        const regex = new RegExp(rangeRegex({ from, to }));
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          if (regex.test(hex(bucket)) !== (from <= bucket && bucket < to)) {
            throw new Error(`wrong for ${hex(bucket)}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('needs no more than the anchors to tell the ranges of a partition apart', () => {
    fc.assert(
      fc.property(weightLists, weights => {
        const regexes = apportion(weights).map(range => new RegExp(rangeRegex(range)));
        for (let bucket = 0; bucket < BUCKETS; bucket += 257) {
          expect(regexes.filter(regex => regex.test(hex(bucket)))).toHaveLength(1);
        }
      }),
      { numRuns: 20 },
    );
  });
});
