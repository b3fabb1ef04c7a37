import { limitKey } from './canonical';
import { RateLimit, RateUnit } from '../../model/policy';
import { compareText } from '../../values/text';

const SECONDS: Readonly<Record<RateUnit, bigint>> = { second: 1n, minute: 60n, hour: 3600n, day: 86_400n };

type Rate = Pick<RateLimit, 'requests' | 'unit'>;

/** Orders rates by requests per second, compared exactly, as fractions. */
export function compareRates(a: Rate, b: Rate): number {
  const [left, right] = [BigInt(a.requests) * SECONDS[b.unit], BigInt(b.requests) * SECONDS[a.unit]];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Orders limits, the stricter first. Of equal rates it is the one of the shorter unit: who keeps to 60 a minute keeps to 3600 an hour, and not the other way. */
function compareLimits(a: Rate, b: Rate): number {
  return compareRates(a, b) || Number(SECONDS[a.unit] - SECONDS[b.unit]);
}

/** The lowest rate of each dimension and selection of tools, figures as they were written, in a stable order. */
export function lowestRates(limits: readonly RateLimit[]): RateLimit[] {
  const lowest = new Map<string, RateLimit>();
  for (const limit of limits) {
    const key = limitKey(limit);
    const known = lowest.get(key);
    if (known === undefined || compareLimits(limit, known) < 0) {
      lowest.set(key, limit);
    }
  }
  return [...lowest].sort(([a], [b]) => compareText(a, b)).map(([, limit]) => limit);
}
