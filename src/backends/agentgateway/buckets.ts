/*
 * Weights that keep sessions. agentgateway chooses anew among weighted backends at every request, which breaks servers
 * that keep sessions. So callers, not requests, are split: a hash of the caller gives one of 65,536 buckets, and each
 * endpoint owns a range of them.
 */

/** Number of buckets: four hexadecimal digits of a hash. */
export const BUCKETS = 65_536;
/** Hexadecimal digits that name a bucket. */
export const BUCKET_DIGITS = 4;

/** Buckets `from` (included) to `to` (excluded). */
export interface BucketRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Shares all buckets among weights by largest remainder, in order; each weight gets at least one bucket.
 *
 * Ranges are contiguous and keep the order of the weights, so that a changed weight moves only callers at the borders.
 */
export function apportion(weights: readonly number[]): BucketRange[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map(weight => (weight / total) * BUCKETS);
  const counts = shares.map(share => Math.max(1, Math.floor(share)));

  let rest = BUCKETS - counts.reduce((sum, count) => sum + count, 0);
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: share - counts[index] }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (let next = 0; rest > 0; next = (next + 1) % byRemainder.length, rest--) {
    counts[byRemainder[next].index]++;
  }
  // The minimum of one bucket may have given out too many: the largest pay for it.
  for (; rest < 0; rest++) {
    counts[counts.indexOf(Math.max(...counts))]--;
  }

  let from = 0;
  return counts.map(count => ({ from, to: (from += count) }));
}

/** The coarsest ranges within which no list of ranges has a border. Each list must cover all buckets. */
export function segments(lists: readonly (readonly BucketRange[])[]): BucketRange[] {
  const borders = [...new Set([0, BUCKETS, ...lists.flat().map(range => range.from)])].sort((a, b) => a - b);
  return borders.slice(1).map((to, index) => ({ from: borders[index], to }));
}

/** Index of the range that holds a bucket. */
export function ownerOf(bucket: number, ranges: readonly BucketRange[]): number {
  return ranges.findIndex(range => range.from <= bucket && bucket < range.to);
}

/** An anchored regex that matches exactly the buckets of a range, written as four lower-case hexadecimal digits. */
export function rangeRegex(range: BucketRange): string {
  return `^(?:${cover(range.from, range.to - 1, BUCKET_DIGITS).join('|')})$`;
}

/** Regexes that together match the numbers `first` to `last` (both included) of a width in hexadecimal digits. */
function cover(first: number, last: number, width: number): string[] {
  const size = 16 ** (width - 1);
  if (first === 0 && last === 16 ** width - 1) {
    return [anyDigits(width)];
  }
  const high = Math.floor(first / size);
  const lastHigh = Math.floor(last / size);
  if (high === lastHigh) {
    return cover(first % size, last % size, width - 1).map(rest => hex(high) + rest);
  }
  const parts: string[] = [];
  const startsWhole = first % size === 0;
  const endsWhole = last % size === size - 1;
  if (!startsWhole) {
    parts.push(...cover(first % size, size - 1, width - 1).map(rest => hex(high) + rest));
  }
  const wholeFrom = startsWhole ? high : high + 1;
  const wholeTo = endsWhole ? lastHigh : lastHigh - 1;
  if (wholeFrom <= wholeTo) {
    parts.push(digitClass(wholeFrom, wholeTo) + anyDigits(width - 1));
  }
  if (!endsWhole) {
    parts.push(...cover(0, last % size, width - 1).map(rest => hex(lastHigh) + rest));
  }
  return parts;
}

function hex(digit: number): string {
  return digit.toString(16);
}

function anyDigits(width: number): string {
  return width === 0 ? '' : width === 1 ? '[0-9a-f]' : `[0-9a-f]{${width}}`;
}

function digitClass(from: number, to: number): string {
  if (from === to) {
    return hex(from);
  }
  // '9' and 'a' are not neighbours in ASCII: a class over both is written in two parts.
  return to <= 9 || from >= 10 ? `[${hex(from)}-${hex(to)}]` : `[${span(from, 9)}${span(10, to)}]`;
}

function span(from: number, to: number): string {
  return from === to ? hex(from) : `${hex(from)}-${hex(to)}`;
}
