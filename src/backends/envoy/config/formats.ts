import { MetadataPath } from './names';
import { celString } from '../../../cel/terms';

/*
 * Formats: texts in which Envoy puts what it knows of a request in the place of commands.
 */

/** Text that is no command: a percent sign would begin one. */
export function literal(text: string): string {
  return text.replace(/%/g, '%%');
}

/** A field on the line that is logged of a request, in either form of the log. */
export interface LogField {
  readonly json: string;
  readonly text: string;
}

/** A field that holds nothing that callers write. */
export function logged(format: string): LogField {
  return { json: format, text: format };
}

/**
 * What a caller may write into its quotes on a line of text: nothing that ends the line or the quotes, that a terminal obeys, or
 * that turns the direction of text. JSON is escaped by Envoy, text is not. Classes of Unicode would be too long for Envoy.
 */
const HARMLESS = '^[^"\\\\\\x00-\\x1f\\x7f-\\x{9f}\\x{2000}-\\x{206f}]*$';
const HARMFUL = '(unprintable)';

/** A field whose text is a caller's: by a format in JSON, and in text by an expression in CEL that yields the same. */
export function saidByCaller(format: string, expression: string): LogField {
  const harmless = `(${expression}).matches(${celString(HARMLESS)}) ? (${expression}) : ${celString(HARMFUL)}`;
  return { json: format, text: `"%CEL(${harmless})%"` };
}

/** A field with what stands at a place in metadata. */
export function loggedMetadata(place: MetadataPath): LogField {
  return saidByCaller(inMetadata(place), celMetadata(place));
}

/** What stands at a place in metadata, in CEL. */
export function celMetadata({ namespace, path }: MetadataPath): string {
  return `metadata.filter_metadata${[namespace, ...path].map(key => `[${celString(key)}]`).join('')}`;
}

/** What stands at a place in metadata. */
export function inMetadata(place: MetadataPath): string {
  return `%DYNAMIC_METADATA(${parameter(place)})%`;
}

/** What stands at a place in metadata, or, where nothing does, what a command says. */
export function inMetadataOr(place: MetadataPath, command: string, param: string): string {
  const operators = [
    { command: 'DYNAMIC_METADATA', param: parameter(place) },
    { command, param },
  ];
  return `%COALESCE(${JSON.stringify({ operators })})%`;
}

function parameter({ namespace, path }: MetadataPath): string {
  return [namespace, ...path].join(':');
}
