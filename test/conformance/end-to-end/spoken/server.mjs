/* A server of the TypeScript SDK 2.x: node server.mjs ADDRESS NAME LEGACY. Older clients are `stateless` to it, or it does `reject` them. */
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

const [address, name, legacy] = process.argv.slice(2);
const handler = createMcpHandler(
  () => {
    const server = new McpServer({ name, version: '2.0.0' });
    server.registerTool('whoami', { description: 'who', inputSchema: z.object({}) }, async () => ({
      content: [{ type: 'text', text: name }],
    }));
    return server;
  },
  { legacy },
);
createServer(toNodeHandler(handler)).listen(8080, address);
