import {
  celRegex,
  hasPath,
  MessageChange,
  refused,
  replaced,
  Replacement,
  withoutPath,
  withPath,
} from './json-message';
import { celString } from '../../cel/literals';
import { not, Predicate } from '../../cel/predicates';
import { BodyFilter, PiiDetection, PLACEHOLDER, TrafficPolicy } from '../../model/traffic-policy';
import { memberPath } from '../../passes/json-path';

/*
 * Filters of bodies. A message is looked at as JSON that was read and written anew, so that a text is found however its sender
 * escaped it.
 */

const MESSAGE = 'json(request.body)';

/** Holds when a filter lets a request pass; undefined for one that refuses nothing. Only a POST has a message. */
export function bodyRule({ type, action, pattern }: BodyFilter): Predicate | undefined {
  if (action !== 'Deny' || type === 'Size') {
    return undefined;
  }
  return ofMessages(type === 'Regex' ? finds(`toJson(${MESSAGE})`, pattern) : hasPath(MESSAGE, memberPath(pattern)!));
}

/** Holds when no personal data is found in what a request is about; undefined where that is no reason to refuse it. */
export function piiRule({ action, data }: PiiDetection): Predicate | undefined {
  const params = `toJson(default(${MESSAGE}.params, {}))`;
  return action !== 'Block' ? undefined : ofMessages(data.map(({ pattern }) => finds(params, pattern)).join(' || '));
}

function ofMessages(found: Predicate): Predicate {
  return `request.method != "POST" || ${not(found)}`;
}

function finds(text: string, pattern: string): Predicate {
  return `${text}.matches(${celRegex(pattern)})`;
}

/** What filters take out of, or replace in, the messages of clients. */
export function requestChanges({ requestFiltering, compliance }: TrafficPolicy): MessageChange[] {
  const filters = requestFiltering?.bodyFilters ?? [];
  const replacements = [...replacementsOf(filters), ...redactions(compliance?.pii)];
  return [
    ...filters.filter(({ type, action }) => type === 'JSONPath' && action !== 'Deny').map(pathChange),
    ...(replacements.length === 0 ? [] : [inMember(['params', 'arguments'], text => replaced(text, replacements))]),
  ];
}

/** What filters take out of, or replace in, the messages of servers; a message that they refuse errs. */
export function responseChanges(traffic: TrafficPolicy): MessageChange[] {
  const filter = responseText(traffic);
  return filter === undefined ? [] : ['result', 'error', 'params'].map(name => inMember([name], filter));
}

/** What becomes of a text of servers; undefined where nothing does. One that is refused errs. */
export function responseText({ responseFiltering, compliance }: TrafficPolicy): ((text: string) => string) | undefined {
  const filters = (responseFiltering?.bodyFilters ?? []).filter(({ type }) => type === 'Regex');
  const denied = [
    ...filters.filter(({ action }) => action === 'Deny').map(({ pattern }) => pattern),
    ...(compliance?.pii?.action === 'Block' ? compliance.pii.data.map(({ pattern }) => pattern) : []),
  ];
  const replacements = [...replacementsOf(filters), ...redactions(compliance?.pii)];
  return denied.length + replacements.length === 0 ? undefined : text => replaced(refused(text, denied), replacements);
}

function replacementsOf(filters: readonly BodyFilter[]): Replacement[] {
  return filters
    .filter(({ type, action }) => type === 'Regex' && (action === 'Remove' || action === 'Redact'))
    .map(({ action, pattern, replacement }) => ({
      pattern: pattern,
      replacement: action === 'Remove' ? '' : (replacement ?? PLACEHOLDER),
    }));
}

function redactions(pii: PiiDetection | undefined): Replacement[] {
  return pii?.action === 'Redact' ? pii.data.map(({ pattern }) => ({ pattern, replacement: PLACEHOLDER })) : [];
}

function inMember(path: readonly string[], change: (text: string) => string): MessageChange {
  return `${hasPath('m', path)} ? ${withPath('m', path, current => `json(${change(`toJson(${current})`)})`)} : m`;
}

function pathChange({ action, pattern, replacement }: BodyFilter): MessageChange {
  const path = memberPath(pattern)!;
  return `${hasPath('m', path)} ? ${action === 'Remove' ? withoutPath('m', path) : withPath('m', path, () => celString(replacement ?? PLACEHOLDER))} : m`;
}
