import { Diagnostic, warningAt } from '../model/diagnostic';
import { isObject, Json } from '../values/json';

/** A field that a resource carries though nothing that is rendered enforces it. */
export interface CarriedWarning {
  readonly property: string;
  readonly value: unknown;
  readonly problem: string;
  readonly remedy: string;
}

/** What a resource says beyond the options of its construct: fields of a document that no option has. */
export interface Carried {
  /** Part of the resource's `spec`, as the document has it. */
  readonly spec: Json;
  readonly warnings: readonly CarriedWarning[];
}

/** Nothing beyond the options. */
export const NOTHING_CARRIED: Carried = { spec: {}, warnings: [] };
const CARRIED = new WeakMap<object, Carried>();

/**
 * Gives options something to carry into the resource. It stays beside the options rather than in them: users of the
 * constructs have options for everything, and fields without one are for documents alone.
 */
export function carry<T extends object>(options: T, carried: Carried): T {
  CARRIED.set(options, carried);
  return options;
}

/** What options carry. */
export function carriedBy(options: object): Carried {
  return CARRIED.get(options) ?? NOTHING_CARRIED;
}

/** A spec with what its options carry. */
export function withCarried(spec: Json, options: object): Json {
  return merged(spec, carriedBy(options).spec);
}

/** The warnings of what options carry, for the construct at a path. */
export function carriedWarnings(path: string, options: object): readonly Diagnostic[] {
  return carriedBy(options).warnings.map(({ property, value, problem, remedy }) =>
    warningAt(path, property, value, problem, remedy),
  );
}

function merged(base: Json, over: Json): Json {
  const result = { ...base };
  for (const [field, value] of Object.entries(over)) {
    result[field] = isObject(result[field]) && isObject(value) ? merged(result[field], value) : value;
  }
  return result;
}
