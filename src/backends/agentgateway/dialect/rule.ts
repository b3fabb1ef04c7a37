import type { CedarGrant } from './cedar';
import { askedAt } from './evaluate';
import { RuleGrant } from './grants';
import { Stage } from './variables';
import { Predicate } from '../../../cel/predicates';
import { ToolAction } from '../../../model/policy';
import { TrafficPolicy } from '../../../model/traffic-policy';
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

/** What a field of a gateway's traffic policy asks of requests. */
export interface TrafficRule {
  readonly property: string;
  /** Undefined where there is nothing to refuse. */
  readonly expression: Predicate | undefined;
}

/** What a traffic policy asks of requests, whoever sends them, as rules; none where there is no policy. */
export function filteringRules(
  traffic: TrafficPolicy | undefined,
  rulesOf: (traffic: TrafficPolicy) => readonly TrafficRule[],
): StagedRule[] {
  return traffic === undefined
    ? []
    : rulesOf(traffic).flatMap(({ property, expression }) =>
        expression === undefined
          ? []
          : [ruleAt('request', { level: 'filtering', expression, origins: [{ path: traffic.path, property }] })],
      );
}
