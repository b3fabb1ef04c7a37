import { Condition } from './condition';
import { Principal } from './principal';
import { RuleValue } from '../api/authorization';
import { InputCheck } from '../model/findings';
import { emptyList, LIST_EMPTY } from '../model/validation';

/** What is done with a tool. */
export enum ToolAction {
  /** Calling it. */
  CALL = 'tools/call',
  /** Seeing it in the list of tools. A tool that may not be listed is not listed. */
  LIST = 'tools/list',
}

/** Tools and what may be done with them. */
export interface ToolPermission {
  /** Tools by name or glob (`db_*`); `*` for all. */
  readonly tools: string[];

  /**
   * What may be done with them.
   *
   * @default [ToolAction.CALL, ToolAction.LIST]
   */
  readonly actions?: ToolAction[];
}

/** Grants permissions to principals, when all conditions hold. */
export interface AuthorizationRule {
  /** Who is granted them: any of these. */
  readonly principals: Principal[];

  /** What is granted. */
  readonly permissions: ToolPermission[];

  /**
   * What must hold besides, all of it. An empty list is an error.
   *
   * @default - nothing
   */
  readonly conditions?: Condition[];
}

/** Options of `allow`. */
export interface AllowOptions extends ToolPermission {
  /**
   * What must hold besides, all of it. An empty list is an error.
   *
   * @default - nothing
   */
  readonly when?: Condition[];
}

/** Reports conditions that are given and none: the rule would hold at all times. */
export function checkConditions(
  input: InputCheck,
  property: string,
  conditions: readonly Condition[] | undefined,
): void {
  input.report(
    LIST_EMPTY,
    property,
    conditions,
    emptyList(conditions, 'condition', 'for a rule that holds under all of them'),
  );
}

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
