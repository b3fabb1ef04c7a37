import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { certificate } from '../backends/kubernetes/certificate';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { GatewayTls as GatewayTlsModel } from '../model/gateway';
import { InputCheck } from '../model/input';
import { objectNameProblem } from '../model/names';
import { gatewayDnsNames, tlsCertificateName } from '../passes/gateways/certificates';
import { secretKeyOf } from '../synthesis/secrets';
import { compact, Json } from '../values/json';
import { formatLongDuration } from '../values/quantities';

/** Keys of a Secret of type kubernetes.io/tls. */
const CERTIFICATE_KEY = 'tls.crt';
const PRIVATE_KEY = 'tls.key';

/** What cert-manager accepts, and what it takes where nothing is said. */
const SHORTEST_DURATION = Duration.hours(1);
const SHORTEST_RENEWAL = Duration.minutes(5);
const DEFAULT_DURATION = Duration.days(90);

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

/** Where a certificate comes from. */
type Origin =
  | { readonly kind: 'secret'; readonly secret: kplus.ISecret }
  | { readonly kind: 'issuer'; readonly issuer: CertManagerIssuer; readonly options: IssuedCertificateOptions };

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
    return new GatewayTls({ kind: 'secret', secret });
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
    const input = new InputCheck('GatewayTls.fromIssuer');
    options.dnsNames?.forEach((name, i) =>
      input.check(`dnsNames[${i}]`, name, dnsNameProblem(name), 'Write it as mcp.acme.dev or *.acme.dev'),
    );
    checkDurations(input, options);
    input.throwIfAny();
    return new GatewayTls({ kind: 'issuer', issuer, options });
  }

  private constructor(private readonly origin: Origin) {}

  /**
   * As plain data, for a gateway.
   *
   * @internal
   */
  public _model(gateway: string, namespace: string): GatewayTlsModel {
    const { origin } = this;
    const key = (name: string) =>
      origin.kind === 'secret'
        ? secretKeyOf({ secret: origin.secret, key: name })
        : { secretName: tlsCertificateName(gateway), secretNamespace: namespace, key: name };
    return {
      certificate: key(CERTIFICATE_KEY),
      privateKey: key(PRIVATE_KEY),
      issuer: origin.kind === 'issuer' ? origin.issuer._model : undefined,
    };
  }

  /**
   * As resources write it.
   *
   * @internal
   */
  public get _spec(): Json {
    if (this.origin.kind === 'secret') {
      return { secretRef: { name: this.origin.secret.name } };
    }
    const { issuer, options } = this.origin;
    return compact({
      issuerRef: { kind: issuer.kind, name: issuer.name },
      dnsNames: [...(options.dnsNames ?? [])],
      ...durations(options),
    });
  }

  /**
   * What cert-manager is asked for; undefined where the Secret is someone else's.
   *
   * @internal
   */
  public _certificate(
    gateway: string,
    namespace: string,
    labels: Record<string, string>,
    clusterDomain: string,
  ): Json | undefined {
    if (this.origin.kind === 'secret') {
      return undefined;
    }
    const { issuer, options } = this.origin;
    const dnsNames = [...new Set([...gatewayDnsNames(gateway, namespace, clusterDomain), ...(options.dnsNames ?? [])])];
    return certificate({
      name: tlsCertificateName(gateway),
      namespace,
      labels,
      issuer: issuer._model,
      dnsNames,
      ...durations(options),
    });
  }
}

function checkDurations(input: InputCheck, { duration, renewBefore }: IssuedCertificateOptions): void {
  const valid = duration ?? DEFAULT_DURATION;
  const tooShort = (value: Duration, limit: Duration) =>
    shorter(value, limit) ? 'is shorter than cert-manager accepts' : undefined;
  input.check(
    'duration',
    formatted(duration),
    duration && tooShort(duration, SHORTEST_DURATION),
    'Give at least an hour',
  );
  input.check(
    'renewBefore',
    formatted(renewBefore),
    renewBefore && tooShort(renewBefore, SHORTEST_RENEWAL),
    'Give at least five minutes',
  );
  input.check(
    'renewBefore',
    formatted(renewBefore),
    renewBefore && !shorter(renewBefore, valid)
      ? `is not less than the certificate is valid (${formatted(valid)})`
      : undefined,
    'Give less, or a longer duration',
  );
}

function durations({ duration, renewBefore }: IssuedCertificateOptions): {
  readonly duration?: string;
  readonly renewBefore?: string;
} {
  return { duration: formatted(duration), renewBefore: formatted(renewBefore) };
}

function formatted(duration: Duration | undefined): string | undefined {
  return duration && formatLongDuration(duration.toMilliseconds());
}

function shorter(duration: Duration, limit: Duration): boolean {
  return duration.toMilliseconds() < limit.toMilliseconds();
}

function dnsNameProblem(name: string): string | undefined {
  return objectNameProblem(name.replace(/^\*\./, '')) === undefined ? undefined : 'is not a DNS name in lower case';
}
