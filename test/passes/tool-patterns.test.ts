import { ToolPattern } from '../../src/model/tool-pattern';
import { matchesAnyTool, matchesTool } from '../../src/passes/tool-patterns';

it.each<[ToolPattern['kind'], string, string[], string[]]>([
  ['exact', 'db_query', ['db_query'], ['db_query2', 'xdb_query', 'DB_QUERY']],
  ['prefix', 'db_', ['db_', 'db_query'], ['xdb_', 'd']],
  ['prefix', '', ['anything'], []],
  ['glob', '*_query', ['db_query', '_query'], ['db_query2', 'query']],
  ['glob', 'a.b*c', ['a.bc', 'a.bxxc'], ['aXbc', 'a.bcd']],
  ['glob', 'a*b*c', ['abc', 'a1b2c'], ['acb']],
  ['regex', 'db_(query|insert)', ['db_query', 'db_insert'], ['db_query2', 'xdb_query', 'db_']],
  ['regex', 'a|ab', ['a', 'ab'], ['abc', 'b']],
])('%s %p', (kind, value, selected, others) => {
  expect([...selected, ...others].filter(tool => matchesTool({ kind, value }, tool))).toEqual(selected);
});

it('selects with any of several patterns, and everything without', () => {
  const patterns: ToolPattern[] = [
    { kind: 'exact', value: 'a' },
    { kind: 'prefix', value: 'b' },
  ];
  expect(['a', 'bc', 'c'].filter(tool => matchesAnyTool(patterns, tool))).toEqual(['a', 'bc']);
  expect(matchesAnyTool(undefined, 'c')).toBe(true);
  expect(matchesAnyTool([], 'c')).toBe(false);
});
