import { boundTerms, CedarBindings, withBindings } from './bindings';
import { conforms } from './conformance';
import { CedarPolicies } from './policies';
import { Scope } from './scope';
import { policyApplies } from './translate-policy';
import { CedarAction } from './vocabulary';
import { and, not, or, primary, relation, Term, text } from '../cel/terms';

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
