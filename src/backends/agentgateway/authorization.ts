import { IS_TOOL, TOOL_NAME } from './conditions';
import { CALLED_TOOL, IS_CALL, IS_NO_CALL } from './json-rpc';
import { EffectivePolicy, LevelPolicy } from '../../model/policy';
import { EnforcedRule } from '../../passes/access/enforcement';
import { allOf, anyOf, Predicate } from '../../passes/cel';
import { grantExpression, Identity, levelIdentity, ruleGrants } from '../../passes/policy/authorization-cel';

/*
 * Authorization, two rules for each level that has any:
 * - on the request, so that a call that is not granted is 403 before it is counted by a limit;
 * - on each item that is listed or called, under the name by which agentgateway serves it. Prompts, resources and tasks
 *   are items too, and no rule grants them.
 */

/** The rules of a policy's levels. */
export function authorizationRules(policy: EffectivePolicy): EnforcedRule[] {
  return policy.levels.filter(({ rules }) => rules.length > 0).flatMap((level) => {
    const identity = levelIdentity(policy, level);
    return [callRule(level, identity), itemRule(level, identity)];
  });
}

function callRule(level: LevelPolicy, identity: Identity): EnforcedRule {
  return {
    level: level.level,
    stage: 'request',
    expression: anyOf([...IS_NO_CALL, grantExpression(level, 'tools/call', CALLED_TOOL, identity)]),
    origins: level.rules.map(({ origin }) => origin),
    grants: ruleGrants(level, 'tools/call', CALLED_TOOL, identity),
  };
}

function itemRule(level: LevelPolicy, identity: Identity): EnforcedRule {
  const call = grantExpression(level, 'tools/call', TOOL_NAME, identity);
  const list = grantExpression(level, 'tools/list', TOOL_NAME, identity);
  return {
    level: level.level,
    stage: 'item',
    expression: allOf([IS_TOOL, call === list ? list : either(IS_CALL, call, list)]),
    origins: level.rules.map(({ origin }) => origin),
    grants: ruleGrants(level, 'tools/list', TOOL_NAME, identity),
  };
}

/** `mcp.methodName` does not exist where items are authorized, but the body of the request does. */
function either(condition: Predicate, holds: Predicate, otherwise: Predicate): Predicate {
  return `${condition} ? (${holds}) : (${otherwise})`;
}
