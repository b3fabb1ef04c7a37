import { canonicalPattern, matchesHost } from '../../src/passes/host-patterns';

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
