import { allowedNamespaces, consentValue } from '../api/allowed-namespaces';
import { InputCheck } from '../model/input';
import { labelKeyProblem, labelValueProblem, namespaceProblem } from '../model/names';
import { Consent } from '../model/server';
import { Json } from '../values/json';

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
    input.check('names', names, names.length > 0 ? undefined : 'names no namespace', 'Name at least one');
    names.forEach((name, i) => input.check(`names[${i}]`, name, namespaceProblem(name), 'Correct it'));
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
    input.check(
      'labels',
      labels,
      Object.keys(labels).length > 0 ? undefined : 'is empty, which would allow every namespace',
      'Say AllowedNamespaces.all() if that is meant',
    );
    for (const [key, value] of Object.entries(labels)) {
      input.check(`labels[${key}]`, key, labelKeyProblem(key), 'Correct the key');
      input.check(`labels[${key}]`, value, labelValueProblem(value), 'Correct the value');
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
