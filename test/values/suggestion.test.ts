import { nearest } from '../../src/values/suggestion';

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
