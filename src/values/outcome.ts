/** How a question came out: as a boolean, or not at all. */
export type Outcome =
  { readonly kind: 'value'; readonly value: boolean } | { readonly kind: 'error'; readonly message: string };

/** Whether it came out as true. What could not be answered did not. */
export function isMet(outcome: Outcome): boolean {
  return outcome.kind === 'value' && outcome.value;
}
