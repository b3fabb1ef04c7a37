import { SingleMethod } from '../../../model/policy';
import { HeaderMatch } from '../../../model/route';
import { ToolPattern } from '../../../model/tool-pattern';
import { headerOf } from '../../../passes/policy/authentication';
import { regexLiteral } from '../../../values/regex';
import { ASKED_METHOD, CALLED_TOOL, MetadataPath } from '../config/names';

/*
 * Envoy's matchers, as far as they are emitted, and what of the model they are made of. Routes and RBAC share them. They are
 * read with the settings of `RUNTIME`: regexes as UTF-8, and the lines of a header joined by commas.
 */

/** A match of a text. */
export type StringMatcher =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly safe_regex: { /** RE2, of the whole text. */ readonly regex: string } };

/** A match of a value of metadata. */
export type ValueMatcher =
  | { readonly string_match: StringMatcher }
  | { readonly bool_match: boolean }
  | { readonly list_match: { readonly one_of: ValueMatcher } }
  /** Two or more. */
  | { readonly or_match: { readonly value_matchers: readonly ValueMatcher[] } };

/** A match of what stands at a place in metadata. What is not there matches nothing. */
export interface MetadataMatcher {
  readonly filter: string;
  readonly path: readonly { readonly key: string }[];
  readonly value: ValueMatcher;
}

/** A match of a header: of its value, where one that is missing matches nothing, or whether it is there. */
export type HeaderMatcher =
  | { readonly name: string; readonly string_match: StringMatcher }
  | { readonly name: string; readonly present_match: boolean };

/** Any text at all, if it is one: what is no UTF-8 is none. */
export const ANY_TEXT: StringMatcher = { safe_regex: { regex: '(?s:.*)' } };

/** The text itself. */
export function exactly(text: string): StringMatcher {
  return { exact: text };
}

/** What begins with a text. Envoy refuses the empty one. */
export function beginning(prefix: string): StringMatcher {
  return prefix === '' ? ANY_TEXT : { prefix };
}

/** What a regex matches as a whole. */
export function matching(regex: string): StringMatcher {
  return { safe_regex: { regex } };
}

/** The names of tools that a pattern selects, or names of another kind. */
export function toolMatcher({ kind, value }: ToolPattern): StringMatcher {
  switch (kind) {
    case 'exact':
      return exactly(value);
    case 'prefix':
      return beginning(value);
    case 'glob':
      return matching(value.split('*').map(regexLiteral).join('(?s:.*)'));
    case 'regex':
      return matching(value);
  }
}

/** A value at a place in metadata. */
export function metadataMatcher({ namespace, path }: MetadataPath, value: ValueMatcher): MetadataMatcher {
  return { filter: namespace, path: path.map(key => ({ key })), value };
}

/** Any of some values. */
export function anyValue(values: readonly ValueMatcher[]): ValueMatcher {
  return values.length === 1 ? values[0] : { or_match: { value_matchers: values } };
}

/** Any of some texts. */
export function anyText(matchers: readonly StringMatcher[]): ValueMatcher {
  return anyValue(matchers.map(matcher => ({ string_match: matcher })));
}

/** The JSON-RPC method that a request asks for. */
export function methodMatcher(methods: readonly StringMatcher[]): MetadataMatcher {
  return metadataMatcher(ASKED_METHOD, anyText(methods));
}

/** The name of the tool that a request calls. */
export function toolNameMatcher(patterns: readonly ToolPattern[]): MetadataMatcher {
  return nameMatcher(CALLED_TOOL, patterns);
}

/** A name at a place in metadata. */
export function nameMatcher(place: MetadataPath, patterns: readonly ToolPattern[]): MetadataMatcher {
  return metadataMatcher(place, anyText(patterns.map(toolMatcher)));
}

/** A header as a match of a route says it. */
export function headerMatcher({ name, kind, value }: HeaderMatch): HeaderMatcher {
  switch (kind) {
    case 'Exact':
      return { name, string_match: exactly(value) };
    case 'Prefix':
      return { name, string_match: beginning(value) };
    case 'Regex':
      return { name, string_match: matching(value) };
  }
}

/** Headers that are not what the client sent when anything asks about them: of the connection, and what Envoy says of a request. */
const REWRITTEN: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-client-cert',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-request-id',
];

/** Whether nothing can be asked about a header. Requests with a name that has an underscore are refused. */
export function isRewritten(name: string): boolean {
  return REWRITTEN.includes(name) || name.startsWith('x-envoy-') || name.includes('_');
}

/** Headers that credentials come in, or are passed on in: they are taken out, or replaced, when the caller is known. */
export function credentialHeaders(methods: readonly SingleMethod[]): ReadonlySet<string> {
  const names = methods.flatMap(method => headerOf(method)?.name ?? []);
  return new Set(names.length === 0 ? [] : [...names, 'authorization']);
}
