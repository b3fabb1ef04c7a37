import { checkIssuer } from '../api/common';
import { placeIn } from '../api/place';
import { InputCheck } from '../model/findings';
import { CertificateIssuer } from '../model/policy';

/**
 * An issuer of cert-manager (`cert-manager.io/v1`), which signs certificates. It exists outside of what this library emits,
 * and the profile of the cluster says that cert-manager does too (`ClusterAddOn.CERT_MANAGER`).
 *
 * @example
 *
 * import { CertManagerIssuer, GatewayTls } from 'cdk8s-mcp';
 *
 * GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('cluster-ca'));
 */
export class CertManagerIssuer {
  /**
   * An Issuer. It must be in the namespace of the gateway's pods, because it signs for its own namespace alone.
   *
   * @param name its name
   * @throws when the name is no object name
   */
  public static issuer(name: string): CertManagerIssuer {
    return CertManagerIssuer.checked('issuer', 'Issuer', name);
  }

  /**
   * A ClusterIssuer, which signs for every namespace.
   *
   * @param name its name
   * @throws when the name is no object name
   */
  public static clusterIssuer(name: string): CertManagerIssuer {
    return CertManagerIssuer.checked('clusterIssuer', 'ClusterIssuer', name);
  }

  private static checked(factory: string, kind: CertificateIssuer['kind'], name: string): CertManagerIssuer {
    const input = new InputCheck(`CertManagerIssuer.${factory}`);
    checkIssuer({ kind, name }, placeIn(input));
    input.throwIfAny();
    return new CertManagerIssuer({ kind, name });
  }

  /** Kind of the resource: `Issuer` or `ClusterIssuer`. */
  public readonly kind: string;

  /** Name of the resource. */
  public readonly name: string;

  /** @internal */
  public readonly _model: CertificateIssuer;

  private constructor(model: CertificateIssuer) {
    this._model = model;
    this.kind = model.kind;
    this.name = model.name;
  }
}
