const DURATION = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;

const UNITS: readonly (readonly [string, number])[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Milliseconds in hours and smaller units: `2160h`, `1h30m`. */
export function formatLongDuration(milliseconds: number): string {
  let rest = milliseconds;
  return (
    UNITS.map(([unit, size]) => {
      const amount = Math.floor(rest / size);
      rest -= amount * size;
      return amount === 0 ? '' : `${amount}${unit}`;
    }).join('') || '0s'
  );
}

/** Milliseconds in the form data planes and CRDs read: `90s`, `1500ms`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** Milliseconds of a duration in the form of Go: `90s`, `1h30m`, `1.5s`. */
export function durationMilliseconds(text: string): number {
  const sizes = new Map(UNITS);
  return [...text.matchAll(/([0-9.]+)(ms|[hms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * sizes.get(unit)!,
    0,
  );
}

/** Why a text is not a duration of whole milliseconds. */
export function wholeDurationProblem(text: string): string | undefined {
  if (!DURATION.test(text)) {
    return 'is not a duration (such as 500ms, 30s or 1m30s)';
  }
  return Number.isInteger(durationMilliseconds(text)) ? undefined : 'is finer than a millisecond';
}
