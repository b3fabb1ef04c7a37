import { PATH_PROGRAM } from '../../../../src/backends/envoy/lua/programs';
import { serve } from '../../../support/lua/handle';

it.each([
  ['without a query', '/routes/finance/books', '/routes/finance/books'],
  ['with one', '/routes/finance/books?tenant=evil', '/routes/finance/books'],
  ['with one that says nothing', '/routes/finance/books?', '/routes/finance/books'],
  ['with one that begins again', '/routes/finance/books?&a=/x?y=1', '/routes/finance/books'],
])('keeps a path %s, and the query from the server', async (_, whole, path) => {
  const [outcome] = await serve(PATH_PROGRAM, [{ headers: { ':path': whole } }]);
  expect(outcome).toEqual({
    headers: { ':path': [path] },
    metadata: { 'mcp.request': { path } },
    log: [],
  });
});

it.each<Record<string, string>>([{}, { ':path': '?a' }, { ':path': '' }])(
  'has nothing to do without a path: %j',
  async headers => {
    const [outcome] = await serve(PATH_PROGRAM, [{ headers }]);
    expect(outcome.metadata).toEqual({});
    expect(outcome.headers).toEqual(
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    );
    expect(outcome.failure).toBeUndefined();
  },
);
