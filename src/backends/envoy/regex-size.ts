import { refused } from './standings';
import { ToolPattern } from '../../model/tool-pattern';
import { compileRegex } from '../../values/regex';

/*
 * Envoy compiles a regex to a program of bytes, of which RE2 allows so many; one character of a class of Unicode takes some
 * hundreds, any other a few.
 */

const MAX_BYTES = 100_000;
const UNICODE_CLASS = /\\[pP]/;

/** Whether Envoy may refuse a regex for its size. */
export function isTooLarge(regex: string): boolean {
  return compileRegex(regex).programSize() * (UNICODE_CLASS.test(regex) ? 300 : 10) > MAX_BYTES;
}

/** The limit on regexes, which more than one part has. */
export const REGEX_SIZE = refused(
  'regex.size',
  'the regular expression is too large for Envoy, which would refuse its whole configuration',
  'repeat less of it, or use several shorter ones',
);

/** The regexes of patterns that are too large. */
export function largePatterns(patterns: readonly ToolPattern[]): string[] {
  return patterns.flatMap(({ kind, value }) => (kind === 'regex' && isTooLarge(value) ? [value] : []));
}
