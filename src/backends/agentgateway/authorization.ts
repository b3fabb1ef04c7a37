import { IS_TOOL, TOOL_NAME } from './conditions';
import { cedarGrant, CedarPlace } from './dialect/cedar';
import { grantedByAny, ruleGrants } from './dialect/grants';
import { Identity, levelIdentity } from './dialect/identity';
import { ruleAt, StagedRule } from './dialect/rule';
import { CALLED_TOOL, IS_CALL, IS_NO_CALL } from './json-rpc';
import { toolServers } from './tool-servers';
import { allOf, anyOf, Predicate } from '../../cel/predicates';
import { Entry } from '../../model/plan';
import { AuthzConfig, LevelPolicy } from '../../model/policy';
import { asksForServers } from '../../passes/policy/cedar-policies';

/*
 * Authorization, two rules for each level that has rules, and two for each that has Cedar policies:
 * - on the request, so that a call that is not granted is 403 before it is counted by a limit;
 * - on each item that is listed or called, under the name by which agentgateway serves it. Prompts, resources and tasks
 *   are items too, and no rule grants them.
 */

/** What the levels of an entry's policy ask. */
export function authorizationRules(entry: Entry): StagedRule[] {
  const { policy } = entry;
  return policy === undefined
    ? []
    : policy.levels.flatMap(level => {
        const identity = levelIdentity(policy, level);
        return [
          ...(level.rules.length === 0 ? [] : [callRule(level, identity), itemRule(level, identity)]),
          ...(level.authzConfig === undefined ? [] : cedarRules(level, level.authzConfig, entry, identity)),
        ];
      });
}

function callRule(level: LevelPolicy, identity: Identity): StagedRule {
  const grants = ruleGrants(level, 'tools/call', CALLED_TOOL, identity);
  return ruleAt('request', {
    level: level.level,
    expression: anyOf([...IS_NO_CALL, grantedByAny(grants)]),
    origins: level.rules.map(({ origin }) => origin),
    grants,
  });
}

function itemRule(level: LevelPolicy, identity: Identity): StagedRule {
  const call = grantedByAny(ruleGrants(level, 'tools/call', TOOL_NAME, identity));
  const grants = ruleGrants(level, 'tools/list', TOOL_NAME, identity);
  const list = grantedByAny(grants);
  return ruleAt('item', {
    level: level.level,
    expression: allOf([IS_TOOL, call === list ? list : either(IS_CALL, call, list)]),
    origins: level.rules.map(({ origin }) => origin),
    grants,
  });
}

function cedarRules({ level }: LevelPolicy, config: AuthzConfig, entry: Entry, identity: Identity): StagedRule[] {
  const place = (tool: string): CedarPlace =>
    asksForServers(config) ? toolServers(entry, tool) : { tool, servers: '[]' };
  const shared = { level, origins: [config.origin] };
  const requested = cedarGrant(config, 'tools/call', place(CALLED_TOOL), identity);
  const call = cedarGrant(config, 'tools/call', place(TOOL_NAME), identity);
  const list = cedarGrant(config, 'tools/list', place(TOOL_NAME), identity);
  return [
    ruleAt('request', {
      ...shared,
      expression: anyOf([...IS_NO_CALL, requested.expression]),
      cedar: { 'tools/call': requested },
    }),
    ruleAt('item', {
      ...shared,
      expression: allOf([
        IS_TOOL,
        call.expression === list.expression ? list.expression : either(IS_CALL, call.expression, list.expression),
      ]),
      cedar: { 'tools/call': call, 'tools/list': list },
    }),
  ];
}

/** `mcp.methodName` does not exist where items are authorized, but the body of the request does. */
function either(condition: Predicate, holds: Predicate, otherwise: Predicate): Predicate {
  return `${condition} ? (${holds}) : (${otherwise})`;
}
