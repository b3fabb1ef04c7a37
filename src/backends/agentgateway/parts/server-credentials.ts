import { Leg, Part, unsupported } from './part';
import { celString } from '../../../cel/terms';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { Entry, GatewayPlan, serversOf } from '../../../model/plan';
import { alternatives, SecretKey } from '../../../model/policy';
import { BackendCredential, isRemote, Server, serverKey } from '../../../model/server';
import { headerOf } from '../../../passes/policy/authentication';
import {
  callerHeaders,
  callerTokenOf,
  credentialHeader,
  foreignCallerHeaders,
  serverSecrets,
  wantsCallerToken,
} from '../../../passes/servers/credentials';
import { refusal, Standing } from '../../interface/standing';
import { BackendAuth, BackendAuthCredential, ConnectionPolicies } from '../config/config';
import { secretFile } from '../config/container';

/*
 * What the gateway proves to a server, and what it keeps back of what the caller proved to it. Values come from files of
 * mounted Secrets: agentgateway puts them into the header as they are, without the white space at their ends. As variables
 * they would be read as a part of the configuration.
 *
 * On a connection, agentgateway first puts credentials in, then transforms headers, then changes them as the route says.
 */

const LIMITS = {
  credentials: {
    supported: true,
    reason:
      'a header from a Secret, a user name and password, a client certificate; a renewed certificate counts at once, another changed value with the next change of the configuration, or when the pods start anew',
  },
  'credentials.callerToken': {
    supported: true,
    reason:
      'the token that the caller was authenticated by, for servers that ask for it; remote servers, and those that get credentials of their own, get no other credentials of callers: ' +
      'neither `Authorization` nor cookies, nor the header of a key',
  },
  'credentials.callerHeader': {
    supported: true,
    reason:
      'what callers send for a server in a header of its own, under the name that the server reads; other servers do not get it',
  },
  'credentials.namespace': unsupported(
    'credentials.namespace',
    "the pods of the gateway cannot read the Secret of a server's credential or authority in another namespace than their own",
    'keep the Secret in the namespace of the gateway (refer to it in a chart of that namespace), or serve the server by a gateway of its namespace',
  ),
} as const satisfies Record<string, Standing>;

/** Credentials for servers, and of callers. */
export const serverCredentials = {
  limits: LIMITS,
  check: checkSecrets,
  connection: (entry, { server }, leg) => authPolicies(entry, server, leg),
  secretFiles: ({ entries }) =>
    entries
      .flatMap(serversOf)
      .flatMap(serverSecrets)
      .flatMap(({ secrets }) => secrets),
} as const satisfies Part;

/** Headers in which callers prove who they are to the gateway, or to what is served at its host. */
const CALLER_CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];

/** Where user name and password stand while the header is made of them: only an expression can encode them, and it reads no files. */
const USERNAME_HEADER = 'x-mcp-basic-username';
const PASSWORD_HEADER = 'x-mcp-basic-password';

/** The policies of a connection on the way to a server. Its own credentials go to the server alone, so to the last. */
export function authPolicies(
  entry: Entry,
  server: Server,
  { first, last }: Leg,
): Pick<ConnectionPolicies, 'backendAuth' | 'transformations'> {
  const credentials = last ? (server.credentials ?? []) : [];
  const basic = credentials.find((credential): credential is Basic => credential.kind === 'basic');
  const headers = credentials.flatMap(insertedFor);
  const callers = credentials.filter(isCallerHeader);
  // One that the caller does not send cannot be computed, and is then taken out.
  const set: Record<string, string> = {
    ...(basic === undefined ? {} : { authorization: basicValue(basic) }),
    ...Object.fromEntries(callers.map(credential => [credential.name, callerValue(credential)])),
  };
  const remove = [
    ...(first ? keptBack(entry, server) : []),
    ...callers.filter(({ from, name }) => from !== name).map(({ from }) => from),
    ...(basic === undefined ? [] : headers.map(({ location }) => location.header.name).filter(isScratch)),
  ];
  const auth: BackendAuth = {
    ...(first && wantsCallerToken(server) ? CALLER_TOKEN : {}),
    ...(headers.length === 0 ? {} : { credentials: headers }),
  };
  return {
    backendAuth: Object.keys(auth).length === 0 ? undefined : auth,
    transformations:
      remove.length + Object.keys(set).length === 0
        ? undefined
        : {
            request: {
              ...(Object.keys(set).length === 0 ? {} : { set }),
              ...(remove.length === 0 ? {} : { remove }),
            },
          },
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

type CallerHeader = Extract<BackendCredential, { kind: 'callerHeader' }>;

function isCallerHeader(credential: BackendCredential): credential is CallerHeader {
  return credential.kind === 'callerHeader';
}

function callerValue({ from, prefix }: CallerHeader): string {
  const value = `request.headers[${celString(from)}]`;
  return prefix === '' ? value : `${celString(prefix)} + ${value}`;
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
  const foreign = foreignCallerHeaders(serversOf(entry), server);
  if (server.credentials === undefined && !isRemote(server)) {
    // The token of the caller is on the way again where another server of the entry wants it.
    return callerTokenOf(entry.policy) === 'verified' && serversOf(entry).some(wantsCallerToken)
      ? ['authorization', ...foreign]
      : foreign;
  }
  const own = new Set([...(server.credentials ?? []).map(credentialHeader), ...callerHeaders(server)]);
  const asked = (entry.policy?.authentication ?? [])
    .flatMap(({ method }) => alternatives(method))
    .flatMap(method => headerOf(method)?.name ?? []);
  return [...new Set([...CALLER_CREDENTIALS, ...asked, ...foreign])].filter(name => !own.has(name)).sort();
}

/** Secrets of servers that the gateway's pods cannot mount: once for each server, though several entries serve it. */
function checkSecrets({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const servers = new Map(entries.flatMap(serversOf).map(server => [serverKey(server), server]));
  return [...servers.values()].flatMap(server =>
    serverSecrets(server).flatMap(({ property, secrets }) =>
      foreignSecrets(secrets, gateway).map(secret => refuse(server.path, property, secret, gateway)),
    ),
  );
}

/** Names of the Secrets in other namespaces than the gateway's, each once. */
function foreignSecrets(secrets: readonly SecretKey[], { workloadNamespace }: Gateway): string[] {
  const foreign = secrets.filter(
    ({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== workloadNamespace,
  );
  return [...new Set(foreign.map(({ secretNamespace, secretName }) => `${secretNamespace}/${secretName}`))];
}

function refuse(path: string, property: string, secret: string, gateway: Gateway): Diagnostic {
  const limit = LIMITS['credentials.namespace'];
  return refusal(
    limit,
    path,
    property,
    secret,
    `${limit.reason}: those of "${gateway.path}" run in "${gateway.workloadNamespace}"`,
  );
}
