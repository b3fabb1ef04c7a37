import { spawn } from 'child_process';
import { CONNECTED, TEAM } from './app';
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

/** Asks from the pods of a Deployment. */
export async function ask(cluster: Cluster, client: string, url: string, call: Call): Promise<Answer> {
  return JSON.parse(await inPod(cluster, client, ['ask', url, call[0], JSON.stringify(call[1])]));
}

/** Calls steadily from a connected pod, for some seconds and so often at least, whatever takes longer. */
export async function load(
  cluster: Cluster,
  url: string,
  [tool, args]: Call,
  seconds: number,
  calls: number,
): Promise<Load> {
  const numbers = [seconds, calls, WORKERS].map(String);
  return JSON.parse(await inPod(cluster, CONNECTED, ['load', url, tool, JSON.stringify(args), ...numbers]));
}

/** Runs the client in a pod, and returns what it prints. */
function inPod(cluster: Cluster, client: string, args: readonly string[]): Promise<string> {
  const [program, ...rest] = [...cluster.machine.entering, ...cluster.kubectlCommand];
  const run = spawn(program, [...rest, '-n', TEAM, 'exec', `deploy/${client}`, '--', 'node', PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let trouble = '';
  run.stdout.on('data', text => (output += text));
  run.stderr.on('data', text => (trouble += text));
  return new Promise((resolve, reject) => {
    run.once('error', reject);
    run.once('close', () => (output.startsWith('{') ? resolve(output) : reject(new Error(`${output}${trouble}`))));
  });
}
