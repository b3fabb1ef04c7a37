import type { CedarGrant } from './cedar';
import { askedAt } from './evaluate';
import { RuleGrant } from './grants';
import { Stage } from './variables';
import { Predicate } from '../../../cel/predicates';
import { ToolAction } from '../../../model/policy';
import { EnforcedCedar, EnforcedRule } from '../../../passes/access/enforcement';

/** A rule, and where it is asked. */
export interface StagedRule extends EnforcedRule {
  readonly stage: Stage;
}

/** A rule in CEL, as it is emitted, and what it was made of. */
export interface RuleText extends Pick<EnforcedRule, 'level' | 'origins'> {
  readonly expression: Predicate;
  readonly grants?: readonly RuleGrant[];
  readonly cedar?: Readonly<Partial<Record<ToolAction, CedarGrant>>>;
}

/** A rule that can be asked: it and all its parts, at one stage. */
export function ruleAt(stage: Stage, { cedar = {}, grants = [], ...rule }: RuleText): StagedRule {
  const asked = <T extends { readonly expression: Predicate }>(question: T) => askedAt(stage, question);
  const actions = Object.entries(cedar).map(([action, grant]): [string, EnforcedCedar] => [
    action,
    { ...asked(grant), requirements: grant.requirements.map(asked), policies: grant.policies.map(asked) },
  ]);
  return {
    ...asked(rule),
    stage,
    grants: grants.map(asked),
    ...(actions.length === 0 ? {} : { cedar: Object.fromEntries(actions) }),
  };
}
