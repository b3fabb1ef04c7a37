import { FALSE, infix, opaque, Rank, TRUE, within } from './terms';

/*
 * Predicates of which only the text is known: whatever stands in them, they are joined as wholes.
 */

/** A CEL expression that yields a boolean. */
export type Predicate = string;

/** True when all hold; no predicate is true. */
export function allOf(predicates: readonly Predicate[]): Predicate {
  return infix(predicates.map(opaque), '&&', Rank.AND, TRUE).text;
}

/** True when any holds; no predicate is false. */
export function anyOf(predicates: readonly Predicate[]): Predicate {
  return infix(predicates.map(opaque), '||', Rank.OR, FALSE).text;
}

/** The opposite. */
export function not(predicate: Predicate): Predicate {
  return `!${within(opaque(predicate), Rank.PRIMARY)}`;
}
