import { createServer, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'http';
import { nextAddress } from './addresses';
import { STATELESS_VERSION } from './stateless-caller';

/*
 * A server of MCP without sessions (2026-07-28), in the process of the test. It takes nothing but what the revision allows:
 * headers have to say what the body does.
 */

/** A request as it came. */
export interface Asked {
  readonly method: string;
  readonly name?: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: any;
}

/** What it answers to a tool that needs to know more. */
const QUESTION = { confirm: { method: 'elicitation/create', params: { mode: 'form', message: 'sure?' } } };

/** Headers and body say different things. */
const HEADER_MISMATCH = -32020;
const METHOD_NOT_FOUND = -32601;

/** Milliseconds between signs of life on streams. */
const KEEP_ALIVE_MS = 500;

/** The server. Its tools are `query` and, which asks back, `delete`. */
export class StatelessServer {
  public static async start(name: string): Promise<StatelessServer> {
    for (;;) {
      const server = new StatelessServer(name);
      if (await server.listens()) {
        return server;
      }
    }
  }

  public readonly address = nextAddress();
  /** What it was asked, in order. */
  public readonly asked: Asked[] = [];
  private readonly streams = new Set<{ readonly response: ServerResponse; readonly id: unknown }>();
  private readonly server: Server;

  private constructor(private readonly name: string) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    });
    this.server.keepAliveTimeout = 0;
    this.server.unref();
  }

  /** Streams that are open. */
  public get listeners(): number {
    return this.streams.size;
  }

  /** Tells all listeners that the list of tools has changed. */
  public notify(): void {
    this.streams.forEach(({ response, id }) => event(response, subscribed(id, 'notifications/tools/list_changed')));
  }

  /** Listens again at its address. */
  public async restart(): Promise<void> {
    if (!(await this.listens())) {
      throw new Error(`something else listens at ${this.address}`);
    }
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  /** Whether it listens; tests that run beside this one may have its address. */
  private listens(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      this.server.listen(8080, this.address, () => resolve(true));
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const { id, method, params = {} } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const { headers } = request;
    const name = params.name ?? params.uri;
    const expected = {
      'mcp-protocol-version': params._meta?.['io.modelcontextprotocol/protocolVersion'],
      'mcp-method': method,
      ...(['tools/call', 'prompts/get', 'resources/read'].includes(method) ? { 'mcp-name': name } : {}),
    };
    const wrong = Object.entries(expected).find(([header, value]) => headers[header] !== value);
    if (wrong !== undefined) {
      reply(response, 400, { id, error: { code: HEADER_MISMATCH, message: `${wrong[0]}: ${headers[wrong[0]]}` } });
      return;
    }
    this.asked.push({ method, name, headers, params });
    if (method === 'subscriptions/listen') {
      this.listen(response, id, params.notifications);
      return;
    }
    const result = await this.resultOf(method, params);
    reply(
      response,
      result === undefined ? 404 : 200,
      result === undefined
        ? { id, error: { code: METHOD_NOT_FOUND, message: 'Method not found' } }
        : { id, result: { resultType: 'complete', ...result } },
    );
  }

  private listen(response: ServerResponse, id: unknown, notifications: unknown): void {
    const stream = { response, id };
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    event(response, subscribed(id, 'notifications/subscriptions/acknowledged', { notifications }));
    this.streams.add(stream);
    const alive = setInterval(() => response.write(': \n\n'), KEEP_ALIVE_MS);
    response.once('close', () => {
      clearInterval(alive);
      this.streams.delete(stream);
    });
  }

  private async resultOf(method: string, params: any): Promise<Record<string, unknown> | undefined> {
    switch (method) {
      case 'server/discover':
        return { supportedVersions: [STATELESS_VERSION], capabilities: { tools: { listChanged: true } } };
      case 'tools/list':
        return { tools: ['query', 'delete'].map(name => ({ name, inputSchema: { type: 'object' } })) };
      case 'tools/call': {
        const asks = params.name === 'delete' && params.inputResponses === undefined;
        const delay = params.arguments?.delayMs;
        if (typeof delay === 'number') {
          // Nobody may be waiting any more: it keeps no test from ending.
          await new Promise(resolve => setTimeout(resolve, delay).unref());
        }
        return asks
          ? { resultType: 'input_required', inputRequests: QUESTION, requestState: 'opaque' }
          : { content: [{ type: 'text', text: this.name }] };
      }
      case 'resources/read':
        return { contents: [{ uri: params.uri, text: this.name }] };
      case 'prompts/get':
        return { messages: [] };
      default:
        return undefined;
    }
  }
}

function subscribed(id: unknown, method: string, params: object = {}): object {
  return { jsonrpc: '2.0', method, params: { _meta: { 'io.modelcontextprotocol/subscriptionId': id }, ...params } };
}

function event(response: ServerResponse, message: object): void {
  response.write(`data: ${JSON.stringify(message)}\n\n`);
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', ...body }));
}
