import { portableRegex } from './portable-regex';

/*
 * Pieces of CEL that every evaluator reads alike.
 */

/** A CEL expression that yields a boolean. */
export type Predicate = string;

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

/** A match of a whole value by an RE2 regex: `matches` searches, so the regex is anchored. */
export function matchesWhole(subject: string, regex: string): Predicate {
  return `${subject}.matches(${celString(`^(?:${portableRegex(regex)})$`)})`;
}

/** True when all hold; no predicate is true. */
export function allOf(predicates: readonly Predicate[]): Predicate {
  return join(predicates, ' && ', 'true');
}

/** True when any holds; no predicate is false. */
export function anyOf(predicates: readonly Predicate[]): Predicate {
  return join(predicates, ' || ', 'false');
}

/** The opposite. */
export function not(predicate: Predicate): Predicate {
  return `!(${predicate})`;
}

function join(predicates: readonly Predicate[], operator: string, empty: string): Predicate {
  if (predicates.length < 2) {
    return predicates[0] ?? empty;
  }
  return predicates.map(predicate => `(${predicate})`).join(operator);
}
