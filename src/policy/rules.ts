import { AllowOptions, AuthorizationRule, ToolAction } from './authorization';
import { Principal } from './principal';
import { RuleValue } from '../api/authorization';

const ALL_ACTIONS = [ToolAction.CALL, ToolAction.LIST];

/** A rule as a route or gateway states it. */
export function ruleValue({ principals, permissions, conditions = [] }: AuthorizationRule): RuleValue {
  return {
    principals: principals.map(principal => principal._value),
    permissions: permissions.map(({ tools, actions }) => ({
      tools: [...tools],
      actions: [...(actions ?? ALL_ACTIONS)],
    })),
    ...(conditions.length === 0 ? {} : { conditions: conditions.map(condition => condition._value) }),
  };
}

/** One call of `allow` as a rule. */
export function allowedRule(principal: Principal, { tools, actions, when }: AllowOptions): RuleValue {
  return ruleValue({ principals: [principal], permissions: [{ tools, actions }], conditions: when });
}
