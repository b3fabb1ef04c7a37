import { spawn } from 'child_process';
import { CONNECTED, KEY, Workload } from './app';
import { Cluster } from '../../../scripts/cluster/cluster';

/** Workers of a client, each of which has a session of its own. */
export const WORKERS = 12;
const PROGRAM = '/app/client.mjs';

/** What came of steady calls. */
export interface Load {
  readonly calls: number;
  /** Calls that failed. */
  readonly lost: number;
  /** Calls for which the client had to open another session first. */
  readonly reopened: number;
  readonly seconds: number;
  /** Milliseconds that the slowest call took. */
  readonly slowest: number;
  /** How often each answer came. */
  readonly answers: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
}

/** What a client got that asked once. */
export type Answer = { readonly tools: readonly string[]; readonly answer: string } | { readonly error: string };

/** A tool, and what it is called with. */
export type Call = readonly [tool: string, args: object];

/** Asks from the pods of a client, with their key or another one. */
export async function ask(cluster: Cluster, client: Workload, url: string, call: Call, key?: string): Promise<Answer> {
  return JSON.parse(await inPod(cluster, client, ['ask', url, ...texts(call)], key).output);
}

/** Asks with a new connection each time, until that succeeds so often in a row; the seconds that it took. */
export async function untilAnswered(
  cluster: Cluster,
  url: string,
  call: Call,
  times: number,
  client = CONNECTED,
): Promise<number> {
  return JSON.parse(await inPod(cluster, client, ['until', url, ...texts(call), String(times)]).output).seconds;
}

/** Steady calls. */
export interface Calling {
  /** Ends them once there are enough, and says what came of them. */
  end(): Promise<Load>;
}

/** Calls steadily from a connected pod, so often at least. */
export function startCalling(cluster: Cluster, url: string, call: Call, calls: number, client = CONNECTED): Calling {
  const { output, endInput } = inPod(cluster, client, ['load', url, ...texts(call), ...[calls, WORKERS].map(String)]);
  // What fails before anybody asks is told to who asks.
  output.catch(() => {});
  return {
    end: async () => {
      endInput();
      return JSON.parse(await output);
    },
  };
}

function texts([tool, args]: Call): string[] {
  return [tool, JSON.stringify(args)];
}

/** Runs the client in a pod, whose input is open until it is ended. */
function inPod(
  cluster: Cluster,
  client: Workload,
  args: readonly string[],
  key = KEY,
): { readonly output: Promise<string>; readonly endInput: () => void } {
  const [program, ...rest] = [...cluster.machine.entering, ...cluster.kubectlCommand];
  const command = ['sh', '-c', 'KEY="$1"; export KEY; shift; exec node "$@"', 'sh', key, PROGRAM, ...args];
  const run = spawn(program, [...rest, '-n', client.namespace, 'exec', '-i', client.name, '--', ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let printed = '';
  let trouble = '';
  run.stdout.on('data', text => (printed += text));
  run.stderr.on('data', text => (trouble += text));
  const output = new Promise<string>((resolve, reject) => {
    run.once('error', reject);
    run.once('close', () => (printed.startsWith('{') ? resolve(printed) : reject(new Error(`${printed}${trouble}`))));
  });
  return { output, endInput: () => run.stdin.end() };
}
