import { connect } from 'net';

const TIMEOUT_MS = 20_000;
const POLL_MS = 10;

/** What is waited for, how long, and as long as what holds. */
export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly while?: () => boolean;
  /** More about what went wrong, for the error. */
  readonly details?: () => string;
}

/** Waits until something holds; errors of it mean that it does not yet. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  options: UntilOptions = {},
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? TIMEOUT_MS);
  let problem: unknown;
  const held = async (): Promise<boolean> => {
    try {
      return await holds();
    } catch (error) {
      problem = error;
      return false;
    }
  };
  while (!(await held())) {
    if (Date.now() > deadline || options.while?.() === false) {
      throw new Error(
        `not so, and it was waited for: ${what}${problem === undefined ? '' : ` (${String(problem)})`}${options.details === undefined ? '' : `\n${options.details()}`}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}

/** Whether something listens; an error says why not. */
export function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', reject);
  });
}
