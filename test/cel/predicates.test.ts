import * as fc from 'fast-check';
import { allOf, anyOf, not } from '../../src/cel/predicates';
import { celString } from '../../src/cel/terms';
import { nastyText } from '../backends/agentgateway/plan-arbitrary';

/** Reads a CEL string literal back, by the language's own rules. */
function decode(literal: string): string {
  expect(literal).toMatch(/^"(?:[^"\\\n\r]|\\["\\]|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8})*"$/);
  return literal
    .slice(1, -1)
    .replace(
      /\\(?:u(.{4})|U(.{8})|(.))/g,
      (_, short?: string, long?: string, plain?: string) =>
        plain ?? String.fromCodePoint(parseInt((short ?? long)!, 16)),
    );
}

describe('celString', () => {
  it('escapes what is special', () => {
    expect(celString('a"b\\c\n$d')).toBe('"a\\"b\\\\c\\u000a$d"');
    expect(celString('é😀')).toBe('"\\u00e9\\U0001f600"');
  });

  it('keeps any text', () => {
    fc.assert(
      fc.property(nastyText, text => {
        expect(decode(celString(text))).toBe(text);
      }),
    );
  });

  it('replaces half of a character, which is no text', () => {
    expect(celString('a\ud800')).toBe('"a\\uFFFD"');
  });
});

it('joins predicates', () => {
  expect(allOf([])).toBe('true');
  expect(anyOf([])).toBe('false');
  expect(allOf(['a'])).toBe('a');
  expect(anyOf(['a', 'b || c'])).toBe('(a) || (b || c)');
  expect(not('a || b')).toBe('!(a || b)');
});
