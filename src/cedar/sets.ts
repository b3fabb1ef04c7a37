import { sameEntity } from './entity-terms';
import { describe, Operand, scalar } from './operands';
import { Scope } from './scope';
import { UnsupportedConstruct } from './unsupported';
import { ScalarType } from './vocabulary';
import { all, and, exists, or, relation, Term } from '../cel/terms';

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
