import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { nextAddress } from './addresses';
import { until } from './until';
import { ProcessGroup } from '../../../scripts/conformance/process-group';

/* Programs that speak MCP by the SDKs for TypeScript and Python: servers here, and where clients are found. */

const PROGRAMS = join(__dirname, 'spoken');
/** Whoever starts on a busy machine gets there. */
const START_MS = 180_000;

/** A program and its first argument, with the environment that it wants. */
export interface SpokenProgram {
  readonly command: string;
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A program of Python, with the packages in a folder. */
export function pythonProgram(packages: string, name: string): SpokenProgram {
  return {
    command: 'python3',
    file: join(PROGRAMS, `${name}.py`),
    env: { PATH: process.env.PATH, PYTHONPATH: packages },
  };
}

/** A program of TypeScript's SDK: Node.js looks for packages beside it, so that it is copied to where they are. */
export function typescriptProgram(packages: string, name: string): SpokenProgram {
  const folder = mkdtempSync(join(tmpdir(), 'spoken-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  cpSync(PROGRAMS, folder, { recursive: true });
  symlinkSync(join(packages, 'node_modules'), join(folder, 'node_modules'));
  return { command: process.execPath, file: join(folder, `${name}.mjs`), env: { PATH: process.env.PATH } };
}

/** A server of one of the SDKs, at an address of its own. */
export class SpokenServer {
  /** Older clients are `stateless` to it, or it does `reject` them. */
  public static typescript(packages: string, name: string, older: 'stateless' | 'reject'): Promise<SpokenServer> {
    return SpokenServer.start(typescriptProgram(packages, 'server'), name, older);
  }

  /** It keeps sessions for older clients. */
  public static python(packages: string, name: string): Promise<SpokenServer> {
    return SpokenServer.start(pythonProgram(packages, 'server'), name);
  }

  private static async start(
    { command, env, file }: SpokenProgram,
    name: string,
    ...args: string[]
  ): Promise<SpokenServer> {
    const address = nextAddress();
    const group = ProcessGroup.start(command, [file, address, name, ...args], { env, quiet: true });
    const server = new SpokenServer(address, group);
    try {
      await until(`the server ${name} answers`, async () => (await fetch(`http://${address}:8080/mcp`)).status > 0, {
        timeoutMs: START_MS,
        while: () => group.running,
      });
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private constructor(
    public readonly address: string,
    private readonly group: ProcessGroup,
  ) {}

  public stop(): Promise<void> {
    return this.group.stop();
  }
}
