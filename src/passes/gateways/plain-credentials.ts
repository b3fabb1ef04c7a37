import { Diagnostic, errorKind, findingIf, findingOf, warningKind } from '../../model/findings';
import { Route } from '../../model/route';
import { isRemote, Server } from '../../model/server';
import { isCredentialHeader, isProbablySecret } from '../../values/credentials';
import { distinct } from '../../values/json';

/*
 * Credentials that are written where everything is read by many: in resources of the API, and in the configuration of gateways,
 * which is a ConfigMap.
 */

const CREDENTIAL_IN_HEADER = errorKind(
  'credential-in-header',
  'is for credentials, and what is set here stands in the resource and in a ConfigMap',
  'Keep it in a Secret, and name that in the credentials of the server (BackendCredential)',
);
const SECRET_IN_HEADER = warningKind(
  'secret-in-header',
  'looks like a secret, and what is set here stands in the resource and in a ConfigMap',
  'Keep it in a Secret, and name that in the credentials of the server (BackendCredential.header)',
);
const SECRET_IN_QUERY = warningKind(
  'secret-in-query',
  'looks like a secret in the query of a URL, which stands in the resource and in a ConfigMap',
  'Use a header of a BackendCredential, if the server takes one; if not, use a credential that is good for nothing else',
);

/** Not shown: messages stand in the logs of builds. */
const HIDDEN = '(not shown)';

/** Credentials that a route sets as plain headers of requests. */
export function plainHeaderCredentials({ path, requestHeaders }: Route): Diagnostic[] {
  return (['set', 'add'] as const).flatMap(verb =>
    (requestHeaders?.[verb] ?? []).flatMap(({ name, value }) => {
      const property = `requestHeaders.${verb}[${name}]`;
      return isCredentialHeader(name)
        ? [findingOf(CREDENTIAL_IN_HEADER, path, property, HIDDEN)]
        : findingIf(SECRET_IN_HEADER, path, property, HIDDEN, isProbablySecret(name, value));
    }),
  );
}

/** Credentials in the query of a remote server's URL. */
export function plainUrlCredentials(server: Server): Diagnostic[] {
  const names = !isRemote(server)
    ? []
    : server.endpoints.flatMap(({ path }) =>
        [...new URL(path, 'http://host').searchParams]
          .filter(([name, value]) => isProbablySecret(name, value))
          .map(([name]) => name),
      );
  return distinct(names).map(name => findingOf(SECRET_IN_QUERY, server.path, `url ?${name}`, HIDDEN));
}
