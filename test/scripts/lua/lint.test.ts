import { lint } from '../../../scripts/lua/lint';

const problems = (...texts: string[]) =>
  lint(texts.map((text, i) => ({ file: `${i + 1}.lua`, text }))).map(
    ({ file, line, problem }) => `${file}:${line}: ${problem}`,
  );

describe('the lint of programs', () => {
  it.each([
    ['a global', 'count = 1', 'count is assigned, but it is no local'],
    ['a global function', 'function count() end', 'count is assigned, but it is no local'],
    [
      'a local that is meant to be one of another block',
      'do local a = 1 a = a + a end\na = 2',
      'a is assigned, but it is no local',
      2,
    ],
    ['an unknown global', 'return unpack({})', 'unpack is neither a local nor a known global'],
    ['the name of a local before there is one', 'local a = a\nreturn a', 'a is neither a local nor a known global'],
    ['a local that is not used', 'local a = 1', 'a is not used'],
    ['a local that is only written', 'local a\na = 1', 'a is not used'],
    ['a function that is not used', 'local function f() end', 'f is not used'],
    ['a parameter that is not used', 'return function(a) end', 'a is not used'],
    ['a variable of a loop that is not used', 'for i = 1, 2 do end', 'i is not used'],
    [
      'a local that hides another',
      'local a = 1\ndo\n  local a = 2\n  return a\nend\nreturn a',
      'a hides another local of this name',
      3,
    ],
    ['a local that is there twice', 'local a = 1\nlocal a = a\nreturn a', 'a hides another local of this name', 2],
    ['what is no Lua', 'local = 1', "<name> expected near '='"],
    ['what is no Lua of LuaJIT', 'return 7 // 2', "<expression> expected near '/'"],
    ['what is not ASCII', 'return "\u00e4"', 'not printable ASCII'],
    ['a tab', 'do\n\treturn\nend', 'not printable ASCII', 2],
  ])('finds %s', (_, text, problem, line = 1) => {
    expect(problems(text)).toEqual([`1.lua:${line}: ${problem}`]);
  });

  it.each([
    ['the function that Envoy calls', 'function envoy_on_request(handle)\n  return handle:body()\nend'],
    ['a recursive function', 'local function f(n)\n  return n == 0 and 1 or f(n - 1)\nend\nreturn f'],
    ['names of members', 'local t = { unpack = 1 }\nt.more = t.unpack\nfunction t.go() end\nreturn t'],
    ['what is left out', 'for _, item in pairs({}) do\n  for _ = 1, item do end\nend'],
    ['a condition that sees what is in the loop', 'repeat\n  local done = true\nuntil done'],
    [
      'names in blocks beside each other',
      'if io then\n  local a = 1\n  return a\nelse\n  local a = 2\n  return a\nend',
    ],
  ])('takes %s', (_, text) => {
    expect(problems(text)).toEqual([]);
  });

  it('reads files as one, and says in which one something is', () => {
    expect(problems('local a = 1\n', 'return a\n')).toEqual([]);
    expect(problems('local a = 1\n', 'local b = 2\n', '\nreturn a, c\n')).toEqual([
      '2.lua:1: b is not used',
      '3.lua:2: c is neither a local nor a known global',
    ]);
  });
});
