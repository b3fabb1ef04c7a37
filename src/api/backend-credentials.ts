import { boolean, Codec, list, named, placeOf, text, ValueOf } from './codec';
import { mapped, object } from './object';
import { Place } from './place';
import { Schema } from './schema';
import { because, errorKind } from '../model/findings';
import { SecretKey } from '../model/policy';
import { BackendCredential } from '../model/server';
import { headerNameProblem, namespaceProblem, objectNameProblem, protocolHeaderProblem } from '../model/validation';

/** What a gateway proves to a server: this library's own. */

/** Of credentials, messages name the kinds: what they hold is for nobody to read. */
export const kindsOf = (credentials: readonly object[]): string[] => credentials.map(given => Object.keys(given)[0]);

const SECRET_NAME = errorKind('credential-secret-name-invalid', '{problem}', 'Write the name of a Secret');
const SECRET_KEY = errorKind('credential-secret-key-invalid', 'is not a key of a Secret', 'Write one of its keys');
const SECRET_NAMESPACE = errorKind(
  'credential-secret-namespace-invalid',
  '{problem}',
  "Write the namespace of the gateway's pods",
);
const HEADER = errorKind('credential-header-invalid', '{problem}', 'Name the header that the server reads');
const CALLER_HEADER = errorKind('caller-header-invalid', '{problem}', 'Name the header that callers send');
const CALLER_HEADER_OF_GATEWAY = errorKind(
  'caller-header-of-gateway',
  'is where callers prove to the gateway who they are',
  "Let callers send what is for the server in a header of its own, or say BackendCredential.callerToken for the gateway's token",
);
const PREFIX = errorKind('credential-prefix-invalid', 'is not printable ASCII', 'Write it as "Token "');
const USER = errorKind('credential-user-with-colon', 'has a colon, which ends a user name', 'Write the name alone');
const NOT_ONE = errorKind('credential-not-one', 'has {given} of {known}', 'Write exactly one of them');
const SAYS_NOTHING = errorKind('credential-false-says-nothing', 'says nothing', 'Write true, or remove it');

/** Checks where a secret is kept. */
export function checkSecretKey({ secretName, secretNamespace, key }: SecretKey, place: Place): void {
  place.at('secretName').report(SECRET_NAME, secretName, because(objectNameProblem(secretName)));
  place.at('key').report(SECRET_KEY, key, !/^[-._a-zA-Z0-9]+$/.test(key));
  place
    .at('secretNamespace')
    .report(
      SECRET_NAMESPACE,
      secretNamespace,
      secretNamespace === undefined ? undefined : because(namespaceProblem(secretNamespace)),
    );
}

/** A key of a Secret in the namespace of the gateway's pods. */
export const secretRef = (description: string) =>
  object(
    description,
    {
      key: text('Key within the Secret.'),
      name: named('secretName', text('Name of the Secret.', { minLength: 1 })),
      namespace: named(
        'secretNamespace',
        text(
          "Namespace of the Secret: that of the gateway's pods. Default: this resource's, or that of the pods for a resource without one.",
        ),
      ),
    },
    { required: ['key', 'name'] },
    checkSecretKey,
  );

const KINDS = ['basic', 'bearer', 'callerHeader', 'callerToken', 'clientCertificate', 'header'] as const;

