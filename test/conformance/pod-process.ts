import { spawnSync } from 'child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { Container, Mount } from './pod-container';

/**
 * A container run as a process of this machine, whose Node stands in for the image's.
 *
 * Where root may make namespaces, it has a root of its own with the programs of this machine and no more, read-only if the
 * pod says so, its volumes at their paths and with their sizes, the pod's user and no privileges, and it is the first
 * process that it sees. It shares the network. Seccomp and the limits of CPU and memory are not imitated.
 */

/** What an image of Node sets. */
const IMAGE_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** Folders with programs and their libraries. */
const SYSTEM_FOLDERS = ['bin', 'lib', 'lib32', 'lib64', 'libx32', 'sbin', 'usr'].filter(folder =>
  existsSync(`/${folder}`),
);
const DEVICES = ['full', 'null', 'random', 'urandom', 'zero'];

const NODE_FOLDER = dirname(process.execPath);

/** A command that starts something. */
export interface CommandLine {
  readonly program: string;
  readonly args: string[];
}

/** Why containers cannot be confined here; undefined where they can. */
export function unconfinedBecause(): string | undefined {
  if (process.platform !== 'linux' || process.getuid!() !== 0) {
    return 'this is not root on Linux';
  }
  const { status, stderr } = spawnSync(
    'unshare',
    ['--mount', '--pid', '--fork', 'setpriv', '--no-new-privs', 'mount', '-t', 'tmpfs', 'none', tmpdir()],
    { encoding: 'utf8' },
  );
  return status === 0 ? undefined : `there are no namespaces: ${stderr}`;
}

/** A container with a folder of this machine to live in. */
export class PodProcess {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pod-'));

  constructor(
    public readonly container: Container,
    private readonly confined: boolean,
  ) {}

  /** Starts the container's command, or another in its place. */
  public commandLine(command: readonly string[] = this.container.command): CommandLine {
    return this.confined ? this.confinedLine(command) : this.plainLine(command);
  }

  /** Removes its files, once it has ended. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private confinedLine(command: readonly string[]): CommandLine {
    const { env, workingDir, mounts, user, group, readOnlyRoot, mayGainPrivileges, dropsCapabilities } = this.container;
    const root = join(this.folder, 'root');
    const at = (path: string): string => join(root, path);
    mkdirSync(root, { recursive: true });
    const script = [
      line('mount', '-t', 'tmpfs', '-o', 'mode=755', 'root', root),
      ...SYSTEM_FOLDERS.flatMap(folder =>
        lstatSync(`/${folder}`).isSymbolicLink()
          ? [line('ln', '-s', readlinkSync(`/${folder}`), at(folder))]
          : bind(`/${folder}`, at(folder)),
      ),
      ...(nodeOutside() ? bind(dirname(NODE_FOLDER), at(dirname(NODE_FOLDER))) : []),
      // A copy: pods mount things into it. The names of other hosts are the kubelet's to say.
      line('cp', '-a', '/etc', at('etc')),
      line('cp', '-L', '--remove-destination', '/etc/resolv.conf', at('etc/resolv.conf')),
      line('mkdir', at('dev')),
      ...DEVICES.flatMap(device => [
        line('touch', at(`dev/${device}`)),
        line('mount', '--bind', `/dev/${device}`, at(`dev/${device}`)),
      ]),
      line('mkdir', at('proc')),
      line('mount', '-t', 'proc', 'proc', at('proc')),
      ...[...mounts]
        .sort((a, b) => a.path.localeCompare(b.path))
        .flatMap((mount, i) => this.mounted(mount, at(mount.path), i)),
      ...(readOnlyRoot ? [line('mount', '-o', 'remount,ro', root)] : []),
      `exec ${line(
        'chroot',
        root,
        'setpriv',
        '--reuid',
        `${user}`,
        '--regid',
        `${group}`,
        '--clear-groups',
        ...(mayGainPrivileges ? [] : ['--no-new-privs']),
        ...(dropsCapabilities ? ['--bounding-set=-all', '--inh-caps=-all'] : []),
        'env',
        '-i',
        '-C',
        workingDir,
        ...variables({ PATH: PATH(), ...env }),
        ...command,
      )}`,
    ];
    return {
      program: 'unshare',
      args: ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-e', '-c', script.join('\n')],
    };
  }

  private mounted({ readOnly, files, sizeBytes }: Mount, target: string, i: number): string[] {
    if (files !== undefined) {
      return bind(this.written(files, `files-${i}`), target);
    }
    const options = ['mode=0777', readOnly ? 'ro' : 'rw', ...(sizeBytes === undefined ? [] : [`size=${sizeBytes}`])];
    return [line('mkdir', '-p', target), line('mount', '-t', 'tmpfs', '-o', options.join(','), 'volume', target)];
  }

  /** As this user, with volumes somewhere else than the pod says. */
  private plainLine(command: readonly string[]): CommandLine {
    const { env, mounts } = this.container;
    const places = mounts.map(({ path, files = {} }, i): [string, string] => [
      path,
      this.written(files, `volume-${i}`),
    ]);
    const placed = (text: string): string =>
      places.reduce(
        (result, [path, place]) =>
          result === path || result.startsWith(`${path}/`) ? `${place}${result.slice(path.length)}` : result,
        text,
      );
    const moved = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, placed(value)]));
    return { program: 'env', args: ['-i', '-C', this.folder, ...variables({ PATH: PATH(), ...moved }), ...command] };
  }

  private written(files: Readonly<Record<string, string>>, name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    Object.entries(files).forEach(([file, text]) => writeFileSync(join(folder, file), text));
    return folder;
  }
}

