import { ChildProcess, spawn, spawnSync, SpawnSyncReturns } from 'child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Unavailable } from '../conformance/tool';

/** Group of everything that runs in pods, and of nothing else. */
export const CGROUP = 'mcp-node';

const CGROUPS = '/sys/fs/cgroup';
const HIERARCHIES = ['cpu', 'cpuacct', 'cpuset', 'memory', 'pids', 'devices', 'freezer', 'blkio', 'systemd'];
const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 100;

/**
 * A machine inside of this one, in namespaces of its own: what runs there sees no process, mount or address of this one, nothing leaves
 * it, and all of it ends with its first process.
 */
export class Machine {
  /** What this kernel, or this user, lacks to have one; empty where nothing is missing. */
  public static lacks(): string[] {
    return [
      ...(process.platform === 'linux' ? [] : ['Linux']),
      ...(process.getuid?.() === 0 ? [] : ['the rights of root']),
      ...['unshare', 'nsenter', 'ip'].filter(program => spawnSync('which', [program]).status !== 0),
      ...(existsSync('/proc/sys/net/bridge/bridge-nf-call-iptables') ? [] : ['the kernel module br_netfilter']),
      ...(existsSync('/proc/filesystems') && readFileSync('/proc/filesystems', 'utf8').includes('overlay')
        ? []
        : ['the file system overlay']),
      ...HIERARCHIES.filter(name => !existsSync(join(CGROUPS, name))).map(name => `the cgroup (v1) hierarchy ${name}`),
      ...(spawnSync('unshare', ['--mount', '--net', '--pid', '--uts', '--ipc', '--fork', 'true']).status === 0
        ? []
        : ['namespaces of its own']),
    ];
  }

  /** Throws where there cannot be one: this kernel cannot have it, or there is one already. */
  public static check(): void {
    const lacks = Machine.lacks();
    if (lacks.length > 0) {
      throw new Unavailable(`this machine lacks ${lacks.join(', ')}`);
    }
    if (existsSync(join(CGROUPS, 'pids', CGROUP))) {
      throw new Error(`there is a cluster already, or what is left of one: npm run cluster -- down`);
    }
  }

  /** Starts one with its state in a folder; it outlives this process where it is kept. */
  public static async start(folder: string, packages: string, kept: boolean): Promise<Machine> {
    mkdirSync(join(folder, 'log'), { recursive: true });
    rmSync(join(folder, 'ready'), { force: true });
    const log = openSync(join(folder, 'log', 'machine.log'), 'w');
    const first = spawn(
      'unshare',
      [
        ...['--mount', '--net', '--pid', '--uts', '--ipc', '--fork', '--mount-proc', '--kill-child'],
        ...['sh', join(__dirname, 'programs', 'machine.sh'), folder, packages],
      ],
      { detached: kept, stdio: ['ignore', log, log] },
    );
    const machine = new Machine(folder, await firstOf(first, folder));
    writeFileSync(join(folder, 'pid'), String(machine.pid));
    if (kept) {
      first.unref();
    } else {
      process.once('exit', () => machine.kill());
    }
    return machine;
  }

  /** The one that was kept in a folder, if it still runs. */
  public static find(folder: string): Machine | undefined {
    const file = join(folder, 'pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
    return pid !== undefined && existsSync(`/proc/${pid}`) ? new Machine(folder, pid) : undefined;
  }

  private readonly programs = new Map<string, ChildProcess>();

  private constructor(
    public readonly folder: string,
    /** Its first process. */
    public readonly pid: number,
  ) {}

  /** The command that enters it, to which a program and its arguments are added. */
  public get entering(): string[] {
    return ['nsenter', '-t', String(this.pid), '-m', '-n', '-p', '-u', '-i', '--'];
  }

  /** Runs a program in it to its end. */
  public run(program: string, args: readonly string[], input?: string): SpawnSyncReturns<string> {
    const [enter, ...rest] = this.entering;
    return spawnSync(enter, [...rest, program, ...args], { encoding: 'utf8', input, maxBuffer: 2 ** 28 });
  }

  /** Starts a program in it, whose output is in a file. */
  public spawn(name: string, program: string, args: readonly string[]): void {
    const log = openSync(this.logOf(name), 'w');
    const [enter, ...rest] = this.entering;
    const started = spawn(enter, [...rest, program, ...args], { detached: true, stdio: ['ignore', log, log] });
    started.unref();
    this.programs.set(name, started);
  }

  /** Programs that were started and have ended. */
  public get ended(): string[] {
    return [...this.programs]
      .filter(([, { exitCode, signalCode }]) => exitCode !== null || signalCode !== null)
      .map(([name]) => name);
  }

  /** Where the output of a program is. */
  public logOf(name: string): string {
    return join(this.folder, 'log', `${name}.log`);
  }

  /** Ends it, and removes what it leaves: the groups of its processes. */
  public async stop(): Promise<void> {
    this.kill();
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (!removeGroups() && Date.now() < deadline) {
      await pause();
    }
    rmSync(join(this.folder, 'pid'), { force: true });
  }

  private kill(): void {
    try {
      process.kill(this.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** The first process of a machine, once the machine is there. */
async function firstOf(unshare: ChildProcess, folder: string): Promise<number> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!existsSync(join(folder, 'ready'))) {
    if (unshare.exitCode !== null || Date.now() > deadline) {
      unshare.kill('SIGKILL');
      const log = readFileSync(join(folder, 'log', 'machine.log'), 'utf8').trim();
      throw new Error(`the machine did not start: ${log.split('\n').pop()}`);
    }
    await pause();
  }
  const children = readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

/** Removes the groups that are empty, and says whether all are gone. */
export function removeGroups(): boolean {
  // Where there is a second version of them besides, runc leaves groups there, too.
  return [...HIERARCHIES, 'unified']
    .map(name => join(CGROUPS, name, CGROUP))
    .map(folder => removeGroup(folder))
    .every(gone => gone);
}

function removeGroup(folder: string): boolean {
  if (!existsSync(folder)) {
    return true;
  }
  const inside = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  const empty = inside.map(entry => removeGroup(join(folder, entry.name))).every(gone => gone);
  try {
    if (empty) {
      rmdirSync(folder);
    }
    return empty;
  } catch {
    // Its processes are still ending.
    return false;
  }
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, POLL_MS));
}
