import { conditionPrincipal } from './conditions';
import { EnvoyIdentity, levelIdentity } from './identity';
import { rulePolicy } from './policies';
import { allIds, ANY, anyId, notId, Permission, Policies, Principal } from './rbac';
import { AuthorizationRule, EffectivePolicy, LevelPolicy, ScopeCondition } from '../../../model/policy';

/**
 * What a level would let pass if only the token were issued for more: policies by the scopes that are asked for, as a challenge writes
 * them (RFC 6750). The first that matches, in the order of names, says what to ask the issuer for.
 */
export function scopeChallenges(policy: EffectivePolicy, level: LevelPolicy): Policies {
  const identity = levelIdentity(policy, level);
  const challenges = new Map<string, Principal[]>();
  for (const rule of level.rules) {
    const scopes = rule.conditions.filter((condition): condition is ScopeCondition => condition.kind === 'scope');
    const lacking = scopes.length === 0 ? undefined : allButScopes(rule, scopes, identity);
    if (lacking !== undefined) {
      const name = [...new Set(scopes.map(({ scope }) => scope))].sort().join(' ');
      challenges.set(name, [...(challenges.get(name) ?? []), lacking]);
    }
  }
  return Object.fromEntries([...challenges].map(([name, principals]) => [name, { permissions: [ANY], principals }]));
}

/** Whoever meets a rule but for its scopes; undefined where nobody can. */
function allButScopes(
  rule: AuthorizationRule,
  scopes: readonly ScopeCondition[],
  identity: EnvoyIdentity,
): Principal | undefined {
  const granted = rulePolicy({ ...rule, conditions: rule.conditions.filter(({ kind }) => kind !== 'scope') }, identity);
  return (
    granted &&
    allIds([
      anyId(granted.principals),
      anyId(granted.permissions.map(asPrincipal)),
      notId(allIds(scopes.map(scope => conditionPrincipal(scope, identity)))),
    ])
  );
}

/** What is asked for, as something that is known of who asks. */
function asPrincipal(permission: Permission): Principal {
  return 'and_rules' in permission
    ? { and_ids: { ids: permission.and_rules.rules.map(asPrincipal) } }
    : 'not_rule' in permission
      ? notId(asPrincipal(permission.not_rule))
      : permission;
}
