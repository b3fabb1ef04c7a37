import { IConstruct } from 'constructs';
import { errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';

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
