import { portableRegex } from './regex';
import { halves, IN_A_ROW } from '../../../cel/balance';
import { Predicate } from '../../../cel/predicates';
import { celList, celString } from '../../../cel/terms';
import { ITEM_KINDS, LISTS, METHODS } from '../../../model/items';

/*
 * Changes to JSON-RPC messages in CEL: each is an expression of a message `m` that yields the message as it goes on, `m` itself
 * where there is nothing to change. One that errs leaves an empty body, which no server and no client takes for a message.
 */

/** A change to a message `m`. */
export type MessageChange = string;

/** The message after changes, one after the other. */
export function changed(message: string, changes: readonly MessageChange[]): string {
  return stepped(message, 'm', changes);
}

/**
 * A value after steps, one after the other: expressions of what it has become by then, under a name. `with` is agentgateway's way
 * to give a value a name. What it is called on is evaluated first, inside of it, and so are calls on calls: too many in a row
 * would overflow its stack.
 */
function stepped(value: string, name: string, steps: readonly string[]): string {
  const parts = steps.length <= IN_A_ROW ? steps : halves(steps).map(half => stepped(name, name, half));
  return `${value}${parts.map(part => `.with(${name}, ${part})`).join('')}`;
}

/** What is put in the place of what a regex finds. */
export interface Replacement {
  readonly pattern: string;
  readonly replacement: string;
}

/** agentgateway replaces the first match alone, so that an expression replaces as many as it repeats itself. A text with more of them errs. */
const MAX_MATCHES = 16;

/** A text of JSON with every match replaced. */
export function replaced(text: string, replacements: readonly Replacement[]): string {
  return stepped(
    text,
    't',
    replacements.map(({ pattern, replacement }) => {
      const regex = celRegex(pattern);
      // The text is JSON, and `$` in a replacement would name a group.
      const inText = celString(
        JSON.stringify(replacement)
          .slice(1, -1)
          .replace(/\$/g, () => '$$'),
      );
      return refused(`t${`.regexReplace(${regex}, ${inText})`.repeat(MAX_MATCHES)}`, [pattern]);
    }),
  );
}

/** A text in which none of the regexes finds anything; one in which one does errs. */
export function refused(text: string, patterns: readonly string[]): string {
  return patterns.length === 0
    ? text
    : `${text}.with(t, ${patterns.map(pattern => `t.matches(${celRegex(pattern)})`).join(' || ')} ? fail("refused") : t)`;
}

/** A regex as an argument. `matches` and `regexReplace` search, so that it is not anchored. */
export function celRegex(pattern: string): string {
  return celString(portableRegex(pattern));
}

/** A member of an object, by its name. */
export function member(object: string, name: string): string {
  return `${object}[${celString(name)}]`;
}

/** Holds where an object has what a path leads to. */
export function hasPath(object: string, path: readonly string[]): string {
  return path.map((name, i) => `${celString(name)} in ${path.slice(0, i).reduce(member, object)}`).join(' && ');
}

/** An object with the value at a path replaced: from the innermost member out, so that long paths nest no deeper than short ones. */
export function withPath(object: string, path: readonly string[], value: (current: string) => string): string {
  const merged = (depth: number, item: string): string =>
    `${path.slice(0, depth).reduce(member, object)}.merge({${celString(path[depth])}: ${item}})`;
  const innermost = path.length - 1;
  return stepped(
    merged(innermost, value(path.reduce(member, object))),
    'v',
    path.slice(1).map((_, i) => merged(innermost - 1 - i, 'v')),
  );
}

/** An object without what a path leads to. */
export function withoutPath(object: string, path: readonly string[]): string {
  const name = path[path.length - 1];
  const without = (holder: string): string => `${holder}.filterKeys(k, k != ${celString(name)})`;
  return path.length === 1 ? without(object) : withPath(object, path.slice(0, -1), without);
}

/*
 * The JSON-RPC message of a request in CEL. A body that cannot be read (no JSON, over 2 MiB, a batch) errs, and denies.
 */

const BODY = 'json(request.body)';

/** Method and name of a message; errors where it has none. */
export const METHOD = `${BODY}.method`;
export const CALLED_TOOL = `${BODY}.params.name`;

/** Method and name of a message, empty where it has none. */
export const METHOD_OR_EMPTY = `default(${METHOD}, "")`;
export const NAME_OR_EMPTY = `default(${CALLED_TOOL}, "")`;

/** The message calls a tool. */
export const IS_CALL: Predicate = `${METHOD} == "tools/call"`;

/** The message asks for a list: of tools, prompts, resources, or templates of these. */
export const IS_LIST: Predicate = `${METHOD} in ${celList(ITEM_KINDS.flatMap(kind => METHODS[LISTS[kind]]))}`;

/** The message asks to complete an argument. */
export const IS_COMPLETION: Predicate = `${METHOD} == "completion/complete"`;

/**
 * The request calls no tool: it has no message (the GET of an event stream, the DELETE of a session), answers the server,
 * or is of another method. agentgateway itself takes no message but of a POST.
 */
export const IS_NO_CALL: readonly Predicate[] = [
  'request.method != "POST"',
  `!has(${METHOD})`,
  `${METHOD} != "tools/call"`,
];
