/** How a data plane stands to something that a chart may ask for. */
export interface Standing {
  readonly supported: boolean;
  /** How, or why not, as a sentence without its full stop. */
  readonly reason: string;
  /** What to do instead, where it is not supported. */
  readonly remedy?: string;
}

/** A feature of the model, or a limit of a plane's own. The checks and the documentation are made from lists of these. */
export interface Capability extends Standing {
  readonly feature: string;
}

/** How a data plane stands to a feature of a gateway's policy. */
export interface PolicyCapability extends Standing {
  /** Fields of the API that it is about, with all that stands below them. */
  readonly fields: readonly string[];
  /** The values of these that it is about; undefined means all. */
  readonly values?: string;
}
