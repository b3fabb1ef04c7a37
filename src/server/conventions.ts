/** Port of a server's Service, and of its pods by default (OEP-0005, "Request Flow"). */
export const SERVER_PORT = 8080;

/** Name of the container that runs the server (OEP-0005, "Hosted Server Container Name"). */
export const SERVER_CONTAINER = 'mcp-server';

/** Path of a streamable-HTTP endpoint by convention. */
export const MCP_PATH = '/mcp';
/** Path of the event stream of an HTTP+SSE server by convention. */
const SSE_PATH = '/sse';

/** Path a program answers on by convention. */
export function defaultPath(transport: string): string {
  return transport === 'sse' ? SSE_PATH : MCP_PATH;
}