const table = object(
  'One credential: exactly one of these fields.',
  {
    basic: object(
      'User name and password, in Authorization; the name as it is or from a Secret.',
      {
        passwordRef: named('password', secretRef('Secret that holds the password.')),
        username: text('The user name.', { minLength: 1 }),
        usernameRef: secretRef('Secret that holds the user name.'),
      },
      { required: ['passwordRef'], oneOf: [{ required: ['username'] }, { required: ['usernameRef'] }] },
    ),
    bearer: object(
      'A bearer token, in Authorization.',
      { secretRef: named('value', secretRef('Secret that holds the token.')) },
      { required: ['secretRef'] },
    ),
    callerHeader: object(
      'What the caller sends for the server in a header of its own. Without it, the server gets none.',
      {
        from: text('Header of the caller.', { minLength: 1 }),
        name: text('Header towards the server. Default: Authorization.', { minLength: 1 }),
        prefix: text('What precedes the value towards the server. Default: "Bearer " in Authorization, else nothing.'),
      },
      { required: ['from'] },
    ),
    callerToken: boolean('The token of the caller, in Authorization.'),
    clientCertificate: object(
      'A certificate for TLS.',
      {
        certificateRef: named('certificate', secretRef('Secret that holds the certificate, in PEM.')),
        privateKeyRef: named('privateKey', secretRef('Secret that holds the private key, in PEM.')),
      },
      { required: ['certificateRef', 'privateKeyRef'] },
    ),
    header: object(
      'A header.',
      {
        name: text('Name of the header.', { minLength: 1 }),
        prefix: text('What precedes the value in the header.'),
        secretRef: named('value', secretRef('Secret that holds the value.')),
      },
      { required: ['name', 'secretRef'] },
    ),
  },
  { oneOf: KINDS.map((field): Schema => ({ required: [field] })) },
);

type Fields = ValueOf<typeof table>;

/** The one of some fields that is given; undefined, which is reported, where it is not exactly one. */
function only<F extends string>(
  value: { readonly [K in F]?: unknown },
  fields: readonly F[],
  place: Place,
): F | undefined {
  const given = fields.filter(field => value[field] !== undefined);
  place.report(
    NOT_ONE,
    given,
    given.length === 1
      ? undefined
      : { given: given.length === 0 ? 'none' : given.join(' and '), known: fields.join(', ') },
  );
  return given.length === 1 ? given[0] : undefined;
}

function read(value: Fields, place: Place): BackendCredential | undefined {
  const { basic, bearer, callerHeader, clientCertificate, header } = value;
  switch (only<(typeof KINDS)[number]>(value, KINDS, place)) {
    case 'basic': {
      const { password, username, usernameRef } = basic!;
      const given = only({ username, usernameRef }, ['username', 'usernameRef'], place.at('basic'));
      return given && { kind: 'basic', username: (username ?? usernameRef)!, password };
    }
    case 'bearer':
      return { kind: 'header', name: 'authorization', prefix: 'Bearer ', value: bearer!.value };
    case 'clientCertificate':
      return { kind: 'clientCertificate', ...clientCertificate! };
    case 'header':
      return { kind: 'header', name: header!.name.toLowerCase(), prefix: header!.prefix ?? '', value: header!.value };
    case 'callerHeader':
      return callerHeaderCredential(callerHeader!);
    case 'callerToken':
      place.at('callerToken').report(SAYS_NOTHING, value.callerToken, value.callerToken === false);
      return value.callerToken === true ? { kind: 'callerToken' } : undefined;
    default:
      return undefined;
  }
}

function write(credential: BackendCredential): Fields {
  switch (credential.kind) {
    case 'header': {
      const { name, prefix, value } = credential;
      return name === 'authorization' && prefix === 'Bearer '
        ? { bearer: { value } }
        : { header: { name, prefix: prefix === '' ? undefined : prefix, value } };
    }
    case 'basic': {
      const { username, password } = credential;
      return { basic: { ...(typeof username === 'string' ? { username } : { usernameRef: username }), password } };
    }
    case 'clientCertificate':
      return { clientCertificate: credential };
    case 'callerHeader': {
      const { from, name, prefix } = credential;
      const usual = callerHeaderCredential({ from, name });
      return {
        callerHeader: {
          from,
          name: name === 'authorization' ? undefined : name,
          prefix: usual.prefix === prefix ? undefined : prefix,
        },
      };
    }
    case 'callerToken':
      return { callerToken: true };
  }
}

/** Checks the header that a credential stands in. */
export function checkHeaderCredential(
  { name, prefix }: { readonly name: string; readonly prefix: string },
  place: Place,
): void {
  place.at('name').report(HEADER, name, because(headerNameProblem(name) ?? protocolHeaderProblem(name)));
  place.at('prefix').report(PREFIX, prefix, !/^[ -~]*$/.test(prefix));
}

