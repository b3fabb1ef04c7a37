import { ServerProcess } from './server-process';

/** Server processes that outlive the topologies they serve in. */
export class ServerPool {
  private readonly idle: ServerProcess[] = [];
  private readonly all: ServerProcess[] = [];

  /** So many processes. Those that a test has ended are started anew. */
  public async take(count: number): Promise<ServerProcess[]> {
    const taken = this.idle.splice(0, count);
    await Promise.all(taken.filter(server => !server.running).map(server => server.restart()));
    const started = await Promise.all(Array.from({ length: count - taken.length }, () => ServerProcess.start()));
    this.all.push(...started);
    return [...taken, ...started];
  }

  /** Takes processes back. */
  public give(servers: readonly ServerProcess[]): void {
    this.idle.push(...servers);
  }

  public async stop(): Promise<void> {
    await Promise.all(this.all.map(server => server.kill()));
  }
}
