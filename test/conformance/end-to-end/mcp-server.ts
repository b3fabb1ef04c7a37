import { randomUUID } from 'crypto';
import { createServer, IncomingMessage, Server as HttpServer, ServerResponse } from 'http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  isInitializeRequest,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

/*
 * A program: the real MCP server behind one pod. Started with an address and the port by which it is told what it is, and
 * what it did is read:
 *   PUT /role      what it is from now on; what it did before is forgotten
 *   GET /calls     what it executed
 *   POST /notify   a message to every open session
 * It imports nothing of this repository, so that it runs as one transpiled file.
 */

/** What a pod is. */
export interface Role {
  readonly server: string;
  readonly replica: number;
  readonly ports: readonly number[];
  readonly stateful: boolean;
  readonly tools: readonly string[];
  /** Answers in JSON rather than in event streams. */
  readonly json?: boolean;
}

/** Something that was executed. */
export interface Executed {
  readonly method: string;
  /** The tool, prompt or resource. */
  readonly name: string;
  readonly session?: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** What a tool answers, as JSON text. */
export interface ToolAnswer {
  readonly server: string;
  readonly replica: number;
  readonly session?: string;
  readonly tool: string;
  readonly headers: Executed['headers'];
}

interface Session {
  readonly server: Server;
  readonly transport: StreamableHTTPServerTransport;
}

const [address, controlPort] = process.argv.slice(2);
const sessions = new Map<string, Session>();
let role: Role = { server: 'none', replica: 0, ports: [], stateful: false, tools: [] };
let executed: Executed[] = [];
let listeners: HttpServer[] = [];

type Extra = { readonly sessionId?: string; readonly requestInfo?: { readonly headers: Executed['headers'] } };

function newServer(): Server {
  const server = new Server(
    { name: role.server, version: '1.0.0' },
    { capabilities: { tools: {}, prompts: {}, resources: {}, logging: {}, completions: {} } },
  );
  const record = (
    method: string,
    name: string,
    { sessionId, requestInfo }: Extra,
    given?: Record<string, unknown>,
  ): void => {
    executed.push({ method, name, session: sessionId, headers: requestInfo?.headers ?? {}, arguments: given });
  };
  server.setRequestHandler(ListToolsRequestSchema, (_, extra) => {
    record('tools/list', '', extra);
    return { tools: role.tools.map(name => ({ name, inputSchema: { type: 'object' as const } })) };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    record('tools/call', params.name, extra, params.arguments);
    const delay = params.arguments?.delayMs;
    if (typeof delay === 'number') {
      await new Promise(resolve => setTimeout(resolve, delay));
    }
    const answer: ToolAnswer = {
      server: role.server,
      replica: role.replica,
      session: extra.sessionId,
      tool: params.name,
      headers: extra.requestInfo?.headers ?? {},
    };
    return role.tools.includes(params.name)
      ? { content: [{ type: 'text' as const, text: JSON.stringify(answer) }] }
      : { content: [{ type: 'text' as const, text: `no tool ${params.name}` }], isError: true };
  });
  server.setRequestHandler(ListPromptsRequestSchema, (_, extra) => {
    record('prompts/list', '', extra);
    return { prompts: [{ name: 'summary' }] };
  });
  server.setRequestHandler(GetPromptRequestSchema, ({ params }, extra) => {
    record('prompts/get', params.name, extra);
    return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'summarize' } }] };
  });
  server.setRequestHandler(ListResourcesRequestSchema, (_, extra) => {
    record('resources/list', '', extra);
    return { resources: [{ uri: 'memo://secret', name: 'secret' }] };
  });
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, extra) => {
    record('resources/read', params.uri, extra);
    return { contents: [{ uri: params.uri, text: 'secret' }] };
  });
  server.setRequestHandler(CompleteRequestSchema, (_, extra) => {
    record('completion/complete', '', extra);
    return { completion: { values: ['secret'] } };
  });
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  return server;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, message: string): void {
  reply(response, status, { jsonrpc: '2.0', error: { code: -32000, message }, id: null });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function connect(sessionId: (() => string) | undefined): Promise<Session> {
  const server = newServer();
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: sessionId,
    enableJsonResponse: role.json,
    onsessioninitialized: id => {
      sessions.set(id, { server, transport });
    },
  });
  transport.onclose = () => {
    sessions.delete(transport.sessionId ?? '');
  };
  await server.connect(transport);
  return { server, transport };
}

/** Any path: what a gateway asks for is the gateway's own business. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = request.method === 'POST' ? await bodyOf(request) : '';
  const body = request.method === 'POST' ? parse(text) : undefined;
  if (request.method === 'POST' && body === undefined) {
    return fail(response, 400, 'no JSON');
  }
  if (!role.stateful) {
    if (request.method !== 'POST') {
      return fail(response, 405, 'this server keeps no sessions');
    }
    const { server, transport } = await connect(undefined);
    response.once('close', () => {
      void server.close();
    });
    return transport.handleRequest(request, response, body);
  }
  const id = request.headers['mcp-session-id'];
  if (id === undefined && [body].flat().some(isInitializeRequest)) {
    return (await connect(randomUUID)).transport.handleRequest(request, response, body);
  }
  const session = sessions.get(String(id));
  return session === undefined
    ? fail(response, id === undefined ? 400 : 404, 'no such session')
    : session.transport.handleRequest(request, response, body);
}

async function become(next: Role): Promise<void> {
  await Promise.all([...sessions.values()].map(({ server }) => server.close()));
  sessions.clear();
  executed = [];
  const kept = JSON.stringify(role.ports) === JSON.stringify(next.ports);
  role = next;
  if (kept) {
    return;
  }
  await Promise.all(
    listeners.map(
      listener =>
        new Promise(resolve => {
          listener.close(resolve);
          listener.closeAllConnections();
        }),
    ),
  );
  listeners = await Promise.all(
    next.ports.map(port =>
      listen(
        createServer((request, response) => {
          serve(request, response).catch(error =>
            response.headersSent ? response.destroy() : fail(response, 500, String(error)),
          );
        }),
        port,
      ),
    ),
  );
}

/** Without limits of its own: gateways keep connections for as long as they like. */
function listen(listener: HttpServer, port: number): Promise<HttpServer> {
  listener.keepAliveTimeout = 0;
  listener.requestTimeout = 0;
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, address, 4096, () => resolve(listener));
  });
}

async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await bodyOf(request);
  switch (`${request.method} ${request.url}`) {
    case 'PUT /role':
      await become(JSON.parse(text));
      return reply(response, 200, {});
    case 'GET /calls':
      return reply(response, 200, executed);
    case 'POST /notify': {
      const sent = await Promise.allSettled(
        [...sessions.values()].map(({ server }) => server.sendLoggingMessage({ level: 'info', data: text })),
      );
      return reply(response, 200, { sent: sent.length });
    }
    default:
      return reply(response, 404, {});
  }
}

void listen(
  createServer((request, response) => {
    control(request, response).catch(error => reply(response, 500, { message: String(error) }));
  }),
  Number(controlPort),
).then(() => console.log('ready'));