/** A header of the caller as a credential: in `Authorization`, as a bearer token, unless something else is said. */
export function callerHeaderCredential({
  from,
  name = 'authorization',
  prefix = name.toLowerCase() === 'authorization' ? 'Bearer ' : '',
}: {
  readonly from: string;
  readonly name?: string;
  readonly prefix?: string;
}): Extract<BackendCredential, { kind: 'callerHeader' }> {
  return { kind: 'callerHeader', from: from.toLowerCase(), name: name.toLowerCase(), prefix };
}

/** Checks the headers that a credential of the caller stands in, and is to stand in. */
export function checkCallerHeader(
  credential: { readonly from: string; readonly name: string; readonly prefix: string },
  place: Place,
): void {
  const { from } = credential;
  place.at('from').report(CALLER_HEADER, from, because(headerNameProblem(from) ?? protocolHeaderProblem(from)));
  place.at('from').report(CALLER_HEADER_OF_GATEWAY, from, GATEWAY_HEADERS.includes(from));
  checkHeaderCredential(credential, place);
}

/** Headers by which callers prove to gateways and proxies who they are. */
const GATEWAY_HEADERS = ['authorization', 'cookie', 'proxy-authorization'];

function check(credential: BackendCredential, place: Place): void {
  switch (credential.kind) {
    case 'callerHeader':
      checkCallerHeader(credential, place);
      break;
    case 'header':
      checkHeaderCredential(credential, place);
      break;
    case 'basic':
      place
        .at('username')
        .report(
          USER,
          credential.username,
          typeof credential.username === 'string' && credential.username.includes(':'),
        );
      break;
    default:
  }
  Object.entries(secretsOf(credential)).forEach(([name, secret]) => checkSecretKey(secret, place.at(name)));
}

/** The Secrets of a credential, by the properties that they stand in. */
function secretsOf(credential: BackendCredential): Readonly<Record<string, SecretKey>> {
  return Object.fromEntries(
    Object.entries(credential).filter((entry): entry is [string, SecretKey] => typeof entry[1] === 'object'),
  );
}

const credential: Codec<BackendCredential> = mapped(table, {
  read,
  write,
  check,
  place: ([first, ...rest], json) => {
    const kind = KINDS.find(field => json?.[field] !== undefined);
    if (first === undefined || kind === undefined) {
      return [];
    }
    const step = first === 'username' && json[kind].username === undefined ? 'usernameRef' : first;
    return [kind, ...placeOf(table.fields[kind], [step, ...rest], json[kind])];
  },
});

/** What gateways prove to a server. A Secret whose namespace is not said is in that of the resource. */
export const backendCredentials = list(
  'What gateways prove to the server, all of it. Without it, a remote server gets no credentials at all.',
  credential,
);

/** Credentials with their Secrets in another namespace, as a function of the one that is said. */
function withNamespaces(
  credentials: readonly BackendCredential[],
  namespaceOf: (said: string | undefined) => string | undefined,
): BackendCredential[] {
  return credentials.map(given => ({
    ...given,
    ...Object.fromEntries(
      Object.entries(secretsOf(given)).map(([name, secret]) => [
        name,
        { ...secret, secretNamespace: namespaceOf(secret.secretNamespace) },
      ]),
    ),
  }));
}

/** A Secret as the resource in a namespace says it: without what it has anyway. */
export const secretOutside = (namespace: string | undefined, secret: SecretKey): SecretKey => ({
  ...secret,
  secretNamespace: secret.secretNamespace === namespace ? undefined : secret.secretNamespace,
});

/** Credentials of a resource in a namespace: that of their Secrets where no other is said. */
export const credentialsIn = (namespace: string | undefined, credentials: readonly BackendCredential[]) =>
  withNamespaces(credentials, said => said ?? namespace);

/** Credentials as the resource in a namespace says them: without what it has anyway. */
export const credentialsOf = (namespace: string | undefined, credentials: readonly BackendCredential[]) =>
  withNamespaces(credentials, said => (said === namespace ? undefined : said));
