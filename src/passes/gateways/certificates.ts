import { DEFAULT_PROFILE } from '../../model/cluster';
import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import {
  alternatives,
  CertificateAuthority,
  CertificateIssuer,
  ClientCertificateMethod,
  PolicyOrigin,
  SecretKey,
  SingleMethod,
} from '../../model/policy';
import { canonicalText } from '../../values/json';

const ISSUER_WITHOUT_CERT_MANAGER = errorKind(
  'issuer-without-cert-manager',
  'needs cert-manager, and the profile of the cluster does not say that it is installed',
  'If it is, say so before anything is created: new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app)',
);

/** Key of a Secret of cert-manager with the certificate of its issuer's authority. */
const AUTHORITY_KEY = 'ca.crt';

/** Name of the Certificate, and of its Secret, that a gateway presents to its clients. */
export function tlsCertificateName(gateway: string): string {
  return `${gateway}-tls`;
}

/** Name of the Certificate, and of its Secret, that is there for the authority of client certificates alone. */
export function authorityCertificateName(gateway: string): string {
  return `${gateway}-client-ca`;
}

/** Names by which clients in the cluster reach a gateway. */
export function gatewayDnsNames(name: string, namespace: string, clusterDomain: string): string[] {
  const host = `${name}.${namespace}`;
  return [host, `${host}.svc`, `${host}.svc.${clusterDomain}`];
}

/** Where the certificates of an authority stand, for the clients of a gateway. */
export function authorityKey(authority: CertificateAuthority, gateway: Gateway): SecretKey {
  return authority.kind === 'secret'
    ? authority.ref
    : {
        secretName: isIssuerOf(authority.issuer, gateway)
          ? gateway.tls!.certificate.secretName
          : authorityCertificateName(gateway.name),
        secretNamespace: gateway.workloadNamespace,
        key: AUTHORITY_KEY,
      };
}

/** The authorities of client certificates; undefined when no entry asks for one. Planes check that all ask for the same. */
export function clientAuthorities({ entries, gateway }: GatewayPlan): SecretKey | undefined {
  const method = entries
    .flatMap(({ policy }) => policy?.authentication ?? [])
    .flatMap(asked => alternatives(asked.method))
    .find((candidate): candidate is ClientCertificateMethod => candidate.kind === 'clientCertificate');
  return method && authorityKey(method.ca, gateway);
}

function isIssuerOf(issuer: CertificateIssuer, { tls }: Gateway): boolean {
  return tls?.issuer !== undefined && canonicalText(tls.issuer) === canonicalText(issuer);
}

/** An issuer whose authority is not beside the gateway's own certificate, and who asks for it. */
interface SeparateAuthority {
  readonly issuer: CertificateIssuer;
  readonly origin: PolicyOrigin;
}

function separateAuthorities({ gateway, entries }: GatewayPlan): SeparateAuthority[] {
  return entries
    .flatMap(({ policy }) => policy?.authentication ?? [])
    .flatMap(({ method, origins }) =>
      alternatives(method)
        .flatMap(one => (one.kind === 'clientCertificate' && one.ca.kind === 'issuer' ? [one.ca.issuer] : []))
        .filter(issuer => !isIssuerOf(issuer, gateway))
        .flatMap(issuer => origins.map(origin => ({ issuer, origin }))),
    );
}

/** The issuer of which a certificate has to be asked for because its authority is not beside the gateway's own. */
export function separateAuthority(plan: GatewayPlan): CertificateIssuer | undefined {
  return separateAuthorities(plan)[0]?.issuer;
}

/** Certificates that are asked of cert-manager where the cluster is not known to have it. */
export function checkIssuers(plan: GatewayPlan): Diagnostic[] {
  const { path, tls, profile = DEFAULT_PROFILE } = plan.gateway;
  const asked: readonly SeparateAuthority[] = [
    ...(tls?.issuer === undefined ? [] : [{ issuer: tls.issuer, origin: { path, property: 'tls' } }]),
    ...separateAuthorities(plan),
  ];
  return profile.addOns.includes('cert-manager')
    ? []
    : asked.map(({ issuer, origin }) =>
        findingOf(ISSUER_WITHOUT_CERT_MANAGER, origin.path, origin.property, `${issuer.kind} ${issuer.name}`),
      );
}

/** Keys of Secrets that a method is verified by. */
export function methodSecrets(method: SingleMethod, gateway: Gateway): SecretKey[] {
  switch (method.kind) {
    case 'jwt':
      return [];
    case 'apiKey':
      return method.keys.flatMap(({ secret }) => (secret.kind === 'secret' ? [secret.ref] : []));
    case 'basic':
      return [method.htpasswd];
    case 'clientCertificate':
      return [authorityKey(method.ca, gateway)];
  }
}
