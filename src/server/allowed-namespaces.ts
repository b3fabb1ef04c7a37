import { allowedNamespaces, consentValue } from '../api/allowed-namespaces';
import { errorKind, InputCheck } from '../model/findings';
import { Consent } from '../model/server';
import {
  isLabelKey,
  isLabelValue,
  isNamespace,
  LABEL_KEY_INVALID,
  LABEL_VALUE_INVALID,
  NAMESPACE_INVALID,
} from '../model/validation';
import { Json } from '../values/json';

const ALLOWED_NAMESPACES_EMPTY = errorKind('allowed-namespaces-empty', 'names no namespace', 'Name at least one');
const ALLOWED_LABELS_EMPTY = errorKind(
  'allowed-labels-empty',
  'is empty, which would allow every namespace',
  'Say AllowedNamespaces.all() if that is meant',
);

/**
 * The namespaces whose routes may use a ClusterMcpServer.
 *
 * @example
 *
 * import { AllowedNamespaces } from 'cdk8s-mcp';
 *
 * AllowedNamespaces.names('finance', 'research');
 * AllowedNamespaces.labels({ 'acme.dev/department': 'research' });
 * AllowedNamespaces.all();
 */
export class AllowedNamespaces {
  /** Every namespace of the cluster. */
  public static all(): AllowedNamespaces {
    return new AllowedNamespaces({ all: true, namespaces: [] });
  }

  /**
   * Namespaces by name.
   *
   * @param names the names
   * @throws when there is none, or one is not a namespace name
   */
  public static names(...names: string[]): AllowedNamespaces {
    const input = new InputCheck('AllowedNamespaces.names');
    input.report(ALLOWED_NAMESPACES_EMPTY, 'names', names, names.length === 0);
    names.forEach((name, i) => input.report(NAMESPACE_INVALID, `names[${i}]`, name, !isNamespace(name)));
    input.throwIfAny();
    return new AllowedNamespaces({ all: false, namespaces: [...names] });
  }

  /**
   * Namespaces by their labels, as far as this app declares them (`kplus.Namespace`).
   *
   * @param labels labels that a namespace must have, all of them
   * @throws when there is none, or one is not a label
   */
  public static labels(labels: { [key: string]: string }): AllowedNamespaces {
    const input = new InputCheck('AllowedNamespaces.labels');
    input.report(ALLOWED_LABELS_EMPTY, 'labels', labels, Object.keys(labels).length === 0);
    for (const [key, value] of Object.entries(labels)) {
      input.report(LABEL_KEY_INVALID, `labels[${key}]`, key, !isLabelKey(key));
      input.report(LABEL_VALUE_INVALID, `labels[${key}]`, value, !isLabelValue(value));
    }
    input.throwIfAny();
    return new AllowedNamespaces({
      all: false,
      namespaces: [],
      namespaceSelector: { matchLabels: { ...labels }, matchExpressions: [] },
    });
  }

  /** @internal */
  public readonly _consent: Consent;

  private constructor(consent: Consent) {
    this._consent = consent;
  }

  /** @internal */
  public _toJson(): Json {
    return allowedNamespaces.encode(consentValue(this._consent));
  }
}
