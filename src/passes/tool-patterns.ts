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
      return matchesGlob(pattern.value, tool);
    case 'regex':
      return compileRegex(pattern.value).matches(tool);
  }
}

/** Whether any of the patterns selects a tool; no patterns select all. */
export function matchesAnyTool(patterns: readonly ToolPattern[] | undefined, tool: string): boolean {
  return patterns === undefined || patterns.some(pattern => matchesTool(pattern, tool));
}

/**
 * Whether a name is what a glob says, in time that grows with the name alone: each part is looked for once, behind the one
 * before it. As a regular expression, a glob of many stars would be tried in every way in which they can share the name.
 */
function matchesGlob(glob: string, name: string): boolean {
  const [first, ...rest] = glob.split('*');
  const last = rest.pop()!;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) {
    return false;
  }
  let from = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0) {
      return false;
    }
    from = found + part.length;
  }
  return from <= name.length - last.length;
}
