import type {
  ActionConstraint,
  EntityUidJson,
  PrincipalConstraint,
  ResourceConstraint,
} from '@cedar-policy/cedar-wasm/nodejs';
import { conforms } from './conformance';
import {
  EntityOperand,
  entityType,
  isIn,
  sameEntity,
  Scope,
  UnsupportedConstruct,
  unsupportedOperator,
} from './operands';
import { CedarPolicies, CedarPolicy } from './policies';
import { translateCondition } from './translate-expression';
import { boundTerms, CedarAction, CedarBindings, EntityUid, withBindings } from './vocabulary';
import { and, FALSE, nesting, not, or, primary, relation, Term, text, TRUE } from '../cel/terms';

/** One policy in CEL. */
export interface TranslatedPolicy {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** Whether it applies to a request. `false` for a policy about the other action. */
  readonly expression: string;
}

/** Something that a request needs so that policies are asked at all. */
export interface CedarRequirement {
  readonly expression: string;
  /** What is wrong with a request that does not meet it. */
  readonly words: string;
}

/** Policies in CEL, for one action. */
export interface CedarTranslation {
  /** Whether Cedar permits the action on the tool by the caller. */
  readonly expression: string;
  /** What the schema asks of a request; one that lacks any of it is denied. Part of the expression. */
  readonly requirements: readonly CedarRequirement[];
  readonly policies: readonly TranslatedPolicy[];
}

/**
 * One boolean expression of CEL for what Cedar decides: some `permit` applies and no `forbid` does.
 *
 * Cedar skips a policy that errs, even a `forbid`. Here nothing is skipped: Cedar's validator has shown that no policy can err over a
 * request that conforms to the schema, one that does not conform is denied before any policy is asked, and should an evaluator err all
 * the same, then the error is the value of the whole expression, and enforcement denies. So an error can turn a permission into a
 * denial and never the other way.
 */
export function translateCedar(set: CedarPolicies, action: CedarAction, bindings: CedarBindings): CedarTranslation {
  const bound = boundTerms(bindings);
  const scope: Scope = { action, entities: set.entities, attributes: set.attributes, shape: set.shape, bound };
  const applying = set.policies.map(policy => ({
    id: policy.id,
    effect: policy.json.effect,
    term: policyApplies(policy, scope),
  }));
  const isNamed = and([
    relation(primary(`type(${bound.user.text})`), '==', primary('string')),
    relation(bound.user, '!=', text('')),
  ]);
  const requirements = [
    { term: isNamed, words: 'the caller has no user name' },
    { term: conforms(bound.claims, set.shape.claims), words: 'a claim has another type than the policies use it as' },
    {
      term: conforms(bound.headers, set.shape.headers),
      words: 'a header has another type than the policies use it as',
    },
    ...(action === 'call_tool'
      ? [
          {
            term: conforms(bound.arguments, set.shape.arguments),
            words: 'an argument has another type than the policies use it as',
          },
        ]
      : []),
  ];
  const termsOf = (effect: string): readonly Term[] =>
    applying.filter(policy => policy.effect === effect).map(policy => policy.term);
  return {
    expression: withBindings(
      and([...requirements.map(({ term }) => term), or(termsOf('permit')), not(or(termsOf('forbid')))]).text,
      bindings,
    ),
    requirements: requirements.map(({ term, words }) => ({ expression: withBindings(term.text, bindings), words })),
    policies: applying.map(({ id, effect, term }) => ({ id, effect, expression: withBindings(term.text, bindings) })),
  };
}

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
