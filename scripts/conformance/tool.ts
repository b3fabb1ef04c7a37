/** A program, or a file, that parts need. */
export interface Tool {
  /** Name of the binary, or of the file. */
  readonly name: string;
  /** The version that is built where none is found. */
  readonly version: string;
  /** What makes it say its version, where it can. */
  readonly versionArgs?: readonly string[];
  /** Environment variable that names the binary, to us and to the tests; default is to look in KUBEBUILDER_ASSETS. */
  readonly variable?: string;
  /** Finds one that is installed. */
  find?(): string | undefined;
  /** Builds it into a file. */
  build(file: string): Promise<void>;
}

/** Why a tool is not there: nothing is broken, it only cannot be had here. */
export class Unavailable extends Error {}
