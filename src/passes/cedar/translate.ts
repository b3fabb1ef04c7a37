import { boundTerms, CedarBindings, withBindings } from './bindings';
import { conforms } from './conformance';
import { CedarPolicies } from './policies';
import { Scope } from './scope';
import { and, not, or, primary, relation, Term, text } from './terms';
import { policyApplies } from './translate-policy';
import { CedarAction } from './vocabulary';

/** One policy in CEL. */
export interface TranslatedPolicy {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** Whether it applies to a request. `false` for a policy about the other action. */
  readonly expression: string;
}

/** Policies in CEL, for one action. */
export interface CedarTranslation {
  /** Whether Cedar permits the action on the tool by the caller. */
  readonly expression: string;
  /** Whether a request has the types the policies need; one that has not is denied. Part of the expression. */
  readonly conforms: string;
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
  const applying = set.policies.map(policy => ({ id: policy.id, effect: policy.json.effect, term: policyApplies(policy, scope) }));
  const conforming = and([
    relation(primary(`type(${bound.user.text})`), '==', primary('string')),
    relation(bound.user, '!=', text('')),
    conforms(bound.claims, set.shape.claims),
    conforms(bound.headers, set.shape.headers),
    ...(action === 'call_tool' ? [conforms(bound.arguments, set.shape.arguments)] : []),
  ]);
  const termsOf = (effect: string): readonly Term[] => applying.filter(policy => policy.effect === effect).map(policy => policy.term);
  return {
    expression: withBindings(and([conforming, or(termsOf('permit')), not(or(termsOf('forbid')))]).text, bindings),
    conforms: withBindings(conforming.text, bindings),
    policies: applying.map(({ id, effect, term }) => ({ id, effect, expression: withBindings(term.text, bindings) })),
  };
}
