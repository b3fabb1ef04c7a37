import { ChildProcess, spawn } from 'child_process';
import { readdirSync, readFileSync } from 'fs';

/**
 * Runs the arguments as a program and kills its whole process group, itself included, when standard input ends: that is
 * when we close it, and also when we crash or are killed, whatever the signal.
 */
const SUPERVISOR = 'exec 3<&0; { cat <&3 > /dev/null; kill -9 0; } & "$@" < /dev/null 3<&-';

/** Clock ticks of Linux, which are a hundred a second wherever Node runs. */
const TICK_MS = 10;
const STOP_TIMEOUT_MS = 5_000;
const POLL_MS = 20;

export interface ProcessGroupOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A file descriptor for standard output and standard error; default is this process's own. */
  readonly output?: number;
  /** Throws standard output away; standard error goes where it goes. */
  readonly quiet?: boolean;
}

/** The groups of this process, for when it ends before they do. */
const STARTED = new Set<ProcessGroup>();

/** A program and everything that it starts, which never outlive this process. */
export class ProcessGroup {
  /** Starts a program. */
  public static start(program: string, args: readonly string[], options: ProcessGroupOptions = {}): ProcessGroup {
    const output = options.output ?? 'inherit';
    const group = new ProcessGroup(
      spawn('sh', ['-c', SUPERVISOR, 'sh', program, ...args], {
        cwd: options.cwd,
        env: options.env,
        detached: true,
        stdio: ['pipe', options.quiet ? 'ignore' : output, output],
      }),
    );
    STARTED.add(group);
    return group;
  }

  /** Ends every group. */
  public static async stopAll(): Promise<void> {
    await Promise.all([...STARTED].map(group => group.stop()));
  }

  /** Status of the program, once it has ended by itself; null when it was killed. */
  public readonly ended: Promise<number | null>;
  private status?: number | null;

  private constructor(private readonly leader: ChildProcess) {
    this.ended = new Promise((resolve, reject) => {
      leader.once('error', reject);
      leader.once('exit', status => {
        this.status = status;
        resolve(status);
      });
    });
    // Who starts a group need not wait for it; `stop` goes on when it never started.
    this.ended.catch(() => {
      this.status = null;
    });
  }

  /** Whether the program still runs. */
  public get running(): boolean {
    return this.status === undefined;
  }

  /** Ends the program if it still runs, and everything that it left behind. */
  public async stop(): Promise<void> {
    this.leader.stdin?.destroy();
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while ((this.running || this.anyLeft()) && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
    STARTED.delete(this);
  }

  /** Bytes that all of it holds in memory. Only Linux tells. */
  public memory(): number {
    return this.sumOf('VmRSS');
  }

  /** The most that each of its processes has held, together. Only Linux tells. */
  public peakMemory(): number {
    return this.sumOf('VmHWM');
  }

  /** Milliseconds of the processor's time that it took. Only Linux tells. */
  public processorTime(): number {
    return processesOf(this.leader.pid!)
      .map(pid =>
        readFileSync(`/proc/${pid}/stat`, 'latin1')
          .replace(/^.*\) /, '')
          .split(' '),
      )
      .reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * TICK_MS, 0);
  }

  private sumOf(field: 'VmRSS' | 'VmHWM'): number {
    return processesOf(this.leader.pid!)
      .map(pid => readFileSync(`/proc/${pid}/status`, 'latin1'))
      .map(status => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024)
      .reduce((sum, bytes) => sum + bytes, 0);
  }

  private anyLeft(): boolean {
    try {
      process.kill(-this.leader.pid!, 0);
    } catch {
      return false;
    }
    return process.platform !== 'linux' || processesOf(this.leader.pid!).length > 0;
  }
}

/** The processes of a group that still do anything. One that has ended stays listed until its parent notices, which may be another's business and slow. */
function processesOf(group: number): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(processGroup) === group && state !== 'Z' && state !== 'X';
      } catch {
        return false;
      }
    });
}
