import { Duration } from './api';
import { durationMilliseconds } from '../../values/quantities';

/** A duration as Envoy reads it: seconds, with what is below them behind a point. */
export function seconds(milliseconds: number): Duration {
  return `${milliseconds / 1000}s`;
}

/** The shortest of some durations of the model, in milliseconds; undefined where there is none. */
export function shortest(...durations: readonly (string | undefined)[]): number | undefined {
  const known = durations.flatMap(duration => (duration === undefined ? [] : [durationMilliseconds(duration)]));
  return known.length === 0 ? undefined : Math.min(...known);
}
