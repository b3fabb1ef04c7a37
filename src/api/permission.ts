import { boolean, choice, list, own, ruleFor, textList } from './codec';
import { TOOL_GLOB } from './common';
import { object } from './object';
import { Place } from './place';
import { Schema } from './schema';
import { errorKind, FindingKind } from '../model/findings';
import { ITEM_KINDS, ItemAction, ItemKind, LISTS, Permission, USES } from '../model/items';
import { toolGlob } from '../model/tool-pattern';
import { promptGlobProblem, resourceGlobProblem } from '../model/validation';

/*
 * What a rule grants: items of which kinds, and what may be done with them. Upstream's pr526 has tools; the rest is ours.
 */

const RULE_TOOLS_EMPTY = errorKind('rule-tools-empty', 'is empty, so it grants nothing', 'Name tools, or * for all');
const RULE_PROMPTS_EMPTY = errorKind(
  'rule-prompts-empty',
  'is empty, so it grants nothing',
  'Name prompts, or * for all',
);
const RULE_RESOURCES_EMPTY = errorKind(
  'rule-resources-empty',
  'is empty, so it grants nothing',
  'Name resources by their URIs, or * for all',
);
const RULE_ACTIONS_EMPTY = errorKind(
  'rule-actions-empty',
  'is empty, so it grants nothing',
  'Name actions, or leave it out for both',
);
const RULE_NAMES_NOTHING = errorKind(
  'rule-names-nothing',
  'names no tools, prompts or resources, so it grants nothing',
  'Give tools, prompts or resources',
);
const RULE_ITEMS_WITHOUT_ACTION = errorKind(
  'rule-items-without-action',
  'is named, and the actions grant nothing of it: they are {actions}',
  'Add {missing}, or drop it',
);
const RULE_ACTION_WITHOUT_ITEMS = errorKind(
  'rule-action-without-items',
  'is granted, and of nothing: the permission has no {field}',
  'Give {field}, or drop the action',
);
const RULE_COMPLETIONS_OF_NOTHING = errorKind(
  'rule-completions-of-nothing',
  'is for arguments of prompts and of resource templates, and the permission names neither',
  'Give prompts or resources, or drop it',
);
const RULE_TASKS_OF_NOTHING = errorKind(
  'rule-tasks-of-nothing',
  'is for tasks that calls of tools become, and the permission lets no tool be called',
  'Give tools that may be called, or drop it',
);

/** Prompts by name or glob. */
const PROMPT_GLOB = ruleFor('field-prompt-glob', promptGlobProblem, 'Write a prompt name, or a glob such as report_*');

/** Resources by URI or glob. */
const RESOURCE_GLOB = ruleFor(
  'field-resource-glob',
  resourceGlobProblem,
  'Write a URI, or a glob such as file:///reports/*',
);

/** The fields that name items, by their kinds. */
const FIELDS = { tool: 'tools', prompt: 'prompts', resource: 'resources' } as const satisfies Record<
  ItemKind,
  keyof Permission
>;

const EMPTY: Readonly<Record<ItemKind, FindingKind<never>>> = {
  tool: RULE_TOOLS_EMPTY,
  prompt: RULE_PROMPTS_EMPTY,
  resource: RULE_RESOURCES_EMPTY,
};

/** The actions that are said, by what they are done with. */
const actionsOn = (kind: ItemKind): readonly ItemAction[] => [USES[kind], LISTS[kind]];

/** What is granted at once, as options and fields say it. */
export interface PermissionValue extends Readonly<Partial<Record<(typeof FIELDS)[ItemKind], readonly string[]>>> {
  readonly actions: readonly Exclude<ItemAction, 'tasks/get' | 'completion/complete'>[];
  readonly completions?: boolean;
  readonly tasks?: boolean;
}

/** What is granted at once. */
export const permission = object(
  'Actions on tools, prompts and resources.',
  {
    // Upstream sets this enum on the array itself, where no array can ever equal one of its strings.
    actions: list(
      'What may be done with them, each of the items that its name begins with. Reading resources includes subscribing to them.',
      choice('One action.', [
        'tools/call',
        'tools/list',
        'prompts/get',
        'prompts/list',
        'resources/read',
        'resources/list',
      ]),
      { minItems: 1 },
    ),
    completions: own(
      boolean('Whether arguments of the prompts and resource templates may be completed. Default: false.'),
    ),
    prompts: own(textList('Prompt names; globs such as report_* are allowed.', { minItems: 1 }, PROMPT_GLOB)),
    resources: own(
      textList('URIs of resources; globs such as file:///reports/* are allowed.', { minItems: 1 }, RESOURCE_GLOB),
    ),
    tasks: own(boolean('Whether tasks that calls of the tools become may be followed up. Default: false.')),
    tools: textList('Tool names; globs such as db_* are allowed.', { minItems: 1 }, TOOL_GLOB),
  },
  {
    required: ['actions'],
    // In a schema of its own and not in CEL, of which API servers reckon the cost: rules and permissions are lists without an end.
    anyOf: ITEM_KINDS.map((kind): Schema => ({ required: [FIELDS[kind]] })),
  },
  checkPermission,
);

function checkPermission(value: PermissionValue, place: Place): void {
  const { actions, completions, prompts, resources, tasks } = value;
  const named = ITEM_KINDS.filter(kind => value[FIELDS[kind]] !== undefined);
  place.report(RULE_NAMES_NOTHING, {}, named.length === 0);
  place.at('actions').report(RULE_ACTIONS_EMPTY, actions, actions.length === 0);
  for (const kind of ITEM_KINDS) {
    const field = FIELDS[kind];
    const done = actions.filter(action => actionsOn(kind).includes(action));
    if (value[field] !== undefined) {
      place.at(field).report(EMPTY[kind], value[field], value[field].length === 0);
      place
        .at(field)
        .report(
          RULE_ITEMS_WITHOUT_ACTION,
          value[field],
          done.length === 0 && actions.length > 0
            ? { actions: actions.join(', '), missing: actionsOn(kind).join(' or ') }
            : undefined,
        );
    } else if (named.length > 0) {
      place.at('actions').report(RULE_ACTION_WITHOUT_ITEMS, done, done.length > 0 ? { field } : undefined);
    }
  }
  place
    .at('completions')
    .report(
      RULE_COMPLETIONS_OF_NOTHING,
      completions,
      completions === true && prompts === undefined && resources === undefined,
    );
  place.at('tasks').report(RULE_TASKS_OF_NOTHING, tasks, tasks === true && !actions.includes('tools/call'));
}

/** A permission as a data plane has to hold it. */
export function permissionModel({
  actions,
  completions,
  prompts,
  resources,
  tasks,
  tools,
}: PermissionValue): Permission {
  return {
    ...(tools === undefined ? {} : { tools: tools.map(toolGlob) }),
    ...(prompts === undefined ? {} : { prompts: prompts.map(toolGlob) }),
    ...(resources === undefined ? {} : { resources: resources.map(toolGlob) }),
    actions: [
      ...actions,
      ...(completions === true ? (['completion/complete'] as const) : []),
      ...(tasks === true ? (['tasks/get'] as const) : []),
    ],
  };
}
