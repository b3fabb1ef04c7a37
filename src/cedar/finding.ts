import { Said } from '../model/finding-kind';

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
