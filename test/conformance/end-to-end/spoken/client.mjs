/*
 * A client of the TypeScript SDK 2.x: node client.mjs URL MODE [TOKEN]. It lists, calls `whoami` and prints what came of it as JSON.
 * The mode is `auto`, `legacy`, or a version that it insists on.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [url, mode, token] = process.argv.slice(2);
const client = new Client(
  { name: 'spoken', version: '1.0.0' },
  { versionNegotiation: { mode: mode === 'auto' || mode === 'legacy' ? mode : { pin: mode } } },
);
const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
const found = {};
try {
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  found.version = client.getNegotiatedProtocolVersion();
  found.tools = (await client.listTools()).tools.map(({ name }) => name).sort();
  found.answer = (await client.callTool({ name: 'whoami', arguments: {} })).content[0].text;
} catch (error) {
  found.error = String(error.message).slice(0, 300);
}
console.log(JSON.stringify(found));
process.exit(0);
