import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Diagnostic, errorKind, findingOf } from '../model/findings';

const UNWRITABLE = errorKind(
  'object-unwritable',
  'cannot be written ({message})',
  'Correct what it is made of: texts, numbers, true and false, lists, and plain objects without a field named constructor',
);

/** Whether somebody has patched an object: cdk8s applies patches when it writes, and keeps them to itself. */
function isPatched(object: ApiObject): boolean {
  return ((object as unknown as { readonly patches?: readonly unknown[] }).patches ?? []).length > 0;
}

/**
 * Objects of an app that cdk8s fails to write. It writes file by file: one that fails would leave those of other charts written,
 * and its own missing. What this library makes is checked where it is said, and need not be rendered for it, unless somebody
 * has patched it.
 */
export function unwritableObjects(
  constructs: readonly IConstruct[],
  isOurs: (construct: IConstruct) => boolean,
): Diagnostic[] {
  const objects = constructs.filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  return objects
    .filter(object => isPatched(object) || !object.node.scopes.some(isOurs))
    .flatMap(object => unwritable(object.node.path, object.kind, object.name, () => object.toJson()));
}

/** What cdk8s or cdk8s-plus say of something that they cannot write: they do not know where it was said. */
export function unwritable(path: string, property: string, value: unknown, render: () => unknown): Diagnostic[] {
  try {
    render();
    return [];
  } catch (error) {
    return [unwritableBecause(path, property, value, error as Error)];
  }
}

/** The same of what they have already failed to write. */
export function unwritableBecause(path: string, property: string, value: unknown, error: Error): Diagnostic {
  const [message] = error.message.replace(/^Failed serializing construct.*?: (Error: )?/, '').split('\n');
  return findingOf(UNWRITABLE, path, property, value, { message });
}
