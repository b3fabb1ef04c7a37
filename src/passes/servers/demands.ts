import { callerTokenOf, credentialHeader } from './credentials';
import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { Entry, serversOf } from '../../model/plan';
import { alternatives, JwtMethod, SingleMethod } from '../../model/policy';
import { BackendCredential, formatServerRef, Server, serverKey } from '../../model/server';
import { compareText } from '../../values/text';
import { describeMethod } from '../policy/words';

const GUARDED_SERVER_HEADER_TAKEN = errorKind(
  'guarded-server-header-taken',
  'comes in the header of {claimed}, which {server} asks its callers for',
  'Put it into another header, or drop it',
);
const GUARDED_SERVER_OTHER_TOKENS = errorKind(
  'guarded-server-other-tokens',
  '{server} asks its callers for {claimed}, and those of this route present {presented}, which is passed on',
  'Take tokens of one issuer at both (audiences may differ), or use a gateway that does not authenticate',
);
const GUARDED_SERVER_IN_GROUP = errorKind(
  'guarded-server-in-group',
  '{server} asks its callers for {claimed}, and another server does not, but a session is opened with all of them: one that refuses a caller would refuse it for all',
  'Ask for the token at the route or its gateway (Authentication.jwt), or serve the server by a route of its own',
);

/** Servers of an entry whose own demands no caller of the entry could meet, or not all could. */
export function checkGuardedServers(entry: Entry): Diagnostic[] {
  const servers = serversOf(entry);
  const asking = servers.filter(server => tokensOf(server).length > 0);
  return asking.length === 0
    ? []
    : [...otherCredentials(entry, asking), ...otherIssuers(entry, asking), ...unevenDemands(entry, servers, asking)];
}

/** What a gateway has to prove to a server by what the server asks itself. */
export function demandedCredentials(server: Server): BackendCredential[] {
  return tokensOf(server).length === 0 ? [] : [{ kind: 'callerToken' }];
}

/** A gateway puts another credential in the place of the token. */
function otherCredentials({ origin }: Entry, asking: readonly Server[]): Diagnostic[] {
  return asking.flatMap(server =>
    (server.credentials ?? [])
      .filter(credential => credential.kind !== 'callerToken' && credentialHeader(credential) === 'authorization')
      .map(({ kind }) =>
        findingOf(GUARDED_SERVER_HEADER_TAKEN, origin, 'credentials', kind, {
          claimed: describe(server),
          server: formatServerRef(server),
        }),
      ),
  );
}

/** The tokens that a server takes, any of which will do. */
function tokensOf({ policy }: Server): JwtMethod[] {
  return (policy?.authentication ?? []).flatMap(({ method }) => alternatives(method)).filter(isToken);
}

function isToken(method: SingleMethod): method is JwtMethod {
  return method.kind === 'jwt';
}

/** The gateway verified a token and passes it on, and the server takes those of another issuer. */
function otherIssuers({ origin, policy }: Entry, asking: readonly Server[]): Diagnostic[] {
  const verified =
    callerTokenOf(policy) === 'verified'
      ? policy!.authentication.flatMap(({ method }) => alternatives(method)).filter(isToken)
      : [];
  const known = verified.map(({ issuer }) => issuer);
  return verified.length === 0
    ? []
    : asking
        .filter(server => !tokensOf(server).some(({ issuer }) => known.includes(issuer)))
        .map(server =>
          findingOf(GUARDED_SERVER_OTHER_TOKENS, origin, 'backends', server.name, {
            server: formatServerRef(server),
            claimed: describe(server),
            presented: verified.map(describeMethod).join(' or '),
          }),
        );
}

/** A session is opened with all servers of an entry: one that refuses it refuses it for all. */
function unevenDemands(
  { origin, policy, skipUnavailable }: Entry,
  servers: readonly Server[],
  asking: readonly Server[],
): Diagnostic[] {
  // A caller who passed with a token has one for servers that ask for none, too.
  const involved = callerTokenOf(policy) === 'unseen' ? servers : asking;
  const demands = new Set(
    involved.map(server =>
      tokensOf(server)
        .map(({ issuer }) => issuer)
        .sort(compareText)
        .join(),
    ),
  );
  const [first] = asking;
  return demands.size < 2 || skipUnavailable
    ? []
    : [
        findingOf(
          GUARDED_SERVER_IN_GROUP,
          origin,
          'backends',
          involved.map(({ name }) => name),
          { server: formatServerRef(first), claimed: describe(first) },
        ),
      ];
}

function describe(server: Server): string {
  return tokensOf(server).map(describeMethod).join(' or ');
}

const SERVER_REFERENCE_DIFFERS = errorKind(
  'server-reference-differs',
  'refers to the same server as "{path}" with other options',
  'Give both references the same options, or share one of them',
);
const SERVER_REFERENCE_OF_OWN = errorKind(
  'server-reference-of-own',
  'refers to a server as if it were outside this app, but "{path}" creates it',
  'Use "{path}" itself',
);

/**
 * References to servers that contradict each other, or the app itself: which of them is meant would
 * depend on the order of calls. What the app creates twice collides as objects.
 */
export function contradictoryReferences(servers: readonly Server[]): Diagnostic[] {
  const firsts = new Map<string, Server>();
  return servers.flatMap(server => {
    const first = firsts.get(serverKey(server));
    if (first === undefined) {
      firsts.set(serverKey(server), server);
      return [];
    }
    if (!server.imported && !first.imported) {
      return [];
    }
    if (server.imported && first.imported) {
      return sameButPath(server, first)
        ? []
        : [findingOf(SERVER_REFERENCE_DIFFERS, server.path, 'name', server.name, { path: first.path })];
    }
    const [reference, created] = server.imported ? [server, first] : [first, server];
    return [findingOf(SERVER_REFERENCE_OF_OWN, reference.path, 'name', reference.name, { path: created.path })];
  });
}

function sameButPath(a: Server, b: Server): boolean {
  return JSON.stringify({ ...a, path: '' }) === JSON.stringify({ ...b, path: '' });
}
