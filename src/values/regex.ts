import type { RE2JS } from 're2js';

/*
 * Regexes of RE2, which data planes match with.
 */

/** Compiles an RE2 regex. */
export function compileRegex(regex: string): RE2JS {
  // Loaded on first use: most charts have no regex, and the package is not small.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const re2: typeof import('re2js') = require('re2js');
  return re2.RE2JS.compile(regex);
}

/** Why a regex is not RE2, or undefined when it is. Data planes match with RE2: what JavaScript alone knows would fail there. */
export function regexProblem(regex: string): string | undefined {
  try {
    compileRegex(regex);
    return undefined;
  } catch (error) {
    return `is not an RE2 regular expression (${(error as Error).message})`;
  }
}

/** Text as a regex that matches itself alone. */
export function regexLiteral(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Whether a regex finds something in a text. */
export function finds(regex: string, text: string): boolean {
  return compileRegex(regex).matcher(text).find();
}

/** Why a regex cannot look for something in a text. */
export function findingProblem(regex: string): string | undefined {
  return (
    regexProblem(regex) ?? (finds(regex, '') ? 'matches a text of no characters, and so every message' : undefined)
  );
}
