import { celString } from '../cel/literals';
import { call, primary, relation, Term, text, TRUE } from '../cel/terms';
import { regexLiteral } from '../values/regex';

/** An element of a pattern in Cedar's JSON form: any run of characters, or one character. */
export type PatternElement = 'Wildcard' | { readonly Literal: string };

/** Whether a text matches a pattern of `like`. */
export function like(subject: Term, pattern: readonly PatternElement[]): Term {
  const parts = literalParts(pattern);
  const [first, ...rest] = parts;
  const last = rest.at(-1);
  if (last === undefined) {
    return relation(subject, '==', text(first));
  }
  const middle = rest.slice(0, -1);
  if (middle.length === 0) {
    if (first === '' && last === '') {
      return TRUE;
    }
    if (first === '' || last === '') {
      return last === '' ? call(subject, 'startsWith', text(first)) : call(subject, 'endsWith', text(last));
    }
  } else if (middle.length === 1 && first === '' && last === '') {
    return call(subject, 'contains', text(middle[0]));
  }
  // (?s): a wildcard matches line breaks too.
  return call(subject, 'matches', primary(celString(`^(?s:${parts.map(regexLiteral).join('.*')})$`)));
}

/** What stands between the wildcards; neighbouring wildcards are one. */
function literalParts(pattern: readonly PatternElement[]): readonly string[] {
  const parts = [''];
  pattern.forEach((element, index) => {
    if (element !== 'Wildcard') {
      parts[parts.length - 1] += element.Literal;
    } else if (pattern[index - 1] !== 'Wildcard') {
      parts.push('');
    }
  });
  return parts;
}
