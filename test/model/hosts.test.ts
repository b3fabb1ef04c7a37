import { canonicalPattern, hostProblem, matchesHost, normalizedHost } from '../../src/model/hosts';

it.each([
  'api.example.com',
  '*.example.com',
  'postgres',
  'web.dev.',
  'my_db.acme.dev',
  '10.20.0.7',
  '2001:db8::7',
  '[2001:db8::7]',
  'API.Example.COM',
  '1.example.com',
])('%s is a host', host => {
  expect(hostProblem(host)).toBeUndefined();
});

it.each<[string, string]>([
  ['', 'is not a host name'],
  ['-a.example.com', 'is not a host name'],
  ['a..b', 'is not a host name'],
  ['api.*.com', 'is not a host name'],
  ['10.0.0.300', 'is not a host name'],
  ['1.2.3', 'is not a host name'],
  [`${'a'.repeat(64)}.com`, 'is not a host name'],
  ['*', 'is every host'],
  ['https://api.example.com', 'is a URL'],
  ['api.example.com/v1', 'has a path'],
  ['10.0.0.0/8', 'is a CIDR'],
  ['api.example.com:443', 'has a port in it'],
  ['localhost', 'is the pod itself'],
  ['db.localhost', 'is the pod itself'],
  ['127.1.2.3', 'is the pod itself'],
  ['0.0.0.0', 'is the pod itself'],
  ['[::1]', 'is the pod itself'],
])('%j is none, or none that can be reached', (host, problem) => {
  expect(hostProblem(host)!.problem).toContain(problem);
});

it('are compared in lower case, and without brackets', () => {
  expect([normalizedHost('API.Example.com'), normalizedHost('[2001:DB8::7]')]).toEqual([
    'api.example.com',
    '2001:db8::7',
  ]);
});

it.each([
  ['mcp.example.com', 'mcp.example.com'],
  ['MCP.Example.COM', 'mcp.example.com'],
  ['*.Example.com', '*.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['10.1.2.3', '10.1.2.3'],
  ['[2001:DB8::0:1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['internal_host', 'internal_host'],
])('%s is written as URLs have it', (pattern, canonical) => {
  expect(canonicalPattern(pattern)).toBe(canonical);
});

it.each([
  '',
  '*',
  '*.',
  '*.*.com',
  'a.*.com',
  'm*.example.com',
  'https://mcp.example.com',
  'mcp.example.com:443',
  'mcp.example.com/mcp',
  'user@mcp.example.com',
  'a b',
  'a..b',
  '-a',
  '[x]',
  'a:b',
  '*.10.1.2.3',
  '*.::1',
  'x%2ey',
  `${'a'.repeat(64)}.com`,
])('"%s" is no pattern', pattern => {
  expect(canonicalPattern(pattern)).toBeUndefined();
});

it('names a host, or all hosts below a domain', () => {
  const matches = (pattern: string) =>
    ['example.com', 'mcp.example.com', 'a.b.example.com', 'badexample.com', 'mcp.example.com.evil.net'].filter(host =>
      matchesHost(pattern, host),
    );
  expect(matches('example.com')).toEqual(['example.com']);
  expect(matches('*.example.com')).toEqual(['mcp.example.com', 'a.b.example.com']);
});
