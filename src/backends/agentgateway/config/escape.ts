import { yamlLibrary } from '../../../values/yaml';

/**
 * A reference to an environment variable of the gateway's container.
 *
 * A type of its own, so that a string of the user can never become one.
 */
export class EnvReference {
  constructor(readonly variable: string) {}
}

/**
 * Text with references to environment variables that hold any text of one line, such as an API key. The text of the file is
 * expanded before it is read as YAML, so that it stands in a literal block: quotes, `#` and digits alone mean nothing
 * there, and the line break at the end that many a Secret has is dropped.
 */
export class EnvText {
  constructor(readonly parts: readonly (string | EnvReference)[]) {}
}

/** Text with references to environment variables in it, whose values need no quotes where they stand. */
export class EnvTemplate {
  constructor(readonly parts: readonly (string | EnvReference)[]) {}
}

/**
 * Makes a configuration safe to write: agentgateway expands `${NAME}` over the text of the whole file before it reads
 * it as YAML, map keys included, so every literal `$` is doubled. Only what stands for an environment variable becomes a placeholder.
 *
 * Done once, over the finished object: no renderer can forget it.
 */
export function escapeDollars(value: unknown): unknown {
  if (value instanceof EnvText) {
    return literalBlock(textOf(value));
  }
  if (value instanceof EnvReference) {
    return placeholder(value);
  }
  if (value instanceof EnvTemplate) {
    return textOf(value);
  }
  if (typeof value === 'string') {
    return escapeText(value);
  }
  if (Array.isArray(value)) {
    return value.map(escapeDollars);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [escapeText(key), escapeDollars(item)]),
    );
  }
  return value;
}

/** Whether some of a configuration has to stand in a literal block. */
export function holdsEnvText(value: unknown): boolean {
  return (
    value instanceof EnvText ||
    (typeof value === 'object' && value !== null && Object.values(value).some(item => holdsEnvText(item)))
  );
}

function placeholder({ variable }: EnvReference): string {
  return `\${${variable}}`;
}

function textOf({ parts }: EnvText | EnvTemplate): string {
  return parts.map(part => (typeof part === 'string' ? escapeText(part) : placeholder(part))).join('');
}

function literalBlock(text: string): unknown {
  const { Scalar } = yamlLibrary();
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_LITERAL;
  return scalar;
}

function escapeText(text: string): string {
  // A function as replacement: in a replacement string `$$` itself would mean one `$`.
  return text.replace(/\$/g, () => '$$');
}
