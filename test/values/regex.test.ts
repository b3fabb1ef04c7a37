import * as fc from 'fast-check';
import { findingProblem, finds, regexLiteral, regexProblem } from '../../src/values/regex';
import { nastyText } from '../backends/agentgateway/plan-arbitrary';

describe('regexLiteral', () => {
  it('matches its text and no other', () => {
    fc.assert(
      fc.property(nastyText, nastyText, (text, other) => {
        const regex = new RegExp(`^(?:${regexLiteral(text)})$`, 'u');
        expect(regex.test(text)).toBe(true);
        expect(regex.test(other)).toBe(text === other);
      }),
    );
  });
});

it.each(['a(', '[', '(?=a)', '(?<!a)b', '(a)\\1', '*'])('%p is not RE2', regex => {
  expect(regexProblem(regex)).toMatch(/^is not an RE2 regular expression \(/);
});

it.each(['a.*', '\\d{2}', '(?i)a', '[[:alpha:]]+', '\\pL'])('%p is RE2', regex => {
  expect(regexProblem(regex)).toBeUndefined();
});

it('a regex that looks for something finds no text of nothing', () => {
  expect([finds('b+', 'abc'), finds('^b', 'abc')]).toEqual([true, false]);
  expect(findingProblem('a+')).toBeUndefined();
  expect(findingProblem('a*')).toBe('matches a text of no characters, and so every message');
});
