import { measured } from '../../bench/measured';
import { lastRelease, missed, table } from '../../bench/row';

/** Measures everything that the benchmark has; figures that are more than wanted. */
export async function compareAll(): Promise<readonly string[]> {
  const rows = await measured({ all: true, smoke: false });
  console.log(table(rows, lastRelease()));
  return missed(rows).map(({ title, value, atMost }) => `${title}: ${value.toFixed(2)} instead of at most ${atMost}`);
}
