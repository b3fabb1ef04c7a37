import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { because, errorKind, InputCheck } from '../model/findings';
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
