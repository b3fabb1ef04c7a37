import { AllowOptions, AuthorizationRule, ToolAction } from './authorization';
import { Principal } from './principal';
import { InputCheck } from '../model/input';
import { toolGlobProblem } from '../model/names';
import { AuthorizationRule as RuleModel, Permission, PolicyOrigin } from '../model/policy';
import { toolGlob } from '../model/tool-pattern';

const ALL_ACTIONS = [ToolAction.CALL, ToolAction.LIST];

/** Checks one rule. */
export function checkRule(input: InputCheck, property: string, rule: AuthorizationRule): void {
  input.check(
    `${property}.principals`,
    rule.principals.length,
    rule.principals.length > 0 ? undefined : 'names nobody',
    'Name at least one Principal',
  );
  input.check(
    `${property}.permissions`,
    rule.permissions.length,
    rule.permissions.length > 0 ? undefined : 'grants nothing',
    'Give at least one permission',
  );
  rule.permissions.forEach((permission, p) => {
    const where = `${property}.permissions[${p}]`;
    input.check(
      `${where}.tools`,
      permission.tools,
      permission.tools.length > 0 ? undefined : 'is empty, so it grants nothing',
      'Name tools, or * for all',
    );
    permission.tools.forEach((tool, i) =>
      input.check(`${where}.tools[${i}]`, tool, toolGlobProblem(tool), 'Write a tool name, or a glob such as db_*'),
    );
    input.check(
      `${where}.actions`,
      permission.actions,
      permission.actions?.length === 0 ? 'is empty, so it grants nothing' : undefined,
      'Name actions, or leave it out for both',
    );
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
