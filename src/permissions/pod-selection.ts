import { errorKind, FindingKind, InputCheck } from '../model/findings';
import { NamespaceChoice } from '../model/permissions';
import { LabelSelector } from '../model/server';
import {
  isLabelKey,
  isLabelValue,
  isNamespace,
  LABEL_KEY_INVALID,
  LABEL_VALUE_INVALID,
  NAMESPACE_INVALID,
} from '../model/validation';

/** Pods by namespace and labels. Both must fit. */
export interface PodSelectionOptions {
  /**
   * Namespaces by name.
   *
   * @default - the namespace of the workload that the permission is given to
   */
  readonly namespaces?: string[];

  /**
   * Namespaces by label, of which they must have all. Every namespace has the label `kubernetes.io/metadata.name`.
   *
   * @default - `namespaces` decides
   */
  readonly namespaceLabels?: { [key: string]: string };

  /**
   * Pods of every namespace.
   *
   * @default false
   */
  readonly allNamespaces?: boolean;

  /**
   * Labels of the pods, of which they must have all.
   *
   * @default - all pods of the namespaces
   */
  readonly labels?: { [key: string]: string };
}

const NAMESPACES_CHOSEN_TWICE = errorKind(
  'namespaces-chosen-twice',
  'are several ways to choose namespaces',
  'Give one of them',
);
const NAMESPACES_EMPTY = errorKind('namespaces-empty', 'names no namespace', 'Name at least one');
const NAMESPACE_LABELS_EMPTY = errorKind(
  'namespace-labels-empty',
  'is empty, which would select all',
  'Say allNamespaces: true if every namespace is meant',
);
const POD_LABELS_EMPTY = errorKind(
  'pod-labels-empty',
  'is empty, which would select all',
  'Drop it if every pod is meant',
);

/** Checks a choice of pods. */
export function checkPodSelection(input: InputCheck, options: PodSelectionOptions): void {
  const given = ['namespaces', 'namespaceLabels', 'allNamespaces'].filter(
    property => options[property as keyof PodSelectionOptions] !== undefined,
  );
  input.report(NAMESPACES_CHOSEN_TWICE, given.join(', '), '(given)', given.length > 1);
  checkNamespaces(input, 'namespaces', options.namespaces);
  checkSelector(input, 'namespaceLabels', options.namespaceLabels, NAMESPACE_LABELS_EMPTY);
  checkSelector(input, 'labels', options.labels, POD_LABELS_EMPTY);
}

/** Checks names of namespaces. */
export function checkNamespaces(input: InputCheck, property: string, names: readonly string[] | undefined): void {
  input.report(NAMESPACES_EMPTY, property, names, names?.length === 0);
  names?.forEach((name, i) => input.report(NAMESPACE_INVALID, `${property}[${i}]`, name, !isNamespace(name)));
}

/** Checks labels that select something. */
export function checkSelector(
  input: InputCheck,
  property: string,
  labels: { readonly [key: string]: string } | undefined,
  ifEmpty: FindingKind,
): void {
  input.report(ifEmpty, property, labels, labels !== undefined && Object.keys(labels).length === 0);
  for (const [key, value] of Object.entries(labels ?? {})) {
    input.report(LABEL_KEY_INVALID, `${property}[${key}]`, key, !isLabelKey(key));
    input.report(LABEL_VALUE_INVALID, `${property}[${key}]`, value, !isLabelValue(value));
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
