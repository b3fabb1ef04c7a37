import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';

/**
 * What a construct is made of, whether options say it or a document: plain data, which pure functions check. The value is
 * that of the kind's table of fields (`src/api`).
 */
export interface Statement<T> {
  readonly name: string;
  /** Undefined for what is in no namespace. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly value: T;
}

/** Stands in the place of options, for a construct whose statement is there already, and checked. */
export class Stated<S> {
  constructor(readonly statement: S) {}

  /** As the options that a constructor takes. */
  asProps<P extends object>(): P {
    return this as unknown as P;
  }
}

/** Options as plain data: milliseconds, bytes and words. */
export type Plain<T> = T extends Duration | Size
  ? number
  : T extends string
    ? `${T}`
    : T extends readonly (infer I)[]
      ? readonly Plain<I>[]
      : T extends object
        ? { readonly [K in keyof T]: Plain<T[K]> }
        : T;

/** Turns durations and sizes of options into numbers, and copies the rest. */
export function plain<T>(value: T): Plain<T> {
  return plainValue(value) as Plain<T>;
}

/** Whole bytes of a size, however it was given. */
export function bytesOf(size: Size): number {
  return Math.round(size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) * 1024);
}

function plainValue(value: unknown): unknown {
  if (value instanceof Duration) {
    return value.toMilliseconds();
  }
  if (value instanceof Size) {
    return bytesOf(value);
  }
  if (Array.isArray(value)) {
    return value.map(plainValue);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainValue(item)]))
    : value;
}
