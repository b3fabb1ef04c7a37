import { canonicalText } from './json';

/** Items, each once: of several that mean the same the last, where the first of them stood. */
export function distinct<T>(items: readonly T[]): T[] {
  return distinctBy(items, canonicalText);
}

/** Items, each key once: of several the last, where the first of them stood. */
export function distinctBy<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map(item => [keyOf(item), item])).values()];
}
