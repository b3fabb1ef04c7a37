import { BackendAuth, BackendAuthCredential, ConnectionPolicies } from './config';
import { secretFile } from './secrets';
import { celString } from '../../cel/literals';
import { Entry } from '../../model/plan';
import { SecretKey } from '../../model/policy';
import { BackendCredential, isRemote, Server } from '../../model/server';
import { callerTokenOf, credentialHeader, serversOf, wantsCallerToken } from '../../passes/backend-credentials';
import { alternatives } from '../../passes/policy/alternatives';
import { headerOf } from '../../passes/policy/credential-header';

/*
 * What the gateway proves to a server, and what it keeps back of what the caller proved to it. Values come from files of
 * mounted Secrets: agentgateway puts them into the header as they are, without the white space at their ends. As variables
 * they would be read as a part of the configuration.
 *
 * On a connection, agentgateway first puts credentials in, then transforms headers, then changes them as the route says.
 */

/** Headers in which callers prove who they are to the gateway, or to what is served at its host. */
const CALLER_CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];

/** Where user name and password stand while the header is made of them: only an expression can encode them, and it reads no files. */
const USERNAME_HEADER = 'x-mcp-basic-username';
const PASSWORD_HEADER = 'x-mcp-basic-password';

/** A connection on the way to a server: the first is the one that MCP messages are sent on, the last ends at the server. */
export interface Leg {
  readonly first: boolean;
  readonly last: boolean;
}

/** The policies of a connection on the way to a server. Its own credentials go to the server alone, so to the last. */
export function authPolicies(
  entry: Entry,
  server: Server,
  { first, last }: Leg,
): Pick<ConnectionPolicies, 'backendAuth' | 'transformations'> {
  const credentials = last ? (server.credentials ?? []) : [];
  const basic = credentials.find((credential): credential is Basic => credential.kind === 'basic');
  const headers = credentials.flatMap(insertedFor);
  const remove = [
    ...(first ? keptBack(entry, server) : []),
    ...(basic === undefined ? [] : headers.map(({ location }) => location.header.name).filter(isScratch)),
  ];
  const auth: BackendAuth = {
    ...(first && wantsCallerToken(server) ? CALLER_TOKEN : {}),
    ...(headers.length === 0 ? {} : { credentials: headers }),
  };
  return {
    backendAuth: Object.keys(auth).length === 0 ? undefined : auth,
    transformations:
      remove.length === 0
        ? undefined
        : { request: { ...(basic === undefined ? {} : { set: { authorization: basicValue(basic) } }), remove } },
  };
}

/** Puts the token in again that the gateway has verified and taken out. One that it has not looked at is still there. */
export const CALLER_TOKEN: BackendAuth = { passthrough: {} };

type Basic = Extract<BackendCredential, { kind: 'basic' }>;

function insertedFor(credential: BackendCredential): BackendAuthCredential[] {
  switch (credential.kind) {
    case 'header':
      return [inserted(credential.name, credential.value, credential.prefix)];
    case 'basic':
      return [
        ...(typeof credential.username === 'string' ? [] : [inserted(USERNAME_HEADER, credential.username)]),
        inserted(PASSWORD_HEADER, credential.password),
      ];
    default:
      return [];
  }
}

function inserted(name: string, value: SecretKey, prefix = ''): BackendAuthCredential {
  return { location: { header: { name, ...(prefix === '' ? {} : { prefix }) } }, key: { file: secretFile(value) } };
}

function isScratch(name: string): boolean {
  return name === USERNAME_HEADER || name === PASSWORD_HEADER;
}

function basicValue({ username }: Basic): string {
  const name = typeof username === 'string' ? celString(username) : `request.headers[${celString(USERNAME_HEADER)}]`;
  return `"Basic " + base64.encode(${name} + ":" + request.headers[${celString(PASSWORD_HEADER)}])`;
}

/** Headers of the caller's own credentials that a server does not get. */
function keptBack(entry: Entry, server: Server): string[] {
  if (server.credentials === undefined && !isRemote(server)) {
    // The token of the caller is on the way again where another server of the entry wants it.
    return callerTokenOf(entry.policy) === 'verified' && serversOf(entry).some(wantsCallerToken)
      ? ['authorization']
      : [];
  }
  const own = new Set((server.credentials ?? []).map(credentialHeader));
  const asked = (entry.policy?.authentication ?? [])
    .flatMap(({ method }) => alternatives(method))
    .flatMap(method => headerOf(method)?.name ?? []);
  return [...new Set([...CALLER_CREDENTIALS, ...asked])].filter(name => !own.has(name)).sort();
}
