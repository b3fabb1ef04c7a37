import { digest, nearest } from '../../src/values/text';

it('starts as the SHA-256 of a text (FIPS 180-2, "abc")', () => {
  expect(digest('abc', 16)).toBe('ba7816bf8f01cfea');
});

test.each([
  ['transprt', 'transport'],
  ['McpServer', 'MCPServer'],
  ['replica', 'replicas'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, ['hosted', 'transport', 'replicas', 'MCPServer'])).toBe(meant);
});

test.each(['foo', 'x', 'completelyDifferent'])('%s is like nothing', word => {
  expect(nearest(word, ['hosted', 'transport', 'replicas'])).toBeUndefined();
});
