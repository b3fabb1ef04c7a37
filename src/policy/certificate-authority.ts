import * as kplus from 'cdk8s-plus-28';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { CertificateAuthority as CertificateAuthorityModel } from '../model/policy';
import { secretKeyOf } from '../synthesis/secrets';

/**
 * Whose certificates a gateway accepts from its callers. Every certificate that the authority signed for clients is
 * accepted: choose one that signs for callers of this gateway and nobody else, or restrict them by rules.
 *
 * @example
 *
 * import * as kplus from 'cdk8s-plus-28';
 * import { App, Chart } from 'cdk8s';
 * import { Authentication, CertificateAuthority, CertManagerIssuer, ClusterAddOn, ClusterProfile, GatewayTls, McpGateway } from 'cdk8s-mcp';
 *
 * const platform = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
 * new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(platform);
 * const partners = kplus.Secret.fromSecretName(platform, 'partners', 'partners-ca');
 * new McpGateway(platform, 'gateway', {
 *   tls: GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('cluster-ca')),
 *   authentication: [Authentication.clientCertificate(CertificateAuthority.fromSecret({ secret: partners, key: 'ca.crt' }))],
 * });
 */
export class CertificateAuthority {
  /**
   * Authorities whose certificates are in a Secret, which must be in the namespace of the gateway's pods. The gateway reads
   * a changed Secret while it runs, as soon as the kubelet has written it to the pod: within about two minutes.
   *
   * @param value the Secret, and the key with the certificates of the authorities: a PEM bundle
   */
  public static fromSecret(value: kplus.SecretValue): CertificateAuthority {
    return new CertificateAuthority({ kind: 'secret', ref: secretKeyOf(value) });
  }

  /**
   * The authority of a cert-manager issuer, which cert-manager writes as `ca.crt` beside each certificate that it issues.
   * Where the gateway's own certificate is of this issuer (`GatewayTls.fromIssuer`), it is read there; else a Certificate
   * `{gateway}-client-ca` is emitted in the gateway's namespace for its sake, which serves nothing else.
   *
   * The profile of the cluster must say that cert-manager is installed (`ClusterAddOn.CERT_MANAGER`), or synthesis fails.
   *
   * The issuer must be one that has an authority of its own (CA, Vault, self-signed): one of ACME writes no `ca.crt`, and
   * the gateway's pods would wait for it. A new authority is known when that certificate is next issued.
   *
   * @param issuer the issuer
   */
  public static fromIssuer(issuer: CertManagerIssuer): CertificateAuthority {
    return new CertificateAuthority({ kind: 'issuer', issuer: issuer._model });
  }

  /** @internal */
  public readonly _model: CertificateAuthorityModel;

  private constructor(model: CertificateAuthorityModel) {
    this._model = model;
  }
}
