import { Duration } from 'cdk8s';
import { durationProblem } from '../model/names';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Why a text is not a duration of whole milliseconds. */
export function wholeDurationProblem(text: string): string | undefined {
  return durationProblem(text) ?? (Number.isInteger(milliseconds(text)) ? undefined : 'is finer than a millisecond');
}

/** The duration a text such as `1m30s` says. */
export function parseDuration(text: string): Duration {
  return Duration.millis(milliseconds(text));
}

function milliseconds(text: string): number {
  return [...text.matchAll(/([0-9.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit],
    0,
  );
}
