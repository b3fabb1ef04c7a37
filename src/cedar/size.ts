import { CedarFinding, cedarFinding, positionAt } from './finding';
import { errorKind, say } from '../model/finding-kind';

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
