import { isAddress } from './addresses';
import { isIn, sameEntity } from './entity-terms';
import { describe, Operand, scalar } from './operands';
import { Scope } from './scope';
import { containsAll } from './sets';
import { UnsupportedConstruct } from './unsupported';
import { and, FALSE, or, relation, Term, TRUE } from '../cel/terms';

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
