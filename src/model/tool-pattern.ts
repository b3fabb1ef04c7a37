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
