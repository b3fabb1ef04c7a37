import { Diagnostic, errorKind, findingIf, findingOf } from '../../model/findings';
import { isServiceName } from '../../model/hosts';
import { Entry, serversOf } from '../../model/plan';
import { alternatives, EffectivePolicy, SecretKey, SingleMethod } from '../../model/policy';
import { BackendCredential, formatServerRef, isRemote, Server } from '../../model/server';
import { headerOf } from '../policy/authentication';
import { describeMethod } from '../policy/words';

const CREDENTIAL_WITHOUT_TLS = errorKind(
  'credential-without-tls',
  'would cross the network in the clear',
  'Use https, or drop the credentials',
);
const CLIENT_CERTIFICATE_IN_CLUSTER = errorKind(
  'client-certificate-in-cluster',
  'is for TLS, and servers in the cluster are called without',
  'Give the server a header or a bearer token',
);
const CREDENTIAL_TWICE = errorKind('credential-twice', 'is a second credential for {place}', 'Keep one of them');
const CALLER_HEADER_TAKEN = errorKind(
  'caller-header-taken',
  'reads a header that another credential of the server stands in',
  'Let callers send what is for the server in a header of its own',
);
const CALLER_HEADER_VERIFIED = errorKind(
  'caller-header-verified',
  '{server} gets what callers send in it, and {method} reads it, which ends at the gateway',
  'Let callers send what is for the server in a header of its own',
);
const CALLER_TOKEN_OPTIONAL = errorKind(
  'caller-token-optional',
  '{server} gets the token of the caller, and a caller may come without one',
  "Ask for Authentication.jwt or Authentication.oidc alone, or for what stands in another header than Authorization, or give the server another credential than the caller's",
);
const CREDENTIAL_HEADER_TAKEN = errorKind(
  'credential-header-taken',
  'is the header of a credential that {server} gets',
  'Leave it alone here, or put the credential of the server into another header',
);

/** Header that a credential stands in, in lower case; undefined for one of the connection. */
export function credentialHeader(credential: BackendCredential): string | undefined {
  switch (credential.kind) {
    case 'header':
    case 'callerHeader':
      return credential.name;
    case 'clientCertificate':
      return undefined;
    default:
      return 'authorization';
  }
}

/** Keys of Secrets that a credential is read from. */
export function credentialSecrets(credential: BackendCredential): SecretKey[] {
  switch (credential.kind) {
    case 'header':
      return [credential.value];
    case 'basic':
      return [...(typeof credential.username === 'string' ? [] : [credential.username]), credential.password];
    case 'clientCertificate':
      return [credential.certificate, credential.privateKey];
    case 'callerHeader':
    case 'callerToken':
      return [];
  }
}

/** Keys of Secrets that gateways need for a server, by the property that asks for them. */
export function serverSecrets({ credentials = [], endpoints }: Server): {
  readonly property: string;
  readonly secrets: readonly SecretKey[];
}[] {
  const [authority] = endpoints.flatMap(({ tls }) => tls?.caSecret ?? []);
  return [
    ...credentials.map((credential, i) => ({ property: `credentials[${i}]`, secrets: credentialSecrets(credential) })),
    ...(authority === undefined ? [] : [{ property: 'source.tls.caSecret', secrets: [authority] }]),
  ];
}

/** How a server is reached: outside the cluster with TLS or without, or inside it. */
export type Connection = 'https' | 'http' | 'cluster';

/** How gateways reach a server. */
export function connectionOf(server: Server): Connection {
  const { endpoints, rest } = server;
  if (!isRemote(server)) {
    return endpoints.every(({ tls }) => tls !== undefined) ? 'https' : 'cluster';
  }
  return endpoints.every(({ tls }) => tls !== undefined)
    ? 'https'
    : rest !== undefined && endpoints.every(({ host }) => isServiceName(host))
      ? 'cluster'
      : 'http';
}

/** What is wrong with the credentials of one server: they go together, and do not leave the cluster in the clear. */
export function credentialFindings(
  path: string,
  property: string,
  credentials: readonly BackendCredential[],
  connection: Connection,
): Diagnostic[] {
  const places = credentials.map(credential =>
    credential.kind === 'clientCertificate' ? 'the connection' : `the header ${credentialHeader(credential)}`,
  );
  return credentials.flatMap((credential, i) => {
    const at = [
      path,
      `${property}[${i}]`,
      credential.kind === 'header' ? `header ${credential.name}` : credential.kind,
    ] as const;
    return [
      ...findingIf(CREDENTIAL_WITHOUT_TLS, ...at, connection === 'http'),
      ...findingIf(
        CLIENT_CERTIFICATE_IN_CLUSTER,
        ...at,
        connection === 'cluster' && credential.kind === 'clientCertificate',
      ),
      ...findingIf(
        CALLER_HEADER_TAKEN,
        ...at,
        credential.kind === 'callerHeader' &&
          credentials.some(other => other !== credential && credentialHeader(other) === credential.from),
      ),
      ...findingIf(CREDENTIAL_TWICE, ...at, places.indexOf(places[i]) < i ? { place: places[i] } : undefined),
    ];
  });
}

