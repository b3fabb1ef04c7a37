import { MetadataPath } from './names';

/*
 * Formats: texts in which Envoy puts what it knows of a request in the place of commands.
 */

/** Text that is no command: a percent sign would begin one. */
export function literal(text: string): string {
  return text.replace(/%/g, '%%');
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
