import { formatPath, memberPath, parsePath, startsWith } from '../../src/values/paths';

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

test.each<[string, readonly string[] | undefined]>([
  ['$.params.arguments.password', ['params', 'arguments', 'password']],
  ['$[\'params\']["argu ments"]', ['params', 'argu ments']],
  ["$.params['it\\'s']", ['params', "it's"]],
  ['$.a-b', ['a-b']],
  ['$', undefined],
  ['params', undefined],
  ['$..password', undefined],
  ['$.*', undefined],
  ['$.list[0]', undefined],
  ['$.list[?(@.a)]', undefined],
  ['$.a.', undefined],
  ['$.a["b]', undefined],
])('%s leads through %j', (path, names) => {
  expect(memberPath(path)).toEqual(names);
});
