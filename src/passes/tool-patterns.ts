import type { RE2JS } from 're2js';
import { ToolPattern } from '../model/tool-pattern';

/** Why a regex is not RE2, or undefined when it is. Data planes match with RE2: what JavaScript alone knows would fail there. */
export function regexProblem(regex: string): string | undefined {
  try {
    compileRegex(regex);
    return undefined;
  } catch (error) {
    return `is not an RE2 regular expression (${(error as Error).message})`;
  }
}

/** Compiles an RE2 regex. */
export function compileRegex(regex: string): RE2JS {
  // Loaded on first use: most charts have no regex, and the package is not small.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const re2: typeof import('re2js') = require('re2js');
  return re2.RE2JS.compile(regex);
}

/** Whether a pattern selects a tool. */
export function matchesTool(pattern: ToolPattern, tool: string): boolean {
  switch (pattern.kind) {
    case 'exact':
      return tool === pattern.value;
    case 'prefix':
      return tool.startsWith(pattern.value);
    case 'glob':
      return globToRegExp(pattern.value).test(tool);
    case 'regex':
      return compileRegex(pattern.value).matches(tool);
  }
}

/** Whether any of the patterns selects a tool; no patterns select all. */
export function matchesAnyTool(patterns: readonly ToolPattern[] | undefined, tool: string): boolean {
  return patterns === undefined || patterns.some(pattern => matchesTool(pattern, tool));
}

function globToRegExp(glob: string): RegExp {
  const source = glob
    .split('*')
    .map(part => part.replace(/[.\\+*?[^\]$(){}=!<>|:\-#/]/g, '\\$&'))
    .join('[^]*');
  return new RegExp(`^${source}$`);
}
