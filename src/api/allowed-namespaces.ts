import { boolean, textSet, ValueOf } from './codec';
import { labelSelector } from './common';
import { object } from './object';
import { because, errorKind } from '../model/findings';
import { Consent } from '../model/server';
import { namespaceProblem } from '../model/validation';
import { compact } from '../values/json';

const NAMESPACE = errorKind('allowed-namespace-invalid', '{problem}', 'Correct it');
const EMPTY_SELECTOR = errorKind(
  'allowed-namespaces-selector-empty',
  'is empty, which would admit every namespace',
  'Write all: true if that is meant',
);

export const allowedNamespaces = object(
  'Namespaces whose routes may use the server. Default: none.',
  {
    all: boolean('Whether routes of every namespace may.'),
    names: textSet('Namespaces by name.'),
    selector: labelSelector('Namespaces by their labels, in addition to names.'),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: '!has(self.all) || !self.all || !(has(self.names) || has(self.selector))',
        message: 'allowedNamespaces.all already admits every namespace: remove names and selector, or remove all',
      },
    ],
  },
  ({ names = [], selector }, place) => {
    names.forEach((name, i) => place.at('names', i).report(NAMESPACE, name, because(namespaceProblem(name))));
    place
      .at('selector')
      .report(
        EMPTY_SELECTOR,
        selector,
        selector !== undefined && Object.keys(selector.matchLabels).length + selector.matchExpressions.length === 0,
      );
  },
);

/** Namespaces whose routes may use a server, as resources say them. */
export type AllowedNamespacesValue = ValueOf<typeof allowedNamespaces>;

/** Who may use a server, as plain data. */
export function consentModel({ all = false, names = [], selector }: AllowedNamespacesValue): Consent {
  return { all, namespaces: names, namespaceSelector: selector };
}

/** Namespaces whose routes may use a server, as its resource says them. */
export function consentValue({ all, namespaces, namespaceSelector }: Consent): AllowedNamespacesValue {
  return all ? { all } : compact({ names: namespaces, selector: namespaceSelector });
}
