import { Agent } from 'http';
import { Agent as SecureAgent } from 'https';
import { exchange, HttpAnswer, HttpRequest } from './http-exchange';
import { ToolAnswer } from './mcp-server';

const PROTOCOL_VERSION = '2025-06-18';

/** What of a caller is in all its requests. */
export type CallerOptions = Pick<HttpRequest, 'headers' | 'from' | 'tls'>;

/** What came of a call. */
export interface CallResult {
  readonly status: number;
  /** What the tool answered; undefined where none did. */
  readonly answer?: ToolAnswer;
  readonly body: string;
}

/**
 * A client of the protocol that shows every answer as it is: an SDK's client would say of most failures only that there was
 * one. It keeps its session, where it is given one.
 */
export class McpCaller {
  /** Session that the server gave it. */
  public session?: string;
  private readonly agent: Agent;
  private lastId = 0;

  constructor(
    private readonly url: string,
    private readonly options: CallerOptions = {},
  ) {
    this.agent = new (url.startsWith('https:') ? SecureAgent : Agent)({ keepAlive: true });
  }

  /** Opens a session; the answer of whatever failed, or of `initialize`. */
  public async open(): Promise<HttpAnswer> {
    const opened = await this.post('initialize', {
      protocolVersion: PROTOCOL_VERSION,
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    });
    const session = opened.headers['mcp-session-id'];
    this.session = typeof session === 'string' ? session : undefined;
    if (opened.status !== 200) {
      return opened;
    }
    const { status, headers, body } = await this.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    return status < 300 ? opened : { status, headers, body };
  }

  /** Calls a tool, in a session that is opened when there is none. */
  public async call(tool: string, given: Readonly<Record<string, unknown>> = {}): Promise<CallResult> {
    if (this.session === undefined) {
      const opened = await this.open();
      if (opened.status !== 200) {
        return { status: opened.status, body: opened.body };
      }
    }
    const { status, body } = await this.post('tools/call', { name: tool, arguments: given });
    return { status, body, answer: answerIn(body) };
  }

  /** Sends a request of a method. */
  public post(method: string, params: unknown): Promise<HttpAnswer> {
    return this.send({ jsonrpc: '2.0', id: ++this.lastId, method, params });
  }

  /** Sends a message. */
  public send(message: unknown): Promise<HttpAnswer> {
    return this.raw({ body: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  /** Sends a request with the caller's headers and session, changed as given. */
  public raw(changes: Partial<HttpRequest>): Promise<HttpAnswer> {
    return exchange({
      url: this.url,
      from: this.options.from,
      tls: this.options.tls,
      agent: this.agent,
      ...changes,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': PROTOCOL_VERSION,
        ...(this.session === undefined ? {} : { 'mcp-session-id': this.session }),
        ...this.options.headers,
        ...changes.headers,
      },
    });
  }

  public close(): void {
    this.agent.destroy();
  }
}

/** The messages of an answer, whether it is JSON or an event stream. */
export function messagesIn(body: string): any[] {
  const texts = body.trimStart().startsWith('{')
    ? [body]
    : body
        .split('\n')
        .filter(line => line.startsWith('data: '))
        .map(line => line.slice('data: '.length));
  return texts.filter(text => text.trim() !== '').map(text => JSON.parse(text));
}

function answerIn(body: string): ToolAnswer | undefined {
  try {
    const result = messagesIn(body).find(message => message.result?.content !== undefined)?.result;
    return result === undefined || result.isError === true ? undefined : JSON.parse(result.content[0].text);
  } catch {
    return undefined;
  }
}
