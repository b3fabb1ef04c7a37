import * as kplus from 'cdk8s-plus-28';
import { McpServerDiscovery } from './server-discovery-options';
import { Json } from '../backends/kubernetes/pod-template';
import { Discovery } from '../model/gateway';
import { InputCheck } from '../model/input';
import { labelKeyProblem, labelValueProblem } from '../model/names';
import { LabelRequirement, LabelSelector, ServerKind } from '../model/server';
import { compact } from '../synthesis/api-objects';
import { labelSelectorJson } from '../synthesis/label-selector-json';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

function requirements(expressions: readonly kplus.LabelExpression[] | undefined): LabelRequirement[] {
  return (expressions ?? []).map(({ key, operator, values }) => ({ key, operator: operator as LabelRequirement['operator'], values: values ?? [] }));
}

function selector(labels: { [key: string]: string } | undefined, expressions: readonly kplus.LabelExpression[] | undefined): LabelSelector | undefined {
  return labels === undefined && expressions === undefined ? undefined : { matchLabels: { ...labels }, matchExpressions: requirements(expressions) };
}

/** Checks what one discovery can know about itself. */
export function checkDiscovery(input: InputCheck, discovery: McpServerDiscovery | undefined): void {
  if (discovery === undefined) {
    return;
  }
  const chosen = selector(discovery.labels, discovery.expressions);
  input.check('discovery', {}, (discovery.servers ?? []).length === 0 && chosen === undefined ? 'selects no server' : undefined, 'Give servers, labels or expressions');
  input.check('discovery.namespaceLabels', discovery.namespaceLabels, chosen === undefined && (discovery.namespaceLabels ?? discovery.namespaceExpressions) !== undefined
    ? 'restricts a selection by labels that is not there' : undefined, 'Give labels or expressions too, or drop it');
  for (const property of ['labels', 'namespaceLabels'] as const) {
    for (const [key, value] of Object.entries(discovery[property] ?? {})) {
      input.check(`discovery.${property}[${key}]`, key, labelKeyProblem(key), 'Correct the key');
      input.check(`discovery.${property}[${key}]`, value, labelValueProblem(value), 'Correct the value');
    }
  }
  for (const property of ['expressions', 'namespaceExpressions'] as const) {
    discovery[property]?.forEach((expression, i) => {
      input.check(`discovery.${property}[${i}].key`, expression.key, labelKeyProblem(expression.key), 'Correct the key');
      input.check(`discovery.${property}[${i}].operator`, expression.operator, OPERATORS.includes(expression.operator) ? undefined : 'is not an operator of label selectors', `Use one of ${OPERATORS.join(', ')}`);
    });
  }
}

/** A discovery as plain data. */
export function discoveryModel(discovery: McpServerDiscovery): Discovery {
  return {
    servers: (discovery.servers ?? []).map(server => ({ kind: server.kind as ServerKind, name: server.name, namespace: server.namespace })),
    selector: selector(discovery.labels, discovery.expressions),
    namespaceSelector: selector(discovery.namespaceLabels, discovery.namespaceExpressions),
    skipUnavailable: discovery.skipUnavailable ?? true,
  };
}

/** The `mcpServers` field of a gateway resource. */
export function discoverySpec(discovery: Discovery): Json {
  return {
    ...compact({ static: discovery.servers.map(({ name, namespace }) => compact({ name, namespace })) }),
    // An empty selector selects everything, so it must not be dropped for being empty.
    ...(discovery.selector === undefined ? {} : { selector: labelSelectorJson(discovery.selector) }),
    ...(discovery.namespaceSelector === undefined ? {} : { namespaceSelector: labelSelectorJson(discovery.namespaceSelector) }),
  };
}
