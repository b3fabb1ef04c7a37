/*
 * Literals and names of CEL, as every evaluator reads them.
 */

/** A string literal for any text. All but plain printable ASCII is written as an escape. */
export function celString(text: string): string {
  let out = '"';
  for (const character of text) {
    out += escapeCharacter(character);
  }
  return `${out}"`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  switch (character) {
    case '"':
      return '\\"';
    case '\\':
      return '\\\\';
    default:
      if (code >= 0x20 && code < 0x7f) {
        return character;
      }
      // A lone surrogate is no character: CEL refuses it, and no request can carry one either.
      if (code >= 0xd800 && code <= 0xdfff) {
        return '\\uFFFD';
      }
      return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  }
}

/** A list of strings. */
export function celList(texts: readonly string[]): string {
  return `[${texts.map(celString).join(', ')}]`;
}

const RESERVED = new Set([
  'as',
  'break',
  'const',
  'continue',
  'else',
  'false',
  'for',
  'function',
  'if',
  'import',
  'in',
  'let',
  'loop',
  'namespace',
  'null',
  'package',
  'return',
  'true',
  'var',
  'void',
  'while',
]);

/** Whether a name can be written as a field, `value.name`; others are read by index. */
export function isFieldName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name);
}
