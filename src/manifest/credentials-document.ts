import { DocumentCheck } from './source-document';
import { backendCredentials, credentialsIn } from '../api/backend-credentials';
import { BackendCredential } from '../server/backend-credential';
import { Json } from '../values/json';
import { Path } from '../values/paths';

/** Reads `credentials`, this library's own: undefined where there are none. Secrets are of a namespace unless they say another. */
export function readCredentials(
  credentials: readonly Json[] | undefined,
  check: DocumentCheck,
  path: Path,
  namespace: string | undefined,
): BackendCredential[] | undefined {
  const read = credentials && check.read(backendCredentials, credentials, path);
  return read && credentialsIn(namespace, read).map(credential => BackendCredential._of(credential));
}
