import type {
  ActionConstraint,
  EntityUidJson,
  PrincipalConstraint,
  ResourceConstraint,
} from '@cedar-policy/cedar-wasm/nodejs';
import { EntityOperand, entityType, isIn, sameEntity } from './entity-terms';
import { CedarPolicy } from './policies';
import { Scope } from './scope';
import { translateCondition } from './translate-expression';
import { UnsupportedConstruct, unsupportedOperator } from './unsupported';
import { EntityUid } from './vocabulary';
import { and, FALSE, nesting, not, or, Term, TRUE } from '../cel/terms';

/**
 * Parsers refuse what nests deeper than they can recurse (agentgateway's at 48 brackets); the rest of an expression needs some of it.
 */
const DEEPEST_NESTING = 32;

/** Whether a policy applies to a request: its scope and all its conditions hold. */
export function policyApplies(policy: CedarPolicy, scope: Scope): Term {
  const { principal, action, resource, conditions } = policy.json;
  const inScope = and([
    constraint({ type: 'Action', id: scope.action }, action, scope),
    constraint({ variable: 'principal' }, principal, scope),
    constraint({ variable: 'resource' }, resource, scope),
  ]);
  let applies = inScope;
  for (const { kind, body } of conditions) {
    // What follows a false condition is not looked at: Cedar's validator has not looked at it either.
    if (applies === FALSE) {
      return FALSE;
    }
    const holds = translateCondition(body, scope);
    applies = and([applies, kind === 'when' ? holds : not(holds)]);
  }
  if (nesting(applies.text) > DEEPEST_NESTING) {
    throw new UnsupportedConstruct(`nesting of more than ${DEEPEST_NESTING} levels`, 'Split the policy into several');
  }
  return applies;
}

function constraint(
  entity: EntityOperand,
  condition: ActionConstraint | PrincipalConstraint | ResourceConstraint,
  scope: Scope,
): Term {
  switch (condition.op) {
    case 'All':
      return TRUE;
    case '==':
      return sameEntity(entity, uidOf(condition), scope.bound);
    case 'in':
      return 'entities' in condition
        ? or(condition.entities.map(other => isIn(entity, uidOf({ entity: other }), scope.entities, scope.bound)))
        : isIn(entity, uidOf(condition), scope.entities, scope.bound);
    case 'is':
      if (entityType(entity) !== condition.entity_type) {
        return FALSE;
      }
      return condition.in === undefined ? TRUE : isIn(entity, uidOf(condition.in), scope.entities, scope.bound);
  }
}

function uidOf(constraintPart: { entity: EntityUidJson } | { slot: string }): EntityUid {
  if (!('entity' in constraintPart)) {
    throw unsupportedOperator('Slot');
  }
  const { entity } = constraintPart;
  const { type, id } = '__entity' in entity ? entity.__entity : entity;
  return { type, id };
}
