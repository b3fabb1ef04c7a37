import { Agent, request as httpRequest } from 'http';
import { exchange, HttpAnswer } from './http-exchange';
import { messagesIn } from './mcp-caller';

/** The revision without sessions. */
export const STATELESS_VERSION = '2026-07-28';

export interface StatelessOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Address to call from. */
  readonly from?: string;
}

/** An open stream of events. */
export interface Stream {
  readonly status: number;
  /** What came so far. */
  text(): string;
  isOpen(): boolean;
  close(): void;
}

/** A client of MCP without sessions (2026-07-28): every request says all there is to say, in its body and in its headers. */
export class StatelessCaller {
  private readonly agent = new Agent({ keepAlive: true });
  private lastId = 0;

  constructor(
    private readonly url: string,
    private readonly options: StatelessOptions = {},
  ) {}

  /** Sends a request, and reads its answer to the end. */
  public ask(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<HttpAnswer> {
    const { headers, body } = this.message(method, params);
    return exchange({ url: this.url, from: this.options.from, agent: this.agent, headers, body });
  }

  /** Calls a tool; what it answered. */
  public async call(tool: string, given: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { status, body } = await this.ask('tools/call', { name: tool, arguments: given });
    return status === 200 ? messagesIn(body)[0].result.content[0].text : `${status} ${body.slice(0, 80)}`;
  }

  /** Opens a stream of events. */
  public listen(notifications: Readonly<Record<string, unknown>> = { toolsListChanged: true }): Promise<Stream> {
    const { headers, body } = this.message('subscriptions/listen', { notifications });
    return new Promise((resolve, reject) => {
      const sent = httpRequest(this.url, { method: 'POST', headers, agent: false }, response => {
        let text = '';
        let open = true;
        response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        response.on('close', () => (open = false));
        response.on('error', () => (open = false));
        resolve({ status: response.statusCode!, text: () => text, isOpen: () => open, close: () => sent.destroy() });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  public close(): void {
    this.agent.destroy();
  }

  private message(
    method: string,
    params: Readonly<Record<string, unknown>>,
  ): { readonly headers: Record<string, string>; readonly body: string } {
    const name = params.name ?? params.uri;
    const meta = {
      'io.modelcontextprotocol/protocolVersion': STATELESS_VERSION,
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    return {
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': STATELESS_VERSION,
        'mcp-method': method,
        ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
        ...this.options.headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++this.lastId, method, params: { ...params, _meta: meta } }),
    };
  }
}
