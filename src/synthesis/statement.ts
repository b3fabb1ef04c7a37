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
