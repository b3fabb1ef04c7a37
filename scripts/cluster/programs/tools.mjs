/*
 * A server that keeps no sessions: says which pod answers. Like most programs it ends at once when it is told to. It listens on PORT, or on
 * each port that servers of examples have.
 */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { hostname } from 'os';

function server() {
  const mcp = new McpServer({ name: 'tools', version: process.env.VERSION ?? '0.0.0' });
  mcp.registerTool('whoami', { description: 'Says which pod answers' }, async () => ({
    content: [{ type: 'text', text: `${hostname()} ${process.env.VERSION}` }],
  }));
  return mcp;
}

const app = express();
app.use(express.json());
app.post('/mcp', async (request, response) => {
  const mcp = server();
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on('close', () => {
    transport.close();
    mcp.close();
  });
  await mcp.connect(transport);
  await transport.handleRequest(request, response, request.body);
});
app.all('/mcp', (_request, response) => response.status(405).end());

const ports = process.env.PORT === undefined ? [8080, 3000, 9000] : [Number(process.env.PORT)];
const listening = ports.map(port => app.listen(port));
process.on('SIGTERM', async () => {
  const closed = listening.map(http => new Promise(resolve => http.close(resolve)));
  listening.forEach(http => http.closeIdleConnections());
  await Promise.all(closed);
  process.exit(0);
});
