import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { InputCheck } from '../model/input';
import { dnsLabelProblem, namespaceProblem } from '../model/names';

/** Name of what a construct emits: its `name`, else its id as it is. Names are API, so they are never hashed. */
export function resolveName(
  construct: IConstruct,
  name: string | undefined,
  input: InputCheck,
  longestSuffix = '',
): string {
  const resolved = name ?? construct.node.id;
  input.check(
    'name',
    resolved,
    dnsLabelProblem(resolved, longestSuffix),
    name === undefined ? 'Set `name`, or use such an id' : 'Choose such a name',
  );
  return resolved;
}

/** Namespace of what a construct emits: its own, else its chart's. URLs and policies need to know it, so there is no default. */
export function resolveNamespace(
  construct: IConstruct,
  namespace: string | undefined,
  input: InputCheck,
  property = 'namespace',
): string {
  const resolved = namespace ?? Chart.of(construct).namespace;
  input.check(
    property,
    resolved,
    resolved === undefined ? 'there is no namespace, neither here nor on the chart' : namespaceProblem(resolved),
    resolved === undefined ? `Set \`${property}\` on the construct, or a namespace on its Chart` : 'Use such a name',
  );
  return resolved ?? '';
}
