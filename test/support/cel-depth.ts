/*
 * How deep an expression of CEL makes those recurse who read it: parsers by level, evaluators also by what is called on calls and added
 * to sums.
 */

/** What of an expression makes others recurse. */
export interface Depth {
  /** Expressions inside of one another: in brackets, or behind the `:` of a conditional. */
  readonly levels: number;
  /** The longest row of calls on calls. */
  readonly calls: number;
  /** The longest sum. */
  readonly terms: number;
}

interface Frame {
  /** Conditionals whose last part is open. */
  tails: number;
  questions: number;
  calls: number;
  terms: number;
}

/** Measures an expression. */
export function depthOf(expression: string): Depth {
  const frames: Frame[] = [{ tails: 0, questions: 0, calls: 0, terms: 1 }];
  const deepest = { levels: 0, calls: 0, terms: 1 };
  const tokens =
    expression.match(/"(?:[^"\\]|\\.)*"|\.[A-Za-z_]\w*\(|[A-Za-z_]\w*\(|&&|\|\||[()[\]{}?:,+]|[<>=!]=|[<>]/g) ?? [];
  for (const token of tokens) {
    const frame = frames[frames.length - 1];
    const opens = /[([{]$/.test(token) && !token.startsWith('"');
    if (token.startsWith('.') && opens) {
      frame.calls++;
      deepest.calls = Math.max(deepest.calls, frame.calls);
    }
    if (opens) {
      frames.push({ tails: 0, questions: 0, calls: 0, terms: 1 });
      deepest.levels = Math.max(deepest.levels, frames.length - 1 + sum(frames.map(({ tails }) => tails)));
    } else if (/^[)\]}]$/.test(token)) {
      frames.pop();
    } else if (token === '+') {
      frame.calls = 0;
      deepest.terms = Math.max(deepest.terms, ++frame.terms);
    } else if (!token.startsWith('"')) {
      Object.assign(frame, { calls: 0, terms: 1 });
      if (token === '?') {
        frame.questions++;
      } else if (token === ':' && frame.questions > 0) {
        frame.questions--;
        frame.tails++;
        deepest.levels = Math.max(deepest.levels, frames.length - 1 + sum(frames.map(({ tails }) => tails)));
      } else if (token === ',') {
        Object.assign(frame, { tails: 0, questions: 0 });
      }
    }
  }
  return deepest;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
