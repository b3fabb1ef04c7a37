import {
  anyText,
  beginning,
  exactly,
  headerMatcher,
  toolMatcher,
  toolNameMatcher,
} from '../../../../src/backends/envoy/dialect/matchers';

it.each([
  [{ kind: 'exact', value: 'db_query' }, { exact: 'db_query' }],
  [{ kind: 'prefix', value: 'db_' }, { prefix: 'db_' }],
  // Envoy refuses an empty prefix.
  [{ kind: 'prefix', value: '' }, { safe_regex: { regex: '(?s:.*)' } }],
  [{ kind: 'glob', value: 'd.*_é' }, { safe_regex: { regex: 'd\\.(?s:.*)_é' } }],
  [{ kind: 'regex', value: 'db_(a|b)' }, { safe_regex: { regex: 'db_(a|b)' } }],
] as const)('matches the names of tools that %j selects', (pattern, expected) => {
  expect(toolMatcher(pattern)).toEqual(expected);
});

it('asks for one of several values, and for one without a list', () => {
  expect(anyText([exactly('a')])).toEqual({ string_match: { exact: 'a' } });
  expect(anyText([exactly('a'), beginning('b')])).toEqual({
    or_match: { value_matchers: [{ string_match: { exact: 'a' } }, { string_match: { prefix: 'b' } }] },
  });
  expect(toolNameMatcher([{ kind: 'exact', value: 'x' }])).toEqual({
    filter: 'envoy.filters.http.mcp',
    path: [{ key: 'params' }, { key: 'name' }],
    value: { string_match: { exact: 'x' } },
  });
});

it.each([
  ['Exact', '', { exact: '' }],
  ['Prefix', 'v1', { prefix: 'v1' }],
  ['Prefix', '', { safe_regex: { regex: '(?s:.*)' } }],
  ['Regex', 'v[12]', { safe_regex: { regex: 'v[12]' } }],
] as const)('matches a header: %s %j', (kind, value, string_match) => {
  expect(headerMatcher({ name: 'x-env', kind, value })).toEqual({ name: 'x-env', string_match });
});
