import { checkObject, checkTexts } from './document-fields';
import { selectorJson } from '../backends/kubernetes/selector-json';
import { InputCheck } from '../model/input';
import { namespaceProblem } from '../model/names';
import { NamespaceChoice } from '../model/permissions';
import { LabelSelector } from '../model/server';
import { compact, Json } from '../values/json';

/*
 * Pods as resources choose them, for what may connect and for what is connected to.
 */

/** A choice of pods. */
export interface PodChoice {
  readonly namespaces: NamespaceChoice;
  readonly pods?: LabelSelector;
}

/** A choice as resources write it. */
export function podsJson({ namespaces, pods }: PodChoice): Json {
  return { ...namespacesJson(namespaces), ...compact({ podSelector: pods && selectorJson(pods) }) };
}

function namespacesJson(choice: NamespaceChoice): Json {
  switch (choice.kind) {
    case 'names':
      return { namespaces: [...choice.names] };
    case 'labels':
      return { namespaceSelector: selectorJson(choice.selector) };
    case 'all':
      return { allNamespaces: true };
  }
}

/** Checks a choice of a document. */
export function checkPods(input: InputCheck, place: string, given: unknown): void {
  if (given === undefined) {
    return;
  }
  const { namespaces, namespaceSelector, allNamespaces } = checkObject(input, place, given, [
    'namespaces',
    'namespaceSelector',
    'allNamespaces',
    'podSelector',
  ]);
  checkTexts(input, `${place}.namespaces`, namespaces).forEach((name, i) =>
    input.check(`${place}.namespaces[${i}]`, name, namespaceProblem(name), 'Correct it'),
  );
  const choices = [namespaces?.length > 0, namespaceSelector !== undefined, allNamespaces === true].filter(Boolean);
  input.check(
    place,
    given,
    choices.length > 1 ? 'chooses namespaces in several ways' : undefined,
    'Write one of namespaces, namespaceSelector and allNamespaces',
  );
}

/** A choice that was checked, for a workload of a namespace. */
export function podsOfItem(item: Json, own: string): PodChoice {
  return {
    namespaces: namespacesOf(item, own),
    ...compact({ pods: item.podSelector && selectorOf(item.podSelector) }),
  };
}

function namespacesOf({ namespaces = [], namespaceSelector, allNamespaces }: Json, own: string): NamespaceChoice {
  if (allNamespaces === true) {
    return { kind: 'all' };
  }
  return namespaceSelector === undefined
    ? { kind: 'names', names: namespaces.length === 0 ? [own] : namespaces }
    : { kind: 'labels', selector: selectorOf(namespaceSelector) };
}

function selectorOf({ matchLabels = {}, matchExpressions = [] }: Json): LabelSelector {
  return {
    matchLabels,
    matchExpressions: matchExpressions.map(({ key, operator, values = [] }: Json) => ({ key, operator, values })),
  };
}
