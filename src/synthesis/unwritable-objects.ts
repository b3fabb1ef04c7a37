import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Diagnostic } from '../model/diagnostic';
import { errorKind, findingOf } from '../model/finding-kind';

const UNWRITABLE = errorKind(
  'object-unwritable',
  'cannot be written ({message})',
  'Correct what it is made of: texts, numbers, true and false, lists, and plain objects without a field named constructor',
);

/**
 * Objects of an app, whoever's they are, that cdk8s fails to write. It writes file by file: one that fails would leave those of
 * other charts written, and its own missing.
 */
export function unwritableObjects(constructs: readonly IConstruct[]): Diagnostic[] {
  return constructs.flatMap(construct => {
    if (!ApiObject.isApiObject(construct)) {
      return [];
    }
    const object = construct as ApiObject;
    try {
      object.toJson();
      return [];
    } catch (error) {
      const [message] = (error as Error).message
        .replace(/^Failed serializing construct.*?: (Error: )?/, '')
        .split('\n');
      return [findingOf(UNWRITABLE, object.node.path, object.kind, object.name, { message })];
    }
  });
}
