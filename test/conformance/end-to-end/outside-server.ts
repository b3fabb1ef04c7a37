import { createServer, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'http';
import { createServer as createSecureServer, ServerOptions } from 'https';
import { TLSSocket } from 'tls';
import { nextAddress } from './addresses';
import { ToolAnswer } from './mcp-server';

/** A request as it came. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Common name of the client's certificate. */
  readonly client?: string;
}

/** What is answered in place of MCP. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutsideOptions {
  /** Its certificate, and whom it trusts. Without, it speaks plain HTTP. */
  readonly tls?: Pick<ServerOptions, 'cert' | 'key' | 'ca' | 'requestCert'>;
  /** What is answered in place of MCP; undefined for what MCP answers. */
  readonly answer?: (request: Received) => Answer | undefined;
  /** Headers of every answer of MCP. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Port of all of them: each has an address of its own. */
export const OUTSIDE_PORT = 8443;

/** A server that no pod of an app runs, in the process of the test: MCP without sessions, or what the test answers. */
export class OutsideServer {
  public static async start(options: OutsideOptions = {}): Promise<OutsideServer> {
    const server = new OutsideServer(options);
    await server.listen();
    return server;
  }

  /** What reached it, in order. */
  public readonly received: Received[] = [];
  public readonly address = nextAddress();
  private readonly server: Server;

  private constructor(private readonly options: OutsideOptions) {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      this.serve(request, response).catch(() => response.destroy());
    };
    this.server =
      options.tls === undefined
        ? createServer(serve)
        : createSecureServer({ ...options.tls, rejectUnauthorized: options.tls.requestCert }, serve);
    this.server.keepAliveTimeout = 0;
    // Left over by a test that failed, it would keep the process.
    this.server.unref();
  }

  /** The calls among what reached it. */
  public get calls(): readonly Received[] {
    return this.received.filter(({ body }) => body.includes('"tools/call"'));
  }

  /** Closes all connections, so that clients have to open others. */
  public disconnect(): void {
    this.server.closeAllConnections();
  }

  public async stop(): Promise<void> {
    this.disconnect();
    await new Promise(resolve => this.server.close(resolve));
  }

  private async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(OUTSIDE_PORT, this.address, resolve);
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const client = request.socket instanceof TLSSocket ? request.socket.getPeerCertificate().subject?.CN : undefined;
    const received = {
      method: request.method!,
      path: request.url!,
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      client: client as string | undefined,
    };
    this.received.push(received);
    const { status, headers, body = '' } = this.options.answer?.(received) ?? this.ofMcp(received);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  }

  private ofMcp({ method, headers: asked, body }: Received): Answer {
    if (method !== 'POST') {
      return { status: 405 };
    }
    const { id, method: what, params } = JSON.parse(body);
    const tool: ToolAnswer = { server: 'outside', replica: 0, tool: params?.name, headers: asked };
    const results: Readonly<Record<string, unknown>> = {
      initialize: {
        protocolVersion: params?.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'outside', version: '1' },
      },
      'tools/list': { tools: [{ name: 'query', inputSchema: { type: 'object' } }] },
      'tools/call': { content: [{ type: 'text', text: JSON.stringify(tool) }] },
    };
    return id === undefined
      ? { status: 202 }
      : {
          status: 200,
          headers: this.options.headers,
          body: JSON.stringify({ jsonrpc: '2.0', id, result: results[what] ?? {} }),
        };
  }
}
