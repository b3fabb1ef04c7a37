import { AllowOptions, AuthorizationRule, ToolAction } from './authorization';
import { Principal } from './principal';
import { errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';
import { isToolGlob, TOOL_GLOB_INVALID } from '../model/names';
import { AuthorizationRule as RuleModel, Permission, PolicyOrigin } from '../model/policy';
import { toolGlob } from '../model/tool-pattern';

const RULE_PRINCIPALS_EMPTY = errorKind('rule-principals-empty', 'names nobody', 'Name at least one Principal');
const RULE_PERMISSIONS_EMPTY = errorKind('rule-permissions-empty', 'grants nothing', 'Give at least one permission');
const RULE_TOOLS_EMPTY = errorKind('rule-tools-empty', 'is empty, so it grants nothing', 'Name tools, or * for all');
const RULE_ACTIONS_EMPTY = errorKind(
  'rule-actions-empty',
  'is empty, so it grants nothing',
  'Name actions, or leave it out for both',
);

const ALL_ACTIONS = [ToolAction.CALL, ToolAction.LIST];

/** Checks one rule. */
export function checkRule(input: InputCheck, property: string, rule: AuthorizationRule): void {
  input.report(RULE_PRINCIPALS_EMPTY, `${property}.principals`, rule.principals.length, rule.principals.length === 0);
  input.report(
    RULE_PERMISSIONS_EMPTY,
    `${property}.permissions`,
    rule.permissions.length,
    rule.permissions.length === 0,
  );
  rule.permissions.forEach((permission, p) => {
    const where = `${property}.permissions[${p}]`;
    input.report(RULE_TOOLS_EMPTY, `${where}.tools`, permission.tools, permission.tools.length === 0);
    permission.tools.forEach((tool, i) =>
      input.report(TOOL_GLOB_INVALID, `${where}.tools[${i}]`, tool, !isToolGlob(tool)),
    );
    input.report(RULE_ACTIONS_EMPTY, `${where}.actions`, permission.actions, permission.actions?.length === 0);
  });
}

/** One call of `allow` as a rule. */
export function ruleOf(principal: Principal, options: AllowOptions): AuthorizationRule {
  return {
    principals: [principal],
    permissions: [{ tools: options.tools, actions: options.actions }],
    conditions: options.when,
  };
}

/** A rule as plain data. */
export function ruleModel(rule: AuthorizationRule, origin: PolicyOrigin): RuleModel {
  return {
    principals: rule.principals.map(principal => principal._model),
    permissions: rule.permissions.map((permission): Permission => ({
      tools: permission.tools.map(toolGlob),
      actions: permission.actions ?? ALL_ACTIONS,
    })),
    conditions: (rule.conditions ?? []).map(condition => condition._model),
    origin,
  };
}

/** A rule as resources write it. */
export function ruleSpec(rule: AuthorizationRule): object {
  return {
    principals: rule.principals.map(principal => principal.text),
    permissions: rule.permissions.map(({ tools, actions }) => ({
      tools: [...tools],
      actions: [...(actions ?? ALL_ACTIONS)],
    })),
    ...((rule.conditions ?? []).length === 0
      ? {}
      : { conditions: rule.conditions!.map(condition => ({ ...condition._spec })) }),
  };
}
