import { AuthenticationMethod, RateLimit, SingleMethod } from '../../model/policy';
import { formatToolPattern, ToolPattern } from '../../model/tool-pattern';
import { canonicalText } from '../../values/json';
import { compareText } from '../../values/text';

/** Key of a method: two methods of one key let the same callers pass. */
export function methodKey(method: AuthenticationMethod): string {
  return method.kind === 'anyOf' ? `anyOf ${sortedTexts(method.methods.map(singleKey)).join(' ')}` : singleKey(method);
}

function singleKey(method: SingleMethod): string {
  switch (method.kind) {
    case 'jwt':
      return canonicalText({ ...method, audiences: sortedTexts(method.audiences) });
    case 'apiKey':
      return canonicalText({ ...method, keys: sortedTexts(method.keys.map(canonicalText)) });
    default:
      return canonicalText(method);
  }
}

/** Key of a selection of tools. */
export function toolsKey(tools: readonly ToolPattern[] | undefined): string {
  return tools === undefined ? '' : JSON.stringify(sortedTexts(tools.map(formatPattern)));
}

/** Key of what a limit counts: its dimension and its selection of tools. */
export function limitKey({ dimension, tools }: Pick<RateLimit, 'dimension' | 'tools'>): string {
  return `${dimension} ${toolsKey(tools)}`;
}

function formatPattern(pattern: ToolPattern): string {
  return `${pattern.kind} ${formatToolPattern(pattern)}`;
}

function sortedTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(compareText);
}
