import { matchesTool, selectsAll, ToolPattern } from './tool-pattern';
import { compileRegex } from '../values/regex';

/*
 * What rules are about: items, which servers list and callers ask for by name. Of other requests no rule says anything.
 */

/** What rules select: tools and prompts by their names, resources by their URIs. */
export type ItemKind = 'tool' | 'prompt' | 'resource';

/** What is done with a tool. */
export type ToolAction = 'tools/call' | 'tools/list';

/**
 * What is done with an item, by the method that asks for it. Completing is for prompts and resources; `tasks/get` is following up the
 * tasks that calls of a tool become.
 */
export type ItemAction =
  | ToolAction
  | 'tasks/get'
  | 'prompts/get'
  | 'prompts/list'
  | 'resources/read'
  | 'resources/list'
  | 'completion/complete';

/** The methods of requests that an action is. What may be read may be watched; lists of resources are those of their templates, too. */
export const METHODS: Readonly<Record<ItemAction, readonly string[]>> = {
  'tools/call': ['tools/call'],
  'tools/list': ['tools/list'],
  // Not the list of all tasks: it would tell of those of other callers.
  'tasks/get': ['tasks/get', 'tasks/update', 'tasks/result', 'tasks/cancel'],
  'prompts/get': ['prompts/get'],
  'prompts/list': ['prompts/list'],
  'resources/read': ['resources/read', 'resources/subscribe', 'resources/unsubscribe'],
  'resources/list': ['resources/list', 'resources/templates/list'],
  'completion/complete': ['completion/complete'],
};

/** Actions by which items of a kind are used, and those by which they are listed. */
export const USES = { tool: 'tools/call', prompt: 'prompts/get', resource: 'resources/read' } as const satisfies Record<
  ItemKind,
  ItemAction
>;
export const LISTS = {
  tool: 'tools/list',
  prompt: 'prompts/list',
  resource: 'resources/list',
} as const satisfies Record<ItemKind, ItemAction>;

/** The kinds, as they are told. */
export const ITEM_KINDS = ['tool', 'prompt', 'resource'] as const satisfies readonly ItemKind[];

/** One request about an item. */
export type ItemRequest =
  | { readonly tool: string; readonly action: ToolAction | 'tasks/get' }
  | { readonly prompt: string; readonly action: 'prompts/get' | 'prompts/list' | 'completion/complete' }
  | { readonly resource: string; readonly action: 'resources/read' | 'resources/list' | 'completion/complete' };

/** What a request is about. */
export function itemOf(request: ItemRequest): { readonly kind: ItemKind; readonly name: string } {
  return 'tool' in request
    ? { kind: 'tool', name: request.tool }
    : 'prompt' in request
      ? { kind: 'prompt', name: request.prompt }
      : { kind: 'resource', name: request.resource };
}

/** How `completion/complete` names what it is about. */
export function completionRef(kind: ItemKind, name: string): Readonly<Record<string, string>> {
  return kind === 'prompt' ? { type: 'ref/prompt', name } : { type: 'ref/resource', uri: name };
}

/** The kinds of items that each action can be done with. */
export const DONE_WITH: Readonly<Record<ItemAction, readonly ItemKind[]>> = {
  'tools/call': ['tool'],
  'tools/list': ['tool'],
  'tasks/get': ['tool'],
  'prompts/get': ['prompt'],
  'prompts/list': ['prompt'],
  'resources/read': ['resource'],
  'resources/list': ['resource'],
  'completion/complete': ['prompt', 'resource'],
};

/** Items, any of them, and what may be done with them. */
export interface Permission {
  readonly tools?: readonly ToolPattern[];
  readonly prompts?: readonly ToolPattern[];
  /** Over URIs, and over the texts of URI templates. */
  readonly resources?: readonly ToolPattern[];
  /** Each is about the items that it can be done with. */
  readonly actions: readonly ItemAction[];
}

/** The items of a kind that a permission selects, whatever may be done with them. */
export function patternsOf({ prompts, resources, tools }: Permission, kind: ItemKind): readonly ToolPattern[] {
  return { tool: tools, prompt: prompts, resource: resources }[kind] ?? [];
}

/** The items of a kind with which permissions let something be done. */
export function granted(permissions: readonly Permission[], kind: ItemKind, action: ItemAction): ToolPattern[] {
  return !DONE_WITH[action].includes(kind)
    ? []
    : permissions.filter(({ actions }) => actions.includes(action)).flatMap(permission => patternsOf(permission, kind));
}

/**
 * What a URI contains that servers resolve to another one: a segment that is `.` or `..`, with separators and dots written out or
 * escaped. RE2, of the whole URI.
 */
export const DOT_SEGMENTS =
  '(?s:.*)(?:^|[:/\\\\]|%2[fF]|%5[cC])(?:\\.|%2[eE]){1,2}(?:[/\\\\?#]|%2[fF]|%5[cC]|%3[fF]|%23|$)(?s:.*)';

/**
 * Whether a pattern selects resources by a part of their URIs. Such a pattern means what lies below it, and so selects no URI with
 * {@link DOT_SEGMENTS}, which may lead out of there.
 */
export function isPartial(pattern: ToolPattern): boolean {
  return pattern.kind !== 'exact' && !selectsAll(pattern);
}

/** Whether a pattern selects an item. */
export function matchesItem(pattern: ToolPattern, kind: ItemKind, name: string): boolean {
  return (
    matchesTool(pattern, name) &&
    !(kind === 'resource' && isPartial(pattern) && compileRegex(DOT_SEGMENTS).matches(name))
  );
}
