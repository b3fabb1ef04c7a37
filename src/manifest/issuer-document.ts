import { DocumentCheck } from './source-document';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { Json } from '../values/json';
import { Path } from '../values/paths';

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
