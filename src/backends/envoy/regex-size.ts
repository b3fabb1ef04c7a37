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
