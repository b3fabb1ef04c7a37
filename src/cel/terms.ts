/*
 * Literals and names of CEL, as every evaluator reads them.
 */

/** A string literal for any text. All but plain printable ASCII is written as an escape. */
export function celString(value: string): string {
  let out = '"';
  for (const character of value) {
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

/** How tightly the outermost operator of an expression binds. */
export enum Rank {
  CONDITIONAL,
  OR,
  AND,
  RELATION,
  SUM,
  PRODUCT,
  PRIMARY,
}

/** A CEL expression that knows where it needs parentheses. */
export interface Term {
  readonly text: string;
  readonly rank: Rank;
}

export const TRUE: Term = primary('true');
export const FALSE: Term = primary('false');

/** An expression that needs no parentheses anywhere. */
export function primary(expression: string): Term {
  return { text: expression, rank: Rank.PRIMARY };
}

/** An expression of which nothing is known but its text: it needs parentheses beside any operator. */
export function opaque(expression: string): Term {
  return { text: expression, rank: Rank.CONDITIONAL };
}

/** A literal of text. */
export function text(value: string): Term {
  return primary(celString(value));
}

/** A literal of a whole number. */
export function whole(value: number): Term {
  // A sign is an operator to CEL: `-1.f()` is not `(-1).f()`.
  return primary(value < 0 ? `(${value})` : String(value));
}

export function list(items: readonly Term[]): Term {
  return primary(`[${items.map(item => item.text).join(', ')}]`);
}

export function map(entries: readonly (readonly [string, Term])[]): Term {
  return primary(`{${entries.map(([key, value]) => `${celString(key)}: ${value.text}`).join(', ')}}`);
}

/** The text, in parentheses unless it binds at least so tightly. */
export function within(term: Term, rank: Rank): string {
  return term.rank >= rank ? term.text : `(${term.text})`;
}

/** Terms with an operator between them; one alone stays as it is. */
export function infix(terms: readonly Term[], operator: string, rank: Rank, none: Term): Term {
  return terms.length < 2
    ? (terms[0] ?? none)
    : { text: terms.map(term => within(term, rank)).join(` ${operator} `), rank };
}

/** True when all hold. What is known is left out, as Cedar's validator leaves it out: after `false` nothing is evaluated. */
export function and(terms: readonly Term[]): Term {
  return joined(terms, '&&', Rank.AND, TRUE, FALSE);
}

/** True when any holds. */
export function or(terms: readonly Term[]): Term {
  return joined(terms, '||', Rank.OR, FALSE, TRUE);
}

function joined(terms: readonly Term[], operator: string, rank: Rank, neutral: Term, deciding: Term): Term {
  const distinct = new Map<string, Term>();
  for (const term of terms) {
    if (term.text === deciding.text) {
      return deciding;
    }
    const part = within(term, rank);
    if (term.text !== neutral.text && !distinct.has(part)) {
      distinct.set(part, term);
    }
  }
  return infix([...distinct.values()], operator, rank, neutral);
}

/** The opposite. What is known of it is not asked. */
export function not(term: Term): Term {
  switch (term.text) {
    case 'true':
      return FALSE;
    case 'false':
      return TRUE;
    // There are evaluators that take two signs for one: `!!x` is `!x` to agentgateway 1.4.1.
    default:
      return primary(
        term.text.startsWith('!') && term.rank === Rank.PRIMARY ? term.text.slice(1) : `!${within(term, Rank.PRIMARY)}`,
      );
  }
}

export function relation(left: Term, operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in', right: Term): Term {
  return { text: `${within(left, Rank.SUM)} ${operator} ${within(right, Rank.SUM)}`, rank: Rank.RELATION };
}

export function conditional(condition: Term, then: Term, otherwise: Term): Term {
  return {
    text: `${within(condition, Rank.OR)} ? ${within(then, Rank.OR)} : ${within(otherwise, Rank.OR)}`,
    rank: Rank.CONDITIONAL,
  };
}

export function call(target: Term, method: string, ...args: readonly Term[]): Term {
  return primary(`${within(target, Rank.PRIMARY)}.${method}(${args.map(arg => arg.text).join(', ')})`);
}

/** A field of a map. */
export function at(target: Term, key: Term): Term {
  return primary(`${within(target, Rank.PRIMARY)}[${key.text}]`);
}

/** The name of the variable that macros bind. It shadows itself at most: no body refers to that of an outer macro. */
const ITEM = primary('item');

/** Whether any element satisfies the body. */
export function exists(target: Term, body: (item: Term) => Term): Term {
  return call(target, 'exists', ITEM, body(ITEM));
}

/** Whether all elements do. */
export function all(target: Term, body: (item: Term) => Term): Term {
  return call(target, 'all', ITEM, body(ITEM));
}

/** How deep brackets nest: parsers of CEL have a limit. */
export function nesting(expression: string): number {
  let depth = 0;
  let deepest = 0;
  for (const token of expression.match(/"(?:[^"\\]|\\.)*"|[()[\]{}]/g) ?? []) {
    if ('([{'.includes(token)) {
      deepest = Math.max(deepest, ++depth);
    } else if (')]}'.includes(token)) {
      depth--;
    }
  }
  return deepest;
}
