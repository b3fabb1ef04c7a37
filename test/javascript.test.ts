import { McpRoute, McpServer, McpServerProps, McpServerSource } from '../src';
import { messageOf, newChart } from './support/synth';

/*
 * What the compiler of TypeScript refuses, programs in JavaScript say all the same: they get an error with its place, and what to give.
 */

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
const untyped = (value: unknown): any => value;

function routed() {
  const chart = newChart();
  return { chart, server: new McpServer(chart, 'ledger', { source }), route: new McpRoute(chart, 'books') };
}

it.each<[string, () => unknown, string]>([
  [
    'a server in the place of a backend of a rule',
    () => {
      const { route, server } = routed();
      route.addMatch({ method: 'tools/call', backends: [untyped(server)] });
    },
    '[finance/books] matches[0].backends[0]: got "finance/ledger": is not a backend. Give the server in an object: { server }',
  ],
  [
    'a server in the place of a backend of a route',
    () => {
      const { chart, server } = routed();
      new McpRoute(chart, 'other', { backends: [untyped(server)] });
    },
    '[finance/other] backends[0]: got "finance/ledger": is not a backend',
  ],
  [
    'one in the place of a list',
    () => {
      const { chart, server } = routed();
      new McpRoute(chart, 'other', { matches: [{ method: 'tools/call', backends: untyped({ server }) }] });
    },
    '[finance/other] matches[0].backends: ',
  ],
  [
    'nothing in the place of a server',
    () => routed().route.addBackend(untyped(undefined)),
    'backends[0].server: got nothing',
  ],
  [
    'a backend in the place of a server',
    () => {
      const { route, server } = routed();
      route.addBackend(untyped({ server }));
    },
    'backends[0].server: ',
  ],
])('says what to give for %s', (_, run, message) => {
  const said = messageOf(run);
  expect(said).toContain(message);
  expect(said).toContain('Invalid input');
});

it.each<[string, Record<keyof any, unknown>, string]>([
  ['no source', { source: undefined, image: 'a/b:1' }, 'source: got nothing: is not a source of a server'],
  ['an image as the source', { source: 'a/b:1' }, 'source: got "a/b:1": is not a source of a server'],
  [
    'text as a variable, which is not shown',
    { env: { TOKEN: 's3cret' } },
    'env[TOKEN]: got "(not shown)": is not a value',
  ],
  [
    'text as a size',
    { resources: { memory: { limit: '512Mi' } } },
    'resources.memory.limit: got "512Mi": is not a size',
  ],
  ['a name in the place of names', { tools: 'search' }, 'tools: got "search": is not a list of names'],
])('says what to give a server for %s', (_, props, message) => {
  const said = messageOf(() => new McpServer(newChart(), 'ledger', { source, ...props } as unknown as McpServerProps));
  expect(said).toContain(message);
  expect(said).not.toContain('s3cret');
});
