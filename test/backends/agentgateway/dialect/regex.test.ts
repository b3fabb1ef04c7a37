import * as fc from 'fast-check';
import { matchesWhole, portableRegex } from '../../../../src/backends/agentgateway/dialect/regex';
import { compileRegex, regexProblem } from '../../../../src/values/regex';

test.each([
  ['db_.*', 'db_.*'],
  ['(?i)db_(query|insert)', '(?i)db_(query|insert)'],
  ['^a$', '^a$'],
  ['\\.\\$\\\\', '\\.\\$\\\\'],
  // Unicode in Rust's engine, ASCII in RE2.
  ['\\w+\\W', '[0-9A-Za-z_]+[^0-9A-Za-z_]'],
  ['\\d\\D\\s\\S', '[0-9][^0-9][\\t\\n\\f\\r\\x20][^\\t\\n\\f\\r\\x20]'],
  ['[\\w-]', '[0-9A-Za-z_\\x{2D}]'],
  ['[\\D]', '[\\x00-\\x2F\\x3A-\\x{10FFFF}]'],
  // An operator of Rust's engine in brackets.
  ['[a&&b]', '[a\\x{26}\\x{26}b]'],
  ['[[]', '[\\x{5B}]'],
  ['[]a]', '[\\x{5D}a]'],
  ['[^]a]', '[^\\x{5D}a]'],
  ['[a-z]', '[a-z]'],
  ['[[:alpha:]_]', '[[:alpha:]_]'],
  // Errors in Rust's engine.
  ['a{', 'a\\{'],
  ['a{2,3}{', 'a{2,3}\\{'],
  ['\\Qa.b\\E.', 'a\\.b.'],
  ['\\101', '\\x{41}'],
  ['\\<', '<'],
  ['(?P<name>a)', '(?:a)'],
  ['\\p{^Greek}', '\\P{Greek}'],
  ['\\pL', '\\pL'],
])('%s becomes %s', (regex, portable) => {
  expect(portableRegex(regex)).toBe(portable);
});

const piece = fc.constantFrom(
  'a',
  'b',
  '_',
  '-',
  'é',
  '😀',
  '.',
  '\\w',
  '\\W',
  '\\d',
  '\\D',
  '\\s',
  '\\S',
  '\\.',
  '\\-',
  '\\Q.\\E',
  '\\x41',
  '\\101',
  '\\pL',
  '\\p{^L}',
  '[ab]',
  '[^ab]',
  '[\\w-]',
  '[^\\d]',
  '[a&&b]',
  '[[]',
  '[]a]',
  '[[:alpha:]]',
  '[a-f]',
  '\\n',
  '{',
  '}',
  ']',
  'a|b',
  '(?i:a)',
  '(?P<n>a)',
  '"',
  '$',
  '^',
);
const quantified = fc
  .tuple(piece, fc.constantFrom('', '', '+', '*', '?', '{2}', '{1,2}'))
  .map(([a, b]) => `(?:${a})${b}`);
const regexes = fc
  .oneof(fc.array(piece, { maxLength: 4 }), fc.array(quantified, { maxLength: 3 }))
  .map(parts => parts.join(''));
const texts = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      'B',
      '_',
      '-',
      'é',
      '😀',
      '.',
      '5',
      '५',
      ' ',
      '\n',
      '&',
      '[',
      ']',
      '{',
      '}',
      '"',
      '$',
      'w',
    ),
    { maxLength: 4 },
  )
  .map(parts => parts.join(''));

test('the meaning stays the same, and a second rewriting changes nothing', () => {
  fc.assert(
    fc.property(regexes, fc.array(texts, { minLength: 10, maxLength: 10 }), (regex, samples) => {
      fc.pre(regexProblem(regex) === undefined);
      const portable = portableRegex(regex);
      const [before, after] = [compileRegex(regex), compileRegex(portable)];
      for (const text of samples) {
        expect({ regex, portable, text, matches: after.matches(text) }).toEqual({
          regex,
          portable,
          text,
          matches: before.matches(text),
        });
      }
      expect(compileRegex(portableRegex(portable)).matches(samples[0])).toBe(before.matches(samples[0]));
    }),
    { numRuns: 500 },
  );
});

it('anchors regexes, alternatives included', () => {
  expect(matchesWhole('x', 'a|ab')).toBe('x.matches("^(?:a|ab)$")');
});
