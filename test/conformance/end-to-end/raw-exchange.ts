import { connect } from 'net';

/** What is written to a connection, piece by piece. */
export interface RawOptions {
  readonly from?: string;
  /** Time between pieces. */
  readonly pauseMs?: number;
}

/** How long no answer is waited for, and after how much silence an answer counts as whole. */
const NO_ANSWER_MS = 400;
const SILENCE_MS = 40;

/** Writes bytes that no client would, and returns whatever comes back. */
export function rawExchange(
  url: string,
  pieces: readonly (string | Buffer)[],
  { from, pauseMs = 2 }: RawOptions = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise(resolve => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: from });
    const received: Buffer[] = [];
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(received).toString('latin1'));
    };
    let timer = setTimeout(finish, pieces.length * pauseMs + NO_ANSWER_MS);
    socket.on('data', chunk => {
      received.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(finish, SILENCE_MS);
    });
    socket.on('error', finish);
    socket.on('close', finish);
    socket.once('connect', async () => {
      for (const [i, piece] of pieces.entries()) {
        if (i > 0) {
          await new Promise(wait => setTimeout(wait, pauseMs));
        }
        if (!socket.destroyed) {
          socket.write(piece);
        }
      }
    });
  });
}

/** Statuses of the answers in what came back. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
}
