/*
 * A client of MCP, in a pod.
 *   client.mjs wait                                           does nothing, until it is told to end
 *   client.mjs ask URL TOOL ARGUMENTS                         prints the tools and the answer of a call
 *   client.mjs until URL TOOL ARGUMENTS TIMES                 connects and calls until that succeeded so often in a row, and prints how long it took
 *   client.mjs load URL TOOL ARGUMENTS CALLS WORKERS          calls so often at least and until its input ends, and prints what came of it
 * All but the first print one line of JSON. KEY is the API key that it calls with, or what it says in `Authorization`: `Bearer …`.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [mode, url, tool, args = '{}', calls = '1', workers = '1'] = process.argv.slice(2);
/** Milliseconds from one call of a worker to its next. */
const PERIOD = Number(process.env.PERIOD ?? 80);

async function connected() {
  const client = new Client({ name: 'client', version: '1.0.0' });
  const { KEY } = process.env;
  const headers = KEY === undefined ? {} : { [KEY.startsWith('Bearer ') ? 'authorization' : 'x-api-key']: KEY };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return client;
}

async function call(client) {
  const answer = await client.callTool({ name: tool, arguments: JSON.parse(args) });
  if (answer.isError) {
    throw new Error(JSON.stringify(answer.content));
  }
  return answer.content[0].text;
}

async function ask() {
  const client = await connected();
  const { tools } = await client.listTools();
  return { tools: tools.map(({ name }) => name), answer: await call(client) };
}

async function until() {
  const begun = Date.now();
  for (let succeeded = 0; succeeded < Number(calls);) {
    const one = async () => {
      const client = await connected();
      await call(client);
      await client.close();
    };
    succeeded = await one().then(
      () => succeeded + 1,
      () => 0,
    );
    await new Promise(resolve => setTimeout(resolve, PERIOD));
  }
  return { seconds: (Date.now() - begun) / 1000 };
}

/**
 * A session that is not known any more is no lost call: the client opens another one, and calls again. That may be at a replica that just goes,
 * which one gateway has heard of and the other has not: it does so up to three times.
 */
async function load() {
  const result = { calls: 0, lost: 0, reopened: 0, seconds: 0, slowest: 0, answers: {}, errors: [] };
  const begun = Date.now();
  let told = false;
  process.stdin.on('end', () => (told = true)).resume();
  const worker = async () => {
    let client;
    const attempt = async () => {
      client ??= await connected();
      const answer = await call(client);
      result.answers[answer] = (result.answers[answer] ?? 0) + 1;
    };
    const drop = async () => {
      await client?.close().catch(() => {});
      client = undefined;
    };
    while (!told || result.calls < Number(calls)) {
      const started = Date.now();
      result.calls++;
      try {
        for (let reopened = 0; ; reopened++) {
          try {
            await attempt();
            break;
          } catch (error) {
            if (error.code !== 404 || client === undefined || reopened === 3) {
              throw error;
            }
            result.reopened++;
            await drop();
          }
        }
        result.slowest = Math.max(result.slowest, Date.now() - started);
      } catch (error) {
        result.lost++;
        const at = ((started - begun) / 1000).toFixed(1);
        const said = `${error.code ?? error.cause?.code ?? ''} ${String(error.message).slice(0, 150)}`;
        result.errors.push(`${at}s +${Date.now() - started}ms ${said}`);
        await drop();
      }
      await new Promise(resolve => setTimeout(resolve, Math.max(0, PERIOD - (Date.now() - started))));
    }
  };
  await Promise.all(Array.from({ length: Number(workers) }, worker));
  return { ...result, seconds: (Date.now() - begun) / 1000, errors: result.errors.slice(0, 20) };
}

if (mode === 'wait') {
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 1_000_000);
} else {
  ({ ask, until, load })[mode]().then(
    result => {
      console.log(JSON.stringify(result));
      process.exit(0);
    },
    error => {
      console.log(JSON.stringify({ error: `${error.code ?? ''} ${error.message}`, cause: error.cause?.code }));
      process.exit(1);
    },
  );
}
