import { extension, typed } from './config';
import { CREDENTIALS_PROGRAM } from './lua/programs';
import { secretFile } from './secrets';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { BackendCredential, isRemote, Server } from '../../model/server';
import { callerTokenOf, credentialHeader, serversOf, wantsCallerToken } from '../../passes/backend-credentials';
import { alternatives } from '../../passes/policy/alternatives';
import { headerOf } from '../../passes/policy/credential-header';
import { Json } from '../../values/json';

/*
 * What the gateway proves to a server, and what it keeps back of what the caller proved to it. Values come from files of
 * mounted Secrets, read for each request, without the white space at their ends.
 */

/** Name of the filter that puts credentials in. */
const CREDENTIALS = 'mcp.credentials';
const SCRIPT = 'credentials';
const LUA = 'envoy.extensions.filters.http.lua.v3.Lua';

/** Headers in which callers prove who they are to the gateway, or to what is served at its host. */
const CALLER_CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];

/** The filter, where a server of the plan gets a header; each route says of what. */
export function credentialFilters({ entries }: GatewayPlan): Json[] {
  return entries.flatMap(serversOf).flatMap(insertedHeaders).length === 0
    ? []
    : [extension(CREDENTIALS, LUA, { source_codes: { [SCRIPT]: { inline_string: CREDENTIALS_PROGRAM } } })];
}

/** The headers that the servers of a group get. The check made sure that all get the same. */
export function credentialsPerRoute({ servers: [{ server }] }: BackendGroup): Json {
  const credentials = insertedHeaders(server);
  return credentials.length === 0
    ? {}
    : { [CREDENTIALS]: typed(`${LUA}PerRoute`, { name: SCRIPT, filter_context: { credentials } }) };
}

/** A header as the script makes it: the prefix and what is in the file, or user name and password. */
interface InsertedHeader {
  readonly header: string;
  readonly prefix?: string;
  readonly file: string;
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

/** Headers that the servers of a group do not get. */
export function backendHeaders(entry: Entry, { servers: [{ server }] }: BackendGroup): Json {
  const removed = keptBack(entry, server);
  return removed.length === 0 ? {} : { request_headers_to_remove: removed };
}

/**
 * Headers of the caller's own credentials that a server does not get: those that the gateway verifies, and, unless it is a server of
 * the cluster that may verify them itself, all that are known to be such.
 */
export function keptBack(entry: Entry, server: Server): string[] {
  const own = new Set((server.credentials ?? []).map(credentialHeader));
  const asked = (entry.policy?.authentication ?? [])
    .flatMap(({ method }) => alternatives(method))
    .flatMap(method => headerOf(method)?.name ?? []);
  const outside = server.credentials !== undefined || isRemote(server);
  // The token of the caller is on the way in `Authorization` where another server of the entry wants it.
  const forwarded = callerTokenOf(entry.policy) === 'verified' && serversOf(entry).some(wantsCallerToken);
  return [...new Set([...(outside ? CALLER_CREDENTIALS : forwarded ? ['authorization'] : []), ...asked])]
    .filter(name => !own.has(name))
    .sort();
}

/** What two servers have to have in common to be served as one. */
export function credentialTerms(entry: Entry, server: Server): Json {
  return { inserted: insertedHeaders(server), keptBack: keptBack(entry, server) };
}
