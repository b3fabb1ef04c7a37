import { ToolPattern } from '../model/tool-pattern';
import { compileRegex } from '../values/regex';

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
