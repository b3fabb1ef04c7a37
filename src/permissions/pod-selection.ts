import { PodSelectionOptions } from './pod-selection-options';
import { InputCheck } from '../model/input';
import { labelKeyProblem, labelValueProblem, namespaceProblem } from '../model/names';
import { NamespaceChoice } from '../model/permissions';
import { LabelSelector } from '../model/server';

/** Checks a choice of pods. */
export function checkPodSelection(input: InputCheck, options: PodSelectionOptions): void {
  const given = ['namespaces', 'namespaceLabels', 'allNamespaces'].filter(
    property => options[property as keyof PodSelectionOptions] !== undefined,
  );
  input.check(
    given.join(', '),
    '(given)',
    given.length > 1 ? 'are several ways to choose namespaces' : undefined,
    'Give one of them',
  );
  checkNamespaces(input, 'namespaces', options.namespaces);
  checkSelector(
    input,
    'namespaceLabels',
    options.namespaceLabels,
    'Say allNamespaces: true if every namespace is meant',
  );
  checkSelector(input, 'labels', options.labels, 'Drop it if every pod is meant');
}

/** Checks names of namespaces. */
export function checkNamespaces(input: InputCheck, property: string, names: readonly string[] | undefined): void {
  input.check(property, names, names?.length === 0 ? 'names no namespace' : undefined, 'Name at least one');
  names?.forEach((name, i) => input.check(`${property}[${i}]`, name, namespaceProblem(name), 'Correct it'));
}

/** Checks labels that select something. */
export function checkSelector(
  input: InputCheck,
  property: string,
  labels: { readonly [key: string]: string } | undefined,
  ifEmpty: string,
): void {
  input.check(
    property,
    labels,
    labels !== undefined && Object.keys(labels).length === 0 ? 'is empty, which would select all' : undefined,
    ifEmpty,
  );
  for (const [key, value] of Object.entries(labels ?? {})) {
    input.check(`${property}[${key}]`, key, labelKeyProblem(key), 'Correct the key');
    input.check(`${property}[${key}]`, value, labelValueProblem(value), 'Correct the value');
  }
}

/** Namespaces of a choice, for a workload of a namespace. */
export function namespacesOf(options: PodSelectionOptions, own: string): NamespaceChoice {
  if (options.allNamespaces === true) {
    return { kind: 'all' };
  }
  return options.namespaceLabels === undefined
    ? { kind: 'names', names: [...new Set(options.namespaces ?? [own])].sort() }
    : { kind: 'labels', selector: selectorOf(options.namespaceLabels) };
}

/** Labels as a selector. */
export function selectorOf(labels: { readonly [key: string]: string }): LabelSelector {
  return { matchLabels: { ...labels }, matchExpressions: [] };
}
