import { Condition } from './condition';
import { Principal } from './principal';
import { RuleValue } from '../api/authorization';
import { PermissionValue } from '../api/permission';
import { InputCheck } from '../model/findings';
import { ITEM_KINDS, LISTS, USES } from '../model/items';
import { emptyList, LIST_EMPTY } from '../model/validation';

/** What is done with a tool, and with prompts and resources likewise. */
export enum ToolAction {
  /** Using it: calling a tool, getting a prompt, reading a resource and subscribing to it. */
  CALL = 'tools/call',
  /** Seeing it in lists. What may not be listed is not listed. */
  LIST = 'tools/list',
}

/**
 * What is granted: tools, prompts and resources, any of them, and what may be done with them. What is not named is not granted: a
 * permission of tools grants no prompts.
 */
export interface ToolPermission {
  /**
   * Tools by name or glob (`db_*`); `*` for all.
   *
   * @default - none
   */
  readonly tools?: string[];

  /**
   * Prompts by name or glob (`report_*`); `*` for all.
   *
   * @default - none
   */
  readonly prompts?: string[];

  /**
   * Resources by URI or glob (`file:///reports/*`); `*` for all. Templates of resources are listed, and their arguments completed, by
   * the text of the template. A glob selects no URI with a segment `.` or `..`, escaped or not: it could lead elsewhere.
   *
   * @default - none
   */
  readonly resources?: string[];

  /**
   * What may be done with them.
   *
   * @default [ToolAction.CALL, ToolAction.LIST]
   */
  readonly actions?: ToolAction[];

  /**
   * Whether servers may be asked to complete arguments of the prompts and resource templates (`completion/complete`).
   *
   * @default false
   */
  readonly completions?: boolean;

  /**
   * Whether the tasks that calls of the tools become may be followed up (`tasks/get`, `tasks/update`, `tasks/result`, `tasks/cancel`). A
   * task is known by its id alone: who may follow up those of one tool may follow up any whose id is known.
   *
   * @default false
   */
  readonly tasks?: boolean;
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
    permissions: permissions.map(permissionValue),
    ...(conditions.length === 0 ? {} : { conditions: conditions.map(condition => condition._value) }),
  };
}

/** What is granted, with the actions of each kind of item that is named. */
function permissionValue({ actions = ALL_ACTIONS, completions, tasks, ...named }: ToolPermission): PermissionValue {
  const items = { tool: named.tools, prompt: named.prompts, resource: named.resources };
  const kinds = ITEM_KINDS.filter(kind => items[kind] !== undefined);
  return {
    // Without a name, the verbs themselves stand for what is said.
    actions: (kinds.length === 0 ? (['tool'] as const) : kinds).flatMap(kind =>
      [...actions].map(action => (action === ToolAction.CALL ? USES : LISTS)[kind]),
    ),
    ...(items.tool === undefined ? {} : { tools: [...items.tool] }),
    ...(items.prompt === undefined ? {} : { prompts: [...items.prompt] }),
    ...(items.resource === undefined ? {} : { resources: [...items.resource] }),
    ...(completions === undefined ? {} : { completions }),
    ...(tasks === undefined ? {} : { tasks }),
  };
}

/** One call of `allow` as a rule. */
export function allowedRule(principal: Principal, { when, ...permission }: AllowOptions): RuleValue {
  return ruleValue({ principals: [principal], permissions: [permission], conditions: when });
}
