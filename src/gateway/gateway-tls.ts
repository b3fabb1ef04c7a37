import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { issuerModel } from '../api/common';
import { tls, TlsValue } from '../api/gateway-tls';
import { placeIn } from '../api/place';
import { certificate } from '../backends/kubernetes/add-ons';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { InputCheck } from '../model/findings';
import { GatewayTls as GatewayTlsModel } from '../model/gateway';
import { SecretKey } from '../model/policy';
import { gatewayDnsNames, tlsCertificateName } from '../passes/gateways/certificates';
import { secretNamespace } from '../synthesis/config-and-secrets';
import { plain } from '../synthesis/statement';
import { Json, withoutUndefined } from '../values/json';
import { formatLongDuration } from '../values/quantities';

/** Keys of a Secret of type kubernetes.io/tls. */
const CERTIFICATE_KEY = 'tls.crt';
const PRIVATE_KEY = 'tls.key';

/** Options of {@link GatewayTls.fromIssuer}. */
export interface IssuedCertificateOptions {
  /**
   * Names by which clients reach the gateway, besides those in the cluster: `{gateway}.{namespace}`,
   * `{gateway}.{namespace}.svc` and `{gateway}.{namespace}.svc.{cluster domain}`. A name may start with `*.`.
   *
   * @default - none besides those in the cluster
   */
  readonly dnsNames?: string[];

  /**
   * How long a certificate is valid; at least an hour. Issuers may decide otherwise.
   *
   * @default - as cert-manager does: 90 days
   */
  readonly duration?: Duration;

  /**
   * How long before its end a certificate is renewed; at least five minutes, and less than it is valid.
   *
   * @default - as cert-manager does: a third of the time that it is valid
   */
  readonly renewBefore?: Duration;
}

/**
 * The certificate by which a gateway proves to its clients who it is. With one, it serves HTTPS and nothing else.
 *
 * A renewed certificate needs no restart: the gateway reads it anew within a second after the kubelet has written the
 * changed Secret to its pod, which takes up to about two minutes, and sessions go on. A pair that does not match is
 * logged and the old one kept. Clients must trust the authority that signed it.
 *
 * @example
 *
 * import { App, Chart, Duration } from 'cdk8s';
 * import { CertManagerIssuer, ClusterAddOn, ClusterProfile, GatewayTls, McpGateway } from 'cdk8s-mcp';
 *
 * const platform = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
 * new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(platform);
 * const gateway = new McpGateway(platform, 'gateway', {
 *   tls: GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('cluster-ca'), { dnsNames: ['mcp.acme.dev'], duration: Duration.days(30) }),
 * });
 * gateway.url; // https://gateway.mcp-system
 */
export class GatewayTls {
  /**
   * A certificate in a Secret of type `kubernetes.io/tls`, which must be in the namespace of the gateway's pods.
   *
   * @param secret the Secret, with two keys, both PEM: `tls.crt`, the gateway's certificate followed by those of the
   * authorities between it and the root, valid for the names by which clients reach the gateway (`{gateway}.{namespace}`
   * is the one in its URL); and `tls.key`, its private key without a password
   */
  public static fromSecret(secret: kplus.ISecret): GatewayTls {
    return new GatewayTls({ secret: { name: secret.name } }, secretNamespace(secret));
  }

  /**
   * A certificate that cert-manager issues and renews: emits a Certificate `{gateway}-tls` in the namespace of the
   * gateway's pods, which cert-manager turns into a Secret of that name. The private key changes with each renewal.
   *
   * The profile of the cluster must say that cert-manager is installed (`ClusterAddOn.CERT_MANAGER`), or synthesis fails.
   *
   * An issuer of ACME cannot sign names inside the cluster. For a name outside, write a Certificate of your own, and use
   * its Secret with {@link GatewayTls.fromSecret}.
   *
   * @param issuer who signs it
   * @param options further names, and how long it is valid
   * @throws when a name is no DNS name, or a duration is shorter than cert-manager accepts
   */
  public static fromIssuer(issuer: CertManagerIssuer, options: IssuedCertificateOptions = {}): GatewayTls {
    const { dnsNames = [], duration, renewBefore } = plain(options);
    const value: TlsValue = withoutUndefined({
      issuer: issuer._model,
      dnsNames: dnsNames.length === 0 ? undefined : dnsNames,
      duration,
      renewBefore,
    });
    const input = new InputCheck('GatewayTls.fromIssuer');
    tls.check(value, placeIn(input));
    input.throwIfAny();
    return new GatewayTls(value);
  }

  private constructor(
    /** @internal */
    public readonly _value: TlsValue,
    /**
     * Namespace of the Secret, where it says one.
     *
     * @internal
     */
    public readonly _secretNamespace?: string,
  ) {}
}

/** The certificate of a gateway as plain data. */
export function tlsModel(
  { secret, issuer }: TlsValue,
  secretPlace: string | undefined,
  gateway: string,
  namespace: string,
): GatewayTlsModel {
  const key = (name: string): SecretKey =>
    secret === undefined
      ? { secretName: tlsCertificateName(gateway), secretNamespace: namespace, key: name }
      : { secretName: secret.name, secretNamespace: secretPlace, key: name };
  return {
    certificate: key(CERTIFICATE_KEY),
    privateKey: key(PRIVATE_KEY),
    issuer: issuer && issuerModel(issuer),
  };
}

/** What cert-manager is asked for; undefined where the Secret is someone else's. */
export function tlsCertificate(
  { issuer, dnsNames = [], duration, renewBefore }: TlsValue,
  gateway: string,
  namespace: string,
  labels: Record<string, string>,
  clusterDomain: string,
): Json | undefined {
  const text = (milliseconds: number | undefined) =>
    milliseconds === undefined ? undefined : formatLongDuration(milliseconds);
  return (
    issuer &&
    certificate({
      name: tlsCertificateName(gateway),
      namespace,
      labels,
      issuer: issuerModel(issuer),
      dnsNames: [...new Set([...gatewayDnsNames(gateway, namespace, clusterDomain), ...dnsNames])],
      duration: text(duration),
      renewBefore: text(renewBefore),
    })
  );
}
