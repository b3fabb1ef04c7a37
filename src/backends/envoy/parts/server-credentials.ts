import { foreignSecrets, secretFile } from './limits';
import { enforced, part, refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { BackendCredential, isRemote, Server, serverKey } from '../../../model/server';
import { headerOf } from '../../../passes/policy/authentication';
import {
  callerHeaders,
  credentialHeader,
  credentialSecrets,
  foreignCallerHeaders,
  serverSecrets,
} from '../../../passes/servers/credentials';
import { distinctBy } from '../../../values/json';
import { refusal } from '../../interface/standing';
import { extension, LUA, typed } from '../config/config';
import { differ, EnvoyEntry, EnvoyPlan, memberNames, membersOf } from '../config/plan';
import { CREDENTIALS_PROGRAM } from '../lua/programs';

/*
 * What the gateway proves to a server, and what it keeps back of what the caller proved to it. Values come from files of
 * mounted Secrets, read for each request, without the white space at their ends.
 */

/** Name of the filter that puts credentials in. */
const CREDENTIALS = 'mcp.credentials';
const SCRIPT = 'credentials';

/** Headers in which callers prove who they are to the gateway, or to what is served at its host. */
const CALLER_CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];

const SHARED = refused(
  'weights.credentials',
  'Envoy cannot share requests between servers that get different credentials, or of which one may get those of the caller: it makes a request before it chooses a server',
  'give the servers the same credentials, or routes of their own',
);
const FOREIGN = refused(
  'credentials.namespace',
  "the pods of the gateway cannot read the Secret of a server's credential or authority in another namespace than their own",
  'keep the Secret in the namespace of the gateway (refer to it in a chart of that namespace), or serve the server by a gateway of its namespace',
);

/** Credentials towards servers. */
export const serverCredentials = part({
  limits: {
    credentials: enforced(
      'a header from a Secret, a user name and password, a client certificate; a changed value counts at once, a renewed certificate for new connections',
    ),
    'credentials.callerToken': enforced(
      'the token that the caller was authenticated by, for servers that ask for it; remote servers, and those that get credentials of their own, get no other credentials of callers: ' +
        'neither `Authorization` nor cookies, nor the header of a key',
    ),
    'credentials.callerHeader': enforced(
      'what callers send for a server in a header of its own, under the name that the server reads; other servers do not get it',
    ),
    'credentials.namespace': FOREIGN,
    'weights.credentials': SHARED,
  },
  check: plan => [...checkSecrets(plan), ...plan.entries.flatMap(checkShared)],
  // Where a server of the plan gets a header; each route says of what.
  filters: plan =>
    serversOf(plan).flatMap(insertedHeaders).length === 0
      ? []
      : [extension(CREDENTIALS, LUA, { source_codes: { [SCRIPT]: { inline_string: CREDENTIALS_PROGRAM } } })],
  // The check made sure that all servers of a group get the same.
  route: ({ entry, group }) => {
    const [{ server }] = group.servers;
    const credentials = insertedHeaders(server);
    const removed = keptBack(entry, server);
    return {
      ...(removed.length === 0 ? {} : { headers: { request_headers_to_remove: removed } }),
      ...(credentials.length === 0
        ? {}
        : { filters: { [CREDENTIALS]: typed(`${LUA}PerRoute`, { name: SCRIPT, filter_context: { credentials } }) } }),
    };
  },
  secretKeys: plan =>
    serversOf(plan)
      .flatMap(({ credentials = [] }) => credentials)
      .flatMap(credentialSecrets),
});

function serversOf({ entries }: EnvoyPlan): Server[] {
  return distinctBy(
    entries.flatMap(({ servers }) => servers),
    serverKey,
  );
}

/** Secrets of servers that the pods of the gateway cannot mount. */
function checkSecrets(plan: EnvoyPlan): Diagnostic[] {
  return serversOf(plan).flatMap(server =>
    serverSecrets(server).flatMap(({ property, secrets }) =>
      foreignSecrets(secrets, plan.gateway).map(secret => refusal(FOREIGN, server.path, property, secret)),
    ),
  );
}

function checkShared(entry: EnvoyEntry): Diagnostic[] {
  const terms = (server: Server) => ({ inserted: insertedHeaders(server), keptBack: keptBack(entry, server) });
  return entry.groups
    .filter(group => differ(membersOf(group).map(({ server }) => terms(server))))
    .map(group => refusal(SHARED, entry.origin, entry.backendsProperty, memberNames(group)));
}

/** A header as the script makes it: the prefix and what is in the file or the caller's header, or user name and password. */
interface InsertedHeader {
  readonly header: string;
  readonly prefix?: string;
  readonly file?: string;
  /** Header of the caller that has the value; without it, there is none. */
  readonly from?: string;
  readonly username?: string;
  readonly usernameFile?: string;
}

function insertedHeaders({ credentials = [] }: Server): InsertedHeader[] {
  return credentials.flatMap((credential): InsertedHeader[] => insertedHeader(credential) ?? []);
}

function insertedHeader(credential: BackendCredential): InsertedHeader[] | undefined {
  switch (credential.kind) {
    case 'header':
      return [{ header: credential.name, prefix: credential.prefix, file: secretFile(credential.value) }];
    case 'callerHeader':
      return [{ header: credential.name, prefix: credential.prefix, from: credential.from }];
    case 'basic':
      return [
        {
          header: 'authorization',
          ...(typeof credential.username === 'string'
            ? { username: credential.username }
            : { usernameFile: secretFile(credential.username) }),
          file: secretFile(credential.password),
        },
      ];
    default:
      return undefined;
  }
}

/**
 * Headers of the caller's own credentials that a server does not get: those that the gateway verifies, and, unless it is a server of
 * the cluster that may verify them itself, all that are known to be such.
 */
function keptBack({ forwardsToken, methods, servers }: EnvoyEntry, server: Server): string[] {
  const own = new Set((server.credentials ?? []).map(credentialHeader));
  const asked = methods.flatMap(method => headerOf(method)?.name ?? []);
  const outside = server.credentials !== undefined || isRemote(server);
  // The token of the caller is on the way in `Authorization` where another server of the entry wants it.
  // What has been read for the server, and what is for others.
  const sent = [...callerHeaders(server), ...foreignCallerHeaders(servers, server)];
  return [...new Set([...(outside ? CALLER_CREDENTIALS : forwardsToken ? ['authorization'] : []), ...asked, ...sent])]
    .filter(name => !own.has(name))
    .sort();
}
