import { compileRegex } from '../values/regex';

/** How a pattern selects tool names. Globs know `*` alone: any run of characters. Regexes are RE2 and match the whole name. */
export type ToolPatternKind = 'exact' | 'prefix' | 'glob' | 'regex';

/** A pattern over tool names. */
export interface ToolPattern {
  readonly kind: ToolPatternKind;
  readonly value: string;
}

/** A glob as the user wrote it, narrowed to the simplest pattern that means the same. */
export function toolGlob(text: string): ToolPattern {
  if (!text.includes('*')) {
    return { kind: 'exact', value: text };
  }
  if (text.indexOf('*') === text.length - 1) {
    return { kind: 'prefix', value: text.slice(0, -1) };
  }
  return { kind: 'glob', value: text };
}

/** The pattern as a user would write it. */
export function formatToolPattern(pattern: ToolPattern): string {
  switch (pattern.kind) {
    case 'prefix':
      return `${pattern.value}*`;
    case 'regex':
      return `/${pattern.value}/`;
    default:
      return pattern.value;
  }
}

/** Whether a pattern selects every tool, whatever its name. */
export function selectsAll({ kind, value }: ToolPattern): boolean {
  return (kind === 'prefix' && value === '') || (kind === 'glob' && /^\*+$/.test(value));
}

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
