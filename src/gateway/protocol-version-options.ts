/** Versions of the Model Context Protocol that clients may speak. */
export interface ProtocolVersionOptions {
  /**
   * Versions that are accepted, such as `2025-06-18`.
   *
   * @default - all from `minVersion` to `maxVersion`
   */
  readonly supported?: string[];

  /**
   * Oldest version that is accepted.
   *
   * @default 2025-06-18
   */
  readonly minVersion?: string;

  /**
   * Newest version that is accepted.
   *
   * @default - any newer one
   */
  readonly maxVersion?: string;

  /**
   * Version that is agreed on with a client that proposes one that is not accepted.
   *
   * @default 2025-06-18
   */
  readonly preferredVersion?: string;

  /**
   * Whether a client that proposes a version that is not accepted is offered the preferred one. Else it is refused.
   *
   * @default true
   */
  readonly allowVersionNegotiation?: boolean;

  /**
   * Whether requests have to name their version, and the first has to propose an accepted one. Else requests that name
   * none speak 2025-03-26, as MCP has it.
   *
   * @default false
   */
  readonly strictVersioning?: boolean;
}
