import { formatPath, parsePath, startsWith } from '../../src/values/property-path';

test.each([
  [['spec', 'backendRefs', 0, 'weight'], 'spec.backendRefs[0].weight'],
  [['metadata', 'labels', 'app.kubernetes.io/name'], 'metadata.labels[app.kubernetes.io/name]'],
  [['spec', 'containers', 'mcp-server', 'image'], 'spec.containers[mcp-server].image'],
])('%j is %s, and the other way round', (path, text) => {
  expect(formatPath(path)).toBe(text);
  expect(parsePath(text)).toEqual(path);
});

test('a path starts with itself and with what is around it', () => {
  expect(startsWith(['spec', 'a', 0], ['spec', 'a', 0])).toBe(true);
  expect(startsWith(['spec', 'a', 0], ['spec'])).toBe(true);
  expect(startsWith(['spec'], ['spec', 'a'])).toBe(false);
  expect(startsWith(['spec', 'b'], ['spec', 'a'])).toBe(false);
});
