/** How a server program speaks MCP (https://modelcontextprotocol.io/specification/2025-11-25/basic/transports). */
export enum McpTransport {
  /** Messages over standard input and output; the library puts an HTTP adapter in front. */
  STDIO = 'stdio',

  /** One HTTP endpoint that answers with JSON or an event stream. */
  STREAMABLE_HTTP = 'streamable-http',

  /** The HTTP+SSE transport of the 2024-11-05 specification. */
  SSE = 'sse',
}

/** Whether a server keeps state between the requests of one MCP session. */
export enum McpSessions {
  /** The replica that opened a session must get all its requests. The safe assumption. */
  STATEFUL = 'stateful',

  /** Any replica can answer any request. */
  STATELESS = 'stateless',
}
