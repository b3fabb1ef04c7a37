const UNITS: Readonly<Record<string, number>> = {
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
  const bytes = amount === undefined ? 0 : Number(amount) * UNITS[unit ?? ''];
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** The shortest quantity of binary units that says a number of bytes. */
export function formatBytes(bytes: number): string {
  const [unit, factor] = Object.entries(UNITS)
    .filter(([name, size]) => name.endsWith('i') && bytes % size === 0)
    .pop() ?? ['', 1];
  return `${bytes / factor}${unit}`;
}
