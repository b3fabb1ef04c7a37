import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { exponent, inTurn } from '../../bench/process';
import { lastRelease, missed, Row, save, table } from '../../bench/row';

const ROWS: readonly Row[] = [
  { title: 'synth', value: 0.954, unit: '×', atMost: 1.1, detail: '95 ms to 100' },
  { title: 'import', value: 1.4, unit: '×', atMost: 1.35 },
  { title: 'routes', value: 1417, unit: 'routes' },
];

it('figures stand beside what is wanted and what the last release had', () => {
  expect(table(ROWS, { synth: 1.02, routes: 116 })).toBe(
    [
      '| What   | Figure       | Wanted          | Last release | Made of      |',
      '| ------ | ------------ | --------------- | ------------ | ------------ |',
      '| synth  | 0.95 ×       | ≤ 1.1           | 1.02 ×       | 95 ms to 100 |',
      '| import | 1.40 ×       | ≤ 1.35 (missed) |              |              |',
      '| routes | 1,417 routes |                 | 116 routes   |              |',
    ].join('\n'),
  );
});

it('a figure that is more than wanted, or none, is missed', () => {
  expect(missed(ROWS).map(({ title }) => title)).toEqual(['import']);
  expect(missed([{ ...ROWS[0], value: NaN }])).toHaveLength(1);
});

it('figures are kept for the next release, with those of before that were not measured again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-bench-test-'));
  try {
    const path = join(folder, 'last.json');
    expect(lastRelease(path)).toEqual({});
    save(ROWS, path);
    save([{ ...ROWS[0], value: 0.9 }], path);
    expect(lastRelease(path)).toEqual({ synth: 0.9, import: 1.4, routes: 1417 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('growth is 1 where twice as much costs twice as much, and 2 where it costs four times as much', () => {
  expect(exponent([100, 50], [200, 100])).toBeCloseTo(1);
  expect(exponent([100, 50], [400, 800])).toBeCloseTo(2);
  expect(exponent([100, 50], [1000, 50])).toBeCloseTo(0);
});

it('work is done in turn, and the middle of its rounds counts', () => {
  const order: string[] = [];
  const costs = [9, 1, 2];
  const result = inTurn(3, {
    a: () => {
      order.push('a');
      return costs.shift()!;
    },
    b: () => order.push('b'),
  });
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(result).toEqual({ a: 2, b: 4 });
});
