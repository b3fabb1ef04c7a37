import { ToolMatch } from '../../src';
import { matchModel } from '../../src/api/route-match';
import { messageOf } from '../support/synth';

it.each<[string, () => ToolMatch, object, object[]]>([
  [
    'globs',
    () => ToolMatch.glob('db_*', '*_query', 'x'),
    { tools: ['db_*', '*_query', 'x'] },
    [
      { kind: 'prefix', value: 'db_' },
      { kind: 'glob', value: '*_query' },
      { kind: 'exact', value: 'x' },
    ],
  ],
  [
    'a name',
    () => ToolMatch.exact('db_query'),
    { toolMatch: { exactMatch: 'db_query' } },
    [{ kind: 'exact', value: 'db_query' }],
  ],
  [
    'a prefix',
    () => ToolMatch.prefix('db_'),
    { toolMatch: { prefixMatch: 'db_' } },
    [{ kind: 'prefix', value: 'db_' }],
  ],
  [
    'a regex',
    () => ToolMatch.regex('db_(a|b)'),
    { toolMatch: { regexMatch: 'db_(a|b)' } },
    [{ kind: 'regex', value: 'db_(a|b)' }],
  ],
])('selects by %s', (_, create, spec, patterns) => {
  expect(create()._value).toEqual(spec);
  expect(matchModel(create()._value, 'finance').tools).toEqual(patterns);
});

it.each<[string, () => ToolMatch, string]>([
  ['no glob', () => ToolMatch.glob(), '[ToolMatch.glob] globs: got []: is empty'],
  [
    'a glob with other wildcards',
    () => ToolMatch.glob('a', 'db?'),
    '[ToolMatch.glob] globs[1]: got "db?": is not a tool name or glob',
  ],
  ['a name that is a glob', () => ToolMatch.exact('db_*'), '[ToolMatch.exact] name: got "db_*": is not a tool name'],
  ['no name', () => ToolMatch.exact(''), '[ToolMatch.exact] name: got "": is not a tool name'],
  ['no prefix', () => ToolMatch.prefix(''), '[ToolMatch.prefix] prefix: got "": is not a tool name'],
  ['no regex', () => ToolMatch.regex(''), '[ToolMatch.regex] regex: got "": is empty'],
  [
    'a regex that is none',
    () => ToolMatch.regex('a('),
    '[ToolMatch.regex] regex: got "a(": is not an RE2 regular expression',
  ],
  [
    'a look-ahead, which JavaScript alone knows',
    () => ToolMatch.regex('(?=a)b'),
    'Write it in RE2 syntax, which has no look-around and no back-references.',
  ],
  ['a back-reference', () => ToolMatch.regex('(a)\\1'), 'is not an RE2 regular expression'],
])('refuses %s', (_, create, message) => {
  expect(messageOf(create)).toContain(message);
});
