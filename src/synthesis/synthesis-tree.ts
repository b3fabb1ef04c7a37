import { IConstruct } from 'constructs';
import { Diagnostic, errorKind, InputCheck } from '../model/findings';

/** Whether a construct and all above it are still children of their scopes: one that was removed goes on naming its scope. */
export function isInTree({ node }: IConstruct): boolean {
  return node.scope === undefined || (node.scope.node.tryFindChild(node.id)?.node === node && isInTree(node.scope));
}

/** The construct at a path; undefined where there is none. */
export function constructAt(root: IConstruct, path: string): IConstruct | undefined {
  return path.split('/').reduce<IConstruct | undefined>((scope, id) => scope?.node.tryFindChild(id), root);
}

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

const REFERENCE_TO_OTHER_APP = errorKind(
  'reference-to-other-app',
  'is of another app, and would be looked up by its name in this one',
  'Create it in this app, or refer to it with a `from…Name` method in this app',
);

/**
 * Reports a construct of another app: what refers to it does so by name, and would take the one of that name in its own
 * app for it. What stands in for a construct while a manifest is tried out is in no app.
 */
export function checkSameApp(
  input: InputCheck,
  property: string,
  scope: IConstruct,
  other: IConstruct | undefined,
): void {
  const root = (other as Partial<IConstruct> | undefined)?.node?.root;
  input.report(REFERENCE_TO_OTHER_APP, property, other?.node?.path, root !== undefined && root !== scope.node.root);
}
