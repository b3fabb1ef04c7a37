import { ApiObject } from 'cdk8s';
import { Diagnostic, errorKind, findingOf } from '../model/findings';
import { canonicalText, Json } from '../values/json';

/*
 * In controller mode an operator makes the objects that the library makes otherwise. Constructs have them all the same, outside
 * the user's tree: code that shapes pods works in both modes. What is done to pods reaches the resource; what is done to
 * anything else would reach nothing, and is an error.
 */

const OBJECT_OF_OPERATOR_CHANGED = errorKind(
  'object-of-operator-changed',
  'was changed, but an operator makes its own: the change would reach nothing',
  'Say it with an option of the construct, or use Reconciliation.RENDERED',
);

/** An object that is not emitted, by the member of the construct that has it. */
export interface DetachedObject {
  readonly member: string;
  readonly object: ApiObject;
}

/** Remembers objects that are not emitted as they are now, and later tells which of them were changed but for their pods. */
export function lostChanges(path: string, objects: readonly DetachedObject[]): () => Diagnostic[] {
  const known = objects.map(({ member, object }) => ({ member, object, before: withoutPods(object) }));
  return () =>
    known
      .filter(({ object, before }) => withoutPods(object) !== before)
      .map(({ member, object }) =>
        findingOf(OBJECT_OF_OPERATOR_CHANGED, path, member, `${object.kind} ${object.name}`),
      );
}

function withoutPods(object: ApiObject): string {
  const { spec, ...rest }: Json = object.toJson();
  const { template, ...others }: Json = spec ?? {};
  return canonicalText({ ...rest, spec: others });
}
