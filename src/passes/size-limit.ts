import { Filtering } from '../model/traffic-policy';
import { parseBytes } from '../values/quantity';

/** Size of the largest body, in bytes; undefined means any. */
export function sizeLimit({ sizeLimit: limit, bodyFilters }: Filtering): number | undefined {
  const limits = [
    limit,
    ...bodyFilters.filter(({ type }) => type === 'Size').map(({ pattern }) => parseBytes(pattern)),
  ].filter(size => size !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}
