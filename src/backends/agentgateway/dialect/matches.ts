import { headerValue } from './condition';
import { askedAt } from './evaluate';
import { METHOD_OR_EMPTY, NAME_OR_EMPTY } from './json-message';
import { matchesWhole } from './regex';
import { allOf, anyOf, not, Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { DOT_SEGMENTS, isPartial, ItemKind } from '../../../model/items';
import { BackendGroup, Entry } from '../../../model/plan';
import { HeaderMatch, MatchConditions } from '../../../model/route';
import { exposedTools, Server } from '../../../model/server';
import { ToolPattern } from '../../../model/tool-pattern';
import { Enforcement, Way } from '../../../passes/access/enforcement';
import { regexLiteral } from '../../../values/regex';

/*
 * The model's conditions as CEL, for the two places that evaluate them:
 * - `mcpAuthorization` sees one item (a tool, prompt or resource) and the request;
 * - a transformation of the listener sees the whole request, its body included.
 */

/** What an item is, inside `mcpAuthorization`: for prompts and resources `mcp.tool` does not exist. Each by its name, resources by their URIs. */
export const IS_ITEM: Readonly<Record<ItemKind, Predicate>> = {
  tool: 'has(mcp.tool)',
  prompt: 'has(mcp.prompt)',
  resource: 'has(mcp.resource)',
};
export const ITEM_NAME: Readonly<Record<ItemKind, string>> = {
  tool: 'mcp.tool.name',
  prompt: 'mcp.prompt.name',
  resource: 'mcp.resource.name',
};
export const IS_TOOL = IS_ITEM.tool;
export const TOOL_NAME = ITEM_NAME.tool;
export const IS_TASK: Predicate = 'has(mcp.task)';

/** Restricts tools to the exposed ones; prompts and resources pass. */
export function exposesOnly(patterns: readonly ToolPattern[]): Predicate {
  return anyOf([not(IS_TOOL), toolIn(TOOL_NAME, patterns)]);
}

/** Whether a group serves an item, inside `mcpAuthorization`; undefined when it serves all. */
export function servesItem(
  when: MatchConditions | undefined,
  unless: readonly MatchConditions[],
): Predicate | undefined {
  const predicates = [
    ...(when === undefined ? [] : [itemMeets(when)]),
    ...unless.map(conditions => not(itemMeets(conditions))),
  ].filter(predicate => predicate !== 'true');
  return predicates.length === 0 ? undefined : allOf(predicates);
}

function itemMeets(conditions: MatchConditions): Predicate {
  return allOf([
    ...(conditions.tools === undefined ? [] : [IS_TOOL, toolIn(TOOL_NAME, conditions.tools)]),
    ...conditions.headers.map(headerMeets),
  ]);
}

/** Whether a request meets what conditions say of headers. */
export function headersMeet({ headers }: MatchConditions): Predicate {
  return allOf(headers.map(headerMeets));
}

/** Whether a request meets conditions, seen from the listener. Only a call names a tool. */
export function requestMeets(conditions: MatchConditions): Predicate {
  return allOf([
    ...(conditions.method === undefined ? [] : [`${METHOD_OR_EMPTY} == ${celString(conditions.method)}`]),
    ...(conditions.tools === undefined
      ? []
      : [`${METHOD_OR_EMPTY} == "tools/call"`, toolIn(NAME_OR_EMPTY, conditions.tools)]),
    ...conditions.headers.map(headerMeets),
  ]);
}

/** A condition on a header. A header that is missing meets none, not even one that its empty value would meet. */
function headerMeets(header: HeaderMatch): Predicate {
  const value = headerValue(header.name);
  return `default(${headerCompare(value, header)}, false)`;
}

function headerCompare(value: string, header: HeaderMatch): Predicate {
  switch (header.kind) {
    case 'Exact':
      return `${value} == ${celString(header.value)}`;
    case 'Prefix':
      return `${value}.startsWith(${celString(header.value)})`;
    case 'Regex':
      return matchesWhole(value, header.value);
  }
}

/** CEL that holds when the string expression `subject` is the name of a tool that any of the patterns selects. It errs where there is no string. */
export function toolIn(subject: string, patterns: readonly ToolPattern[]): Predicate {
  return anyOf(patterns.map(pattern => toolMatches(subject, pattern)));
}

/** CEL that holds when the string expression `subject` names an item of a kind that any of the patterns selects. */
export function itemIn(kind: ItemKind, subject: string, patterns: readonly ToolPattern[]): Predicate {
  const partial = kind === 'resource' ? patterns.filter(isPartial) : [];
  const others = patterns.filter(pattern => !partial.includes(pattern));
  return anyOf([
    ...(others.length === 0 ? [] : [toolIn(subject, others)]),
    ...(partial.length === 0 ? [] : [allOf([toolIn(subject, partial), not(matchesWhole(subject, DOT_SEGMENTS))])]),
  ]);
}

function toolMatches(subject: string, pattern: ToolPattern): Predicate {
  switch (pattern.kind) {
    case 'exact':
      return `${subject} == ${celString(pattern.value)}`;
    // An empty prefix is written out too: `true` would also hold where there is no tool.
    case 'prefix':
      return `${subject}.startsWith(${celString(pattern.value)})`;
    case 'glob':
      return matchesWhole(subject, pattern.value.split('*').map(regexLiteral).join('(?s:.*)'));
    case 'regex':
      return matchesWhole(subject, pattern.value);
  }
}

/** Whether a group asks for a JSON-RPC method, which only the listener can see. */
export function hasMethod(group: BackendGroup): boolean {
  return group.when?.method !== undefined;
}

/** Whether a request goes to a group that asks for a method, seen from the listener. */
export function groupGets({ when, unless }: BackendGroup): Predicate {
  return allOf([requestMeets(when!), ...unless.map(conditions => not(requestMeets(conditions)))]);
}

/** The same group after the listener has chosen: what it said of methods is settled then. */
export function afterListener(group: BackendGroup): BackendGroup {
  return hasMethod(group)
    ? { ...group, when: undefined, unless: [] }
    : { ...group, unless: group.unless.filter(({ method }) => method === undefined) };
}

/** Predicates over items, all of which hold for what a server shows in a group. */
export function showsItem({ when, unless }: BackendGroup, server: Server): Predicate[] {
  const serves = servesItem(when, unless);
  return [
    ...(serves === undefined ? [] : [serves]),
    ...(server.toolsFilter === undefined ? [] : [exposesOnly(server.toolsFilter)]),
  ];
}

/** The ways by which an entry serves items; `guardOf` says what a server asks by itself. */
export function waysOf(entry: Entry, guardOf: (server: Server) => Enforcement | undefined): Way[] {
  const byMethod = entry.groups.filter(hasMethod);
  return entry.groups.flatMap(group =>
    group.servers.map(({ server }): Way => ({
      id: `${group.id}: ${server.name}`,
      require: [
        ...(hasMethod(group) ? [groupGets(group)] : byMethod.map(other => not(groupGets(other)))),
        ...showsItem(afterListener(group), server),
      ].map(expression => askedAt('item', { expression })),
      ...(server.rest === undefined ? {} : { tools: exposedTools(server) }),
      guard: guardOf(server),
    })),
  );
}
