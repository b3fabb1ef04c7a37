import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { clusterOf } from './cluster-scope';
import { because, Diagnostic, errorKind, findingOf, InputCheck, InputError } from '../model/findings';
import { dnsLabelProblem, isNamespace, NAMESPACE_INVALID } from '../model/validation';

/** A name that nothing can be emitted by, given or made of the id of the construct. */
const NAME_INVALID = errorKind('name-invalid', '{problem}', 'Choose such a name');
const ID_NO_NAME = errorKind('id-no-name', '{problem}', 'Set `name`, or use such an id');
const NAMESPACE_MISSING = errorKind(
  'namespace-missing',
  'there is no namespace, neither here nor on the chart',
  'Set `{property}` on the construct, or a namespace on its Chart',
);
const OWN_NAMESPACE_INVALID = errorKind('own-namespace-invalid', NAMESPACE_INVALID.problem, 'Use such a name');

const SCOPE_NOT_EMPTY = errorKind(
  'scope-not-empty',
  'is chosen after {count} constructs were created in this scope',
  'Call applyTo before creating constructs in the scope',
);

/** Name of what a construct emits: its `name`, else its id as it is. Names are API, so they are never hashed. */
export function resolveName(
  construct: IConstruct,
  name: string | undefined,
  input: InputCheck,
  longestSuffix = '',
): string {
  const resolved = name ?? construct.node.id;
  checkName(input, resolved, longestSuffix, name === undefined ? ID_NO_NAME : NAME_INVALID);
  return resolved;
}

/** Checks the name of what a construct emits. */
export function checkName(input: InputCheck, name: string, longestSuffix: string, kind = NAME_INVALID): void {
  input.report(kind, 'name', name, because(dnsLabelProblem(name, longestSuffix)));
}

/** Namespace of what a construct emits: its own, else its chart's. URLs and policies need to know it, so there is no default. */
export function resolveNamespace(
  construct: IConstruct,
  namespace: string | undefined,
  input: InputCheck,
  property = 'namespace',
): string {
  const resolved = namespace ?? Chart.of(construct).namespace;
  checkNamespace(input, resolved, property);
  return resolved ?? '';
}

/** Checks the namespace of what a construct emits. */
export function checkNamespace(input: InputCheck, namespace: string | undefined, property: string): void {
  input.report(NAMESPACE_MISSING, property, namespace, namespace === undefined ? { property } : undefined);
  input.reportGiven(OWN_NAMESPACE_INVALID, property, namespace, value => !isNamespace(value));
}

/**
 * Checks a scope that something is chosen for, for all below it.
 *
 * @throws when it has children already: they were created with the choice of before
 */
export function checkEmptyScope(scope: IConstruct, property: string, value: unknown): void {
  const { length: count } = scope.node.children;
  if (count > 0) {
    throw new InputError([findingOf(SCOPE_NOT_EMPTY, scope.node.path || 'App', property, value, { count })]);
  }
}

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

const REFERENCE_TO_OTHER_CLUSTER = errorKind(
  'reference-to-other-cluster',
  'is not in the same cluster ("{cluster}"), and would be looked up by its name in this one',
  'Create it in this cluster, or refer to it with a `from…Name` method in a chart of it',
);

/**
 * Reports a construct of another app or cluster: what refers to it does so by name, and would take the one of that name in its own
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
  if (root !== undefined) {
    checkSameCluster(input, property, scope, other!);
  }
}

/** Reports a construct of another cluster of the same app. */
export function checkSameCluster(input: InputCheck, property: string, scope: IConstruct, other: IConstruct): void {
  const cluster = clusterOf(other);
  const elsewhere = other.node.root === scope.node.root && cluster !== clusterOf(scope);
  input.report(
    REFERENCE_TO_OTHER_CLUSTER,
    property,
    other.node.path,
    elsewhere ? { cluster: cluster.node.path || 'none' } : undefined,
  );
}
