import * as fc from 'fast-check';
import {
  formatToolPattern,
  matchesAnyTool,
  matchesTool,
  selectsAll,
  toolGlob,
  ToolPattern,
} from '../../src/model/tool-pattern';

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

/** What globs mean, as a regular expression. */
const asRegExp = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .split('*')
      .map(part => part.replace(/[^A-Za-z]/g, '\\$&'))
      .join('[^]*')}$`,
  );

it('selects what a regular expression would', () => {
  const letters = fc.stringOf(fc.constantFrom('a', 'b', '*'), { maxLength: 8 });
  fc.assert(
    fc.property(letters, fc.stringOf(fc.constantFrom('a', 'b'), { maxLength: 10 }), (value, tool) => {
      expect(matchesTool({ kind: 'glob', value: `*${value}` }, tool)).toBe(asRegExp(`*${value}`).test(tool));
    }),
    { numRuns: 2000 },
  );
});

it('takes no time for a glob of many stars', () => {
  const value = `${'*a'.repeat(60)}*c`;
  // A regular expression would try every way in which 60 stars share 127 characters, and never end.
  expect(matchesTool({ kind: 'glob', value }, `${'a'.repeat(127)}b`)).toBe(false);
  expect(matchesTool({ kind: 'glob', value }, `${'a'.repeat(127)}c`)).toBe(true);
});