/** What is known of a process from outside. */
export interface ProcessStatus {
  readonly name: string;
  readonly pid: number;
  /** Its number where it lives. */
  readonly innerPid: number;
  readonly user: number;
  readonly group: number;
  /** Whether it has, or could get, any capability. */
  readonly privileged: boolean;
  readonly noNewPrivileges: boolean;
  /** The most memory that it had at a time. */
  readonly peakBytes: number;
}

/** Processes below this one that live in a process namespace of their own. */
export function confinedProcesses(): ProcessStatus[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        return [
          Object.fromEntries(
            readFileSync(`/proc/${pid}/status`, 'utf8')
              .split('\n')
              .map(text => text.split(/:\s*/) as [string, string]),
          ),
        ];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  const parents = new Map(all.map(({ Pid, PPid }) => [Pid, PPid]));
  const isBelow = (pid: string | undefined): boolean =>
    pid !== undefined && (pid === `${process.pid}` || isBelow(parents.get(pid)));
  const depth = (status: Readonly<Record<string, string>>): number => status.NSpid.split('\t').length;
  const own = all.find(({ Pid }) => Pid === `${process.pid}`)!;
  return all
    .filter(status => isBelow(status.Pid) && depth(status) > depth(own))
    .map(status => ({
      name: status.Name,
      pid: Number(status.Pid),
      innerPid: Number(status.NSpid.split('\t').pop()),
      user: Number(status.Uid.split('\t')[0]),
      group: Number(status.Gid.split('\t')[0]),
      privileged: ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].some(set => BigInt(`0x${status[set]}`) !== 0n),
      noNewPrivileges: status.NoNewPrivs === '1',
      peakBytes: Number.parseInt(status.VmHWM ?? '0', 10) * 1024,
    }));
}

function nodeOutside(): boolean {
  return !SYSTEM_FOLDERS.some(folder => process.execPath.startsWith(`/${folder}/`));
}

function PATH(): string {
  return [...(nodeOutside() ? [NODE_FOLDER] : []), ...IMAGE_PATH].join(':');
}

function variables(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** Shows a folder in another place, for reading. */
function bind(folder: string, target: string): string[] {
  return [
    line('mkdir', '-p', target),
    line('mount', '--bind', folder, target),
    line('mount', '-o', 'remount,bind,ro', target),
  ];
}

/** A command with its arguments, for a shell. */
function line(...words: readonly string[]): string {
  return words.map(word => `'${word.replace(/'/g, "'\\''")}'`).join(' ');
}
