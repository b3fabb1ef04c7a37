const DURATION = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;

const DURATION_UNITS: readonly (readonly [string, number])[] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Milliseconds in hours and smaller units: `2160h`, `1h30m`. */
export function formatLongDuration(milliseconds: number): string {
  let rest = milliseconds;
  return (
    DURATION_UNITS.map(([unit, size]) => {
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
  const sizes = new Map(DURATION_UNITS);
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

const BYTE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
};

/** Bytes that a quantity such as `64Ki` or `1000000` says; undefined when it says no whole number of bytes of at least 1. */
export function parseBytes(text: string): number | undefined {
  const [, amount, unit] = /^([0-9]+(?:\.[0-9]+)?)(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$/.exec(text) ?? [];
  const bytes = amount === undefined ? 0 : Number(amount) * BYTE_UNITS[unit ?? ''];
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** Bytes that a quantity of Kubernetes says, such as `512Mi`, `0.5G`, `1e9` or `500m`, rounded up as it does; undefined when it is none. */
export function memoryBytes(text: string): number | undefined {
  const [, amount, unit] =
    /^\+?([0-9]*\.?[0-9]+\.?(?:[eE][+-]?[0-9]+)?)(Ki|Mi|Gi|Ti|Pi|Ei|m|k|M|G|T|P|E)?$/.exec(text) ?? [];
  return amount === undefined ? undefined : Math.ceil(Number(amount) * (MORE_UNITS[unit] ?? BYTE_UNITS[unit ?? '']));
}

/** Units of Kubernetes that sizes of bodies have not. */
const MORE_UNITS: Readonly<Record<string, number>> = { m: 1e-3, E: 1e18, Ei: 2 ** 60 };

/** The shortest quantity of binary units that says a number of bytes. */
export function formatBytes(bytes: number): string {
  const [unit, factor] = Object.entries(BYTE_UNITS)
    .filter(([name, size]) => name.endsWith('i') && bytes % size === 0)
    .pop() ?? ['', 1];
  return `${bytes / factor}${unit}`;
}
