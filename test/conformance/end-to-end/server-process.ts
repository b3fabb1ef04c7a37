import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { nextAddress } from './addresses';
import { Executed, Role } from './mcp-server';
import { until } from './until';
import { ProcessGroup } from '../../../scripts/conformance/process-group';

const CONTROL_PORT = 19_999;
const START_ATTEMPTS = 3;

let program: string | undefined;

/** The server as one file of JavaScript: a compiler in each of its processes would cost more than the server. */
function compiled(): string {
  if (program === undefined) {
    const source = readFileSync(join(__dirname, 'mcp-server.ts'), 'utf8');
    const { outputText } = transpileModule(source, {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true },
    });
    const folder = mkdtempSync(join(tmpdir(), 'mcp-server-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    program = join(folder, 'mcp-server.js');
    writeFileSync(program, outputText);
  }
  return program;
}

/** A process that serves MCP at an address of its own. */
export class ServerProcess {
  public static async start(): Promise<ServerProcess> {
    for (let attempt = 1; ; attempt++) {
      const server = new ServerProcess(nextAddress());
      try {
        await server.restart();
        return server;
      } catch (error) {
        await server.kill();
        if (attempt === START_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  private group?: ProcessGroup;
  private current?: Role;

  private constructor(public readonly address: string) {}

  /** Starts the process anew, with what it was, and without its sessions. */
  public async restart(): Promise<void> {
    await this.kill();
    const group = ProcessGroup.start(process.execPath, [compiled(), this.address, String(CONTROL_PORT)], {
      env: { PATH: process.env.PATH, NODE_PATH: join(__dirname, '..', '..', '..', 'node_modules'), NO_COLOR: '1' },
      quiet: true,
    });
    this.group = group;
    await until('an MCP server answers', async () => (await fetch(`${this.control}/calls`)).ok, {
      while: () => group.running,
    });
    if (this.current !== undefined) {
      await this.become(this.current);
    }
  }

  /** What it is from now on. What it executed before is forgotten. */
  public async become(role: Role): Promise<void> {
    this.current = role;
    const answer = await fetch(`${this.control}/role`, { method: 'PUT', body: JSON.stringify(role) });
    if (!answer.ok) {
      throw new Error(`${role.server} does not start at ${this.address}: ${await answer.text()}`);
    }
  }

  public get role(): Role {
    return this.current!;
  }

  public get running(): boolean {
    return this.group?.running ?? false;
  }

  /** What it has executed. */
  public async executed(): Promise<Executed[]> {
    return (await (await fetch(`${this.control}/calls`)).json()) as Executed[];
  }

  /** Sends a message to every session. */
  public async notify(text: string): Promise<void> {
    await fetch(`${this.control}/notify`, { method: 'POST', body: text });
  }

  /** Ends the process, as when its pod is gone. */
  public async kill(): Promise<void> {
    await this.group?.stop();
  }

  private get control(): string {
    return `http://${this.address}:${CONTROL_PORT}`;
  }
}