/** Headers in which callers send something for a server alone, in lower case. */
export function callerHeaders({ credentials = [] }: Server): string[] {
  return credentials.flatMap(credential => (credential.kind === 'callerHeader' ? [credential.from] : []));
}

/** Headers in which callers send something for other servers of an entry. */
export function foreignCallerHeaders(servers: readonly Server[], server: Server): string[] {
  const own = callerHeaders(server);
  return [...new Set(servers.flatMap(callerHeaders))].filter(name => !own.includes(name));
}

/** Whether a server wants the token of the caller. */
export function wantsCallerToken({ credentials }: Server): boolean {
  return (credentials ?? []).some(({ kind }) => kind === 'callerToken');
}

/**
 * What is known of the token of a caller who got through: the gateway has verified one, it has not looked at what stands
 * in `Authorization`, or there may be none.
 */
export function callerTokenOf(policy: EffectivePolicy | undefined): 'verified' | 'unseen' | 'uncertain' {
  const methods = (policy?.authentication ?? []).map(({ method }) => method);
  if (methods.some(method => alternatives(method).every(({ kind }) => kind === 'jwt'))) {
    return 'verified';
  }
  return methods.flatMap(alternatives).some(usesAuthorization) ? 'uncertain' : 'unseen';
}

/** Whether a method is about `Authorization`, and with it about what a caller may have put there for a server. */
function usesAuthorization(method: SingleMethod): boolean {
  switch (method.kind) {
    case 'basic':
      return true;
    case 'clientCertificate':
      return false;
    // The token goes there on the way to the server, whatever header it came in.
    case 'jwt':
      return true;
    case 'apiKey':
      return method.header.name === 'authorization';
  }
}

/** Credentials that an entry cannot give to its servers. */
export function checkBackendCredentials(entry: Entry): Diagnostic[] {
  return serversOf(entry).flatMap(server => [
    ...checkCallerToken(entry, server),
    ...checkCallerHeaders(entry, server),
    ...checkHeaders(entry, server),
  ]);
}

function checkCallerToken({ origin, policy }: Entry, server: Server): Diagnostic[] {
  return !wantsCallerToken(server) || callerTokenOf(policy) !== 'uncertain'
    ? []
    : [
        findingOf(
          CALLER_TOKEN_OPTIONAL,
          origin,
          'authentication',
          policy!.authentication.map(({ method }) => describeMethod(method)),
          { server: formatServerRef(server) },
        ),
      ];
}

/** Headers for a server that the gateway reads itself. */
function checkCallerHeaders({ origin, policy }: Entry, server: Server): Diagnostic[] {
  const methods = (policy?.authentication ?? []).flatMap(({ method }) => alternatives(method));
  return callerHeaders(server).flatMap(name =>
    methods
      .filter(method => headerOf(method)?.name === name)
      .map(method =>
        findingOf(CALLER_HEADER_VERIFIED, origin, 'authentication', name, {
          server: formatServerRef(server),
          method: describeMethod(method),
        }),
      ),
  );
}

/** Headers that the entry changes as well. */
function checkHeaders({ origin, requestHeaders }: Entry, server: Server): Diagnostic[] {
  const taken = new Set([
    ...(server.credentials ?? []).flatMap(credential => credentialHeader(credential) ?? []),
    ...callerHeaders(server),
  ]);
  const { set = [], add = [], remove = [] } = requestHeaders ?? {};
  const changes = [
    ...set.map(({ name }) => ({ name, property: `requestHeaders.set[${name}]` })),
    ...add.map(({ name }) => ({ name, property: `requestHeaders.add[${name}]` })),
    ...remove.map(name => ({ name, property: `requestHeaders.remove[${name}]` })),
  ];
  return changes
    .filter(({ name }) => taken.has(name))
    .map(({ name, property }) =>
      findingOf(CREDENTIAL_HEADER_TAKEN, origin, property, name, { server: formatServerRef(server) }),
    );
}
