import { formatToolPattern, selectsAll, toolGlob } from '../../src/model/tool-pattern';

it.each([
  ['db_query', { kind: 'exact', value: 'db_query' }],
  ['db_*', { kind: 'prefix', value: 'db_' }],
  ['*', { kind: 'prefix', value: '' }],
  ['*_query', { kind: 'glob', value: '*_query' }],
  ['db_*_x*', { kind: 'glob', value: 'db_*_x*' }],
])('narrows %p to the simplest pattern, which reads the same', (text, pattern) => {
  expect(toolGlob(text)).toEqual(pattern);
  expect(formatToolPattern(toolGlob(text))).toBe(text);
});

it('marks a regex', () => {
  expect(formatToolPattern({ kind: 'regex', value: 'a.*' })).toBe('/a.*/');
});

it.each([
  ['prefix', '', true],
  ['glob', '*', true],
  ['glob', '**', true],
  ['prefix', 'a', false],
  ['glob', '*a', false],
  ['exact', '*', false],
  ['regex', '.*', false],
] as const)('%s %j selects every tool: %s', (kind, value, expected) => {
  expect(selectsAll({ kind, value })).toBe(expected);
});
