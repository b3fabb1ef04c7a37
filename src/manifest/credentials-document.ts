import { DocumentCheck } from './source-document';
import { backendCredentials, credentialsIn } from '../api/backend-credentials';
import { serverAuth, serverAuthCredentials } from '../api/gateway-server-auth';
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

/** Reads `auth` of a server that a gateway lists. Its secrets are in the namespace of the gateway's pods. */
export function readServerAuth(
  given: Json,
  check: DocumentCheck,
  path: Path,
  namespace: string | undefined,
): BackendCredential[] {
  const place = check.placeAt(path);
  const read = serverAuth.decode(given, place);
  return credentialsIn(namespace, read === undefined ? [] : serverAuthCredentials(read, place)).map(credential =>
    BackendCredential._of(credential),
  );
}
