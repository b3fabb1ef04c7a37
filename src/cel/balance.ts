import { anyOf, Predicate } from './predicates';

/*
 * Expressions of any number of parts. Parsers and evaluators of CEL recurse, and the deepest they can is soon reached where each
 * part stands inside of the one before (agentgateway's parser takes 48 levels). So parts are halved until few are left, and the
 * depth grows with the logarithm of their number.
 */

/** How many parts stand in a row. */
export const IN_A_ROW = 8;

/** A value, and when it is the one: a predicate that needs no parentheses before `?`. */
export interface Choice {
  readonly when: Predicate;
  readonly value: string;
}

/** The value of the first choice whose predicate holds, else another. */
export function firstOf(choices: readonly Choice[], otherwise: string): string {
  if (choices.length <= IN_A_ROW) {
    return choices.reduceRight((rest, { when, value }) => `${when} ? ${value} : ${rest}`, otherwise);
  }
  const [first, second] = halves(choices);
  // Where any of the first half holds, the last of them does if no other did.
  const one = firstOf(first.slice(0, -1), first[first.length - 1].value);
  return `${anyOf(first.map(({ when }) => when))} ? (${one}) : ${firstOf(second, otherwise)}`;
}

/** Terms of a sum, or lists in one. */
export function sumOf(terms: readonly string[]): string {
  if (terms.length <= IN_A_ROW) {
    return terms.join(' + ');
  }
  return halves(terms)
    .map(half => `(${sumOf(half)})`)
    .join(' + ');
}

/** The value of a name in a table that is sorted by name, else another; `name` is an expression of a text. */
export function lookedUp(
  name: string,
  table: readonly (readonly [literal: string, value: string])[],
  otherwise: string,
): string {
  if (table.length === 1) {
    const [[literal, value]] = table;
    return `${name} == ${literal} ? (${value}) : ${otherwise}`;
  }
  const [first, second] = halves(table);
  return `${name} < ${second[0][0]} ? (${lookedUp(name, first, otherwise)}) : ${lookedUp(name, second, otherwise)}`;
}

/** The first and the second half. */
export function halves<T>(items: readonly T[]): [readonly T[], readonly T[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
