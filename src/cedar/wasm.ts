import type * as CedarWasm from '@cedar-policy/cedar-wasm/nodejs';
import { errorKind, Said, say } from '../model/findings';

type Cedar = typeof CedarWasm;

const MODULE = '@cedar-policy/cedar-wasm/nodejs';

/** Cedar itself. Loaded on first use: it is a module of several megabytes that most charts never need. */
export function cedarWasm(): Cedar {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(MODULE);
}

/** Cedar has ended in the middle of something: what it was asked is more than it can take. */
export class CedarTrap extends Error {}

/**
 * Asks Cedar something. Where it ends in the middle of it, its memory is in no state to go on with: the next question is for
 * a copy of its own.
 *
 * @throws CedarTrap when Cedar ends
 */
export function askCedar<T>(question: (cedar: Cedar) => T): T {
  try {
    return question(cedarWasm());
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    delete require.cache[require.resolve(MODULE)];
    throw new CedarTrap((error as Error).message);
  }
}

/** A place in a text, counted from 1 in characters as editors count them. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
  /** The whole line. */
  readonly text: string;
}

/** One finding about policies or entities. The caller knows the construct and the property they stand in. */
export interface CedarFinding extends Said {
  /** `policies[2]`, or `entities`. */
  readonly property: string;
  /** The offending text. */
  readonly value: unknown;
  readonly position?: TextPosition;
}

/** What is said of a text, with the place in it. */
export function cedarFinding(said: Said, property: string, value: unknown, position?: TextPosition): CedarFinding {
  return { ...said, property, value, problem: said.problem + excerpt(position), position };
}

/** The place in the text, for an offset in bytes of its UTF-8 form, which is how Cedar counts. */
export function positionAt(text: string, byteOffset: number): TextPosition {
  const before = Buffer.from(text, 'utf8').subarray(0, byteOffset).toString('utf8');
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = text.indexOf('\n', before.length);
  return {
    line: before.split('\n').length,
    column: before.length - lineStart + 1,
    text: text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, ''),
  };
}

/** Longest line that is shown whole. */
const MAX_LINE = 160;

/** The line with a mark under the place. */
function excerpt(position: TextPosition | undefined): string {
  if (position === undefined) {
    return '';
  }
  const { line, column, text } = position;
  // Of a long line, what is around the place.
  const start = column <= MAX_LINE ? 0 : column - MAX_LINE / 2;
  const shown = text.slice(start, start + MAX_LINE);
  const tabs = shown.slice(0, column - 1 - start).replace(/[^\t]/g, ' ');
  return `, at line ${line}, column ${column}:\n  ${shown}\n  ${tabs}^ here`;
}

/*
 * Cedar reads policies by recursion, on a stack that is as deep as its caller left it: policies that are nested too deeply
 * end the process's copy of it instead of being refused. And planes have bounds too (agentgateway reads 48 levels of an expression).
 */

/** Brackets in each other, and choices (if … then … else …) in one policy. */
export const MAX_NESTING = 64;

/** Operators in a row: `a || b || c` has two. Cedar nests what is written in a row. */
export const MAX_OPERATORS = 200;

/** Strings and comments, which may hold anything; words; operators; brackets and what separates. */
const TOKEN = /"(?:[^"\\]|\\[^])*"|\/\/[^\n]*|[A-Za-z_][A-Za-z0-9_]*|\|\||&&|[-+*.]|[()[\]{},;]/g;

const CEDAR_TOO_LARGE = errorKind(
  'cedar-too-large',
  'has more than {excess}',
  'Compare with a set, as in ["a", "b"].contains(resource.name), name a group, or write several policies',
);

const OPERATOR = /^(\|\||&&|[-+*.])$/;

/** What is nested more deeply, or longer, than Cedar and the planes can read. */
export function sizeFindings(policies: string, property: string): CedarFinding[] {
  /** Operators in a row, for each bracket that is open, and outside of all. */
  let rows = [0];
  let choices = 0;
  for (const { 0: token, index } of policies.matchAll(TOKEN)) {
    if (/^[([{]$/.test(token)) {
      rows.push(0);
    } else if (/^[)\]}]$/.test(token) && rows.length > 1) {
      rows.pop();
    } else if (token === ',') {
      rows[rows.length - 1] = 0;
    } else if (token === ';') {
      rows = [0];
      choices = 0;
    } else if (token === 'if') {
      choices += 1;
    } else if (OPERATOR.test(token)) {
      rows[rows.length - 1] += 1;
    }
    const excess =
      rows.length - 1 > MAX_NESTING
        ? `${MAX_NESTING} brackets in each other`
        : choices > MAX_NESTING
          ? `${MAX_NESTING} choices (if) in one policy`
          : rows[rows.length - 1] > MAX_OPERATORS
            ? `${MAX_OPERATORS} operators in a row`
            : undefined;
    if (excess !== undefined) {
      const position = positionAt(policies, Buffer.byteLength(policies.slice(0, index)));
      return [cedarFinding(say(CEDAR_TOO_LARGE, { excess }), property, policies, position)];
    }
  }
  return [];
}
