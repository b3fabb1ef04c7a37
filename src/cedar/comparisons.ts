import { isAddress } from './extensions';
import { describe, isIn, Operand, sameEntity, scalar, Scope, UnsupportedConstruct } from './operands';
import { ScalarType } from './vocabulary';
import { all, and, call, celString, exists, FALSE, or, primary, relation, Term, text, TRUE } from '../cel/terms';
import { regexLiteral } from '../values/regex';

/** `==` of Cedar. Values of different types are unequal. */
export function equal(left: Operand, right: Operand, scope: Scope): Term {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return left.type === right.type ? relation(left.term, '==', right.term) : FALSE;
  }
  if (left.kind === 'entity' && right.kind === 'entity') {
    return sameEntity(left.entity, right.entity, scope.bound);
  }
  if ((left.kind === 'set' || left.kind === 'entities') && right.kind === left.kind) {
    return and([containsAll(left, right, scope), containsAll(right, left, scope)]);
  }
  if ((left.kind === 'datetime' || left.kind === 'duration') && right.kind === left.kind) {
    return relation(left.term, '==', right.term);
  }
  if (left.kind === 'sourceIp' && (right.kind === 'ipLiteral' || right.kind === 'sourceIp')) {
    return right.kind === 'sourceIp' ? TRUE : isAddress(right.text, scope.bound);
  }
  if (left.kind === 'ipLiteral' && right.kind === 'sourceIp') {
    return isAddress(left.text, scope.bound);
  }
  throw new UnsupportedConstruct(
    `a comparison of ${describe(left)} with ${describe(right)}`,
    'Compare text, numbers, booleans, sets of these, or entities',
  );
}

/** `<` and its like. */
export function compare(operator: '<' | '<=' | '>' | '>=', left: Operand, right: Operand): Term {
  if ((left.kind === 'datetime' || left.kind === 'duration') && right.kind === left.kind) {
    return relation(left.term, operator, right.term);
  }
  return relation(scalar(left, operator), operator, scalar(right, operator));
}

/** `in` of entities. */
export function contained(left: Operand, right: Operand, scope: Scope): Term {
  if (left.kind === 'entity' && right.kind === 'entity') {
    return isIn(left.entity, right.entity, scope.entities, scope.bound);
  }
  if (left.kind === 'entity' && right.kind === 'entities') {
    return or(right.entities.map(entity => isIn(left.entity, entity, scope.entities, scope.bound)));
  }
  throw new UnsupportedConstruct(
    `in of ${describe(left)} and ${describe(right)}`,
    'Use in with entities, and contains with sets',
  );
}

/** The set that an operand has to be. */
export function setOf(operand: Operand, operator: string): { readonly type: ScalarType; readonly term: Term } {
  if (operand.kind !== 'set') {
    throw new UnsupportedConstruct(`${operator} on ${describe(operand)}`, 'Use sets of text, numbers or booleans');
  }
  return operand;
}

/** `contains` of Cedar. */
export function containsOne(set: Operand, element: Operand, scope: Scope): Term {
  if (set.kind === 'entities' && element.kind === 'entity') {
    return or(set.entities.map(entity => sameEntity(entity, element.entity, scope.bound)));
  }
  return relation(scalar(element, 'contains'), 'in', setOf(set, 'contains').term);
}

/** Whether all elements of the right set are in the left one. */
export function containsAll(left: Operand, right: Operand, scope: Scope): Term {
  if (left.kind === 'entities' && right.kind === 'entities') {
    return and(right.entities.map(entity => containsOne(left, { kind: 'entity', entity }, scope)));
  }
  const container = setOf(left, 'containsAll').term;
  return all(setOf(right, 'containsAll').term, item => relation(item, 'in', container));
}

/** Whether any is. */
export function containsAny(left: Operand, right: Operand, scope: Scope): Term {
  if (left.kind === 'entities' && right.kind === 'entities') {
    return or(right.entities.map(entity => containsOne(left, { kind: 'entity', entity }, scope)));
  }
  const container = setOf(left, 'containsAny').term;
  return exists(setOf(right, 'containsAny').term, item => relation(item, 'in', container));
}

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
