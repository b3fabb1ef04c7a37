import { PresentedRequest } from './access-request';
import { EnforcedCedar, EnforcedCedarPolicy, EnforcedRule } from './enforcement';
import { LevelPolicy, PolicyOrigin, ToolAction } from '../../model/policy';
import { isMet } from '../../values/outcome';

/** Why Cedar policies decided as they did. */
export interface CedarReason {
  readonly level: LevelPolicy['level'];
  readonly rule?: PolicyOrigin;
  readonly expression: string;
  readonly words: string;
}

/** What Cedar policies of a rule are asked for an action; undefined where the rule has none, or is not about the action. */
export function cedarOf(rule: EnforcedRule, action: ToolAction): EnforcedCedar | undefined {
  return rule.cedar?.[action];
}

/** The policy that permitted. */
export function cedarPermission(rule: EnforcedRule, grant: EnforcedCedar, request: PresentedRequest): CedarReason[] {
  const permit = deciding(grant, 'permit', request);
  return permit === undefined
    ? []
    : [
        reason(
          rule,
          permit,
          `the Cedar policy ${JSON.stringify(permit.id)} of the ${rule.level} permits it ${written(permit.origin)}`,
        ),
      ];
}

/** What denied: a request that cannot be judged, a policy that forbids, or that none permits. */
export function cedarDenial(
  rule: EnforcedRule,
  grant: EnforcedCedar,
  request: PresentedRequest,
  asked: string,
): CedarReason {
  const { level, expression } = rule;
  const [origin] = rule.origins;
  const denial = (words: string, part = expression): CedarReason => ({
    level: level as LevelPolicy['level'],
    expression: part,
    words,
  });
  const unmet = grant.requirements.find(requirement => !isMet(requirement.holds(request)));
  if (unmet !== undefined) {
    return denial(
      `the Cedar policies of the ${level} do not judge ${asked}, and so deny it: ${unmet.words} ${written(origin)}`,
      unmet.expression,
    );
  }
  const forbid = deciding(grant, 'forbid', request);
  if (forbid !== undefined) {
    return reason(
      rule,
      forbid,
      `the Cedar policy ${JSON.stringify(forbid.id)} of the ${level} forbids ${asked} ${written(forbid.origin)}`,
    );
  }
  const failed = grant.holds(request);
  const why = failed.kind === 'error' ? `, because they cannot be evaluated for this request: ${failed.message}` : '';
  return denial(`no Cedar policy of the ${level} permits ${asked} ${written(origin)}${why}`);
}

function deciding(
  grant: EnforcedCedar,
  effect: EnforcedCedarPolicy['effect'],
  request: PresentedRequest,
): EnforcedCedarPolicy | undefined {
  return grant.policies.find(policy => policy.effect === effect && isMet(policy.holds(request)));
}

function reason({ level }: EnforcedRule, { origin, expression }: EnforcedCedarPolicy, words: string): CedarReason {
  return { level: level as LevelPolicy['level'], rule: origin, expression, words };
}

function written({ path, property }: PolicyOrigin): string {
  return `(${path}: ${property})`;
}
