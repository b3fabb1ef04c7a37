import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parseDuration } from './durations';
import { DocumentCheck } from './source-document';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { GatewayTls } from '../gateway/gateway-tls';
import { Json } from '../values/json';
import { Path, parsePath } from '../values/paths';

/** Reads the certificate of a gateway. Its Secret is one of the namespace of the gateway's pods. */
export function readTls(
  tls: Json | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
): GatewayTls | undefined {
  const path: Path = ['spec', 'tls'];
  if (tls === undefined) {
    return undefined;
  }
  const { secretRef, issuerRef, dnsNames, duration, renewBefore } = tls;
  if (secretRef !== undefined) {
    return GatewayTls.fromSecret(
      kplus.Secret.fromSecretName(new Chart(new App(), 'references', { namespace }), 'tls', secretRef.name),
    );
  }
  const issuer = issuerRef && readIssuer(issuerRef, check, [...path, 'issuerRef']);
  return (
    issuer &&
    check.attempt(
      property => [...path, ...parsePath(property)],
      () =>
        GatewayTls.fromIssuer(issuer, {
          dnsNames,
          duration: duration && parseDuration(duration),
          renewBefore: renewBefore && parseDuration(renewBefore),
        }),
    )
  );
}

/** Reads a reference to an issuer of cert-manager. */
export function readIssuer(
  { kind = 'Issuer', name }: Json,
  check: DocumentCheck,
  path: Path,
): CertManagerIssuer | undefined {
  return check.attempt(
    () => [...path, 'name'],
    () => (kind === 'Issuer' ? CertManagerIssuer.issuer(name) : CertManagerIssuer.clusterIssuer(name)),
  );
}
