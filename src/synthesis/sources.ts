import { IConstruct } from 'constructs';
import { constructAt } from './tree';
import { Diagnostic } from '../model/diagnostic';

const SOURCES = new WeakMap<IConstruct, (property: string) => string>();

/** Remembers where a construct was read from, property by property. */
export function readFrom(construct: IConstruct, placeOf: (property: string) => string): void {
  SOURCES.set(construct, placeOf);
}

/** A finding with the place in the text that its construct was read from, if it was read at all. */
export function withSource(root: IConstruct, finding: Diagnostic): Diagnostic {
  const construct = constructAt(root, finding.path);
  const source = construct && SOURCES.get(construct)?.(finding.property);
  return source === undefined ? finding : { ...finding, source };
}
