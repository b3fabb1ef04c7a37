import { Path } from './paths';
import { compareText } from './text';

/** Plain JSON: an object of Kubernetes, of the API, or of a data plane's configuration. */
export type Json = { [key: string]: any };

/** Whether a value is an object, and neither a list nor nothing. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is an object as literals and parsers make it, and of no class. */
export function isPlainObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * What a record holds under a name that somebody made up: `constructor` and the like are names like any other, and what every
 * object of JavaScript has under them is not meant.
 */
export function entryOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/**
 * Where a value holds what cdk8s cannot write as it is: something of a class, a function, or a field that every object of
 * JavaScript has; undefined where it is plain JSON.
 */
export function unwritableIn(value: unknown): Path | undefined {
  if (value === null || ['undefined', 'string', 'number', 'boolean'].includes(typeof value)) {
    return undefined;
  }
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return [];
  }
  const items: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : Object.entries(value);
  for (const [name, item] of items) {
    const within = name === 'constructor' || name === '__proto__' ? [] : unwritableIn(item);
    if (within !== undefined) {
      return [name, ...within];
    }
  }
  return undefined;
}

/** Without what is undefined. What is empty stays: that it is there may say something. */
export function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** Without undefined values, and without empty objects and lists that say nothing; one level deep. */
export function compact<T extends Json>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && !isEmpty(value))) as T;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isPlainObject(value) && Object.keys(value).length === 0;
}

/**
 * A deep copy with sorted keys, as cdk8s writes objects. Without the copy, a value that stands in two places would become a
 * YAML alias.
 */
export function sorted<T>(value: T): T {
  if (Array.isArray(value)) {
    return value.map(sorted) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, item]) => [key, sorted(item)]),
  ) as T;
}

/** Text that is equal for values that mean the same, whatever the order of their properties. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => compareText(a, b))) : item,
  );
}

/** Whether two lists have the very same items in the same order. */
export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Items, each once: of several that mean the same the last, where the first of them stood. */
export function distinct<T>(items: readonly T[]): T[] {
  return distinctBy(items, canonicalText);
}

/** Items, each key once: of several the last, where the first of them stood. */
export function distinctBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map(item => [keyOf(item), item])).values()];
}
