import { Duration } from 'cdk8s';
import { durationMilliseconds } from '../values/quantities';

/** The duration a text such as `1m30s` says. */
export function parseDuration(text: string): Duration {
  return Duration.millis(durationMilliseconds(text));
}
