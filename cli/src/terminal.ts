/** Where a command runs, and whom it tells. */
export interface Terminal {
  /** Folder that paths are relative to. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What was asked for. */
  out(text: string): void;
  /** What else is to be said. */
  err(text: string): void;
}

/** What commands end with. */
export enum ExitCode {
  OK = 0,
  /** Something was found that the command was to fail by. */
  FOUND = 1,
  /** The command was called wrongly, or what it was to look at cannot be had. */
  FAILED = 2,
}

/** Ends a command with a message for whoever called it. */
export class CommandError extends Error {}
