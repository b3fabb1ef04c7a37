/** Changes to the headers of requests or responses. A header may be named once. */
export interface HeaderModifierOptions {
  /**
   * Headers to set, whatever they held before.
   *
   * @default - none
   */
  readonly set?: { [name: string]: string };

  /**
   * Headers to add to the values there are.
   *
   * @default - none
   */
  readonly add?: { [name: string]: string };

  /**
   * Headers to remove.
   *
   * @default - none
   */
  readonly remove?: string[];
}
