import { memberPath } from '../../src/values/json-path';

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
