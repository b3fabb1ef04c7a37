/** A feature of the model and how a data plane stands to it. The checks and the documentation are made from lists of these. */
export interface Capability {
  readonly feature: string;
  readonly supported: boolean;
  /** Why, as a sentence without its full stop. */
  readonly reason: string;
  /** What to do instead, where it is not supported. */
  readonly remedy?: string;
}
