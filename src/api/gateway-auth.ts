import { checkHeaderCredential, checkSecretKey } from './backend-credentials';
import { boolean, choice, text, textSet, ValueOf } from './codec';
import { secretKey } from './common';
import { object } from './object';
import { Place } from './place';
import { errorKind } from '../model/findings';
import { SecretKey } from '../model/policy';
import { BackendCredential } from '../model/server';

/** Credentials as upstream's sep2025 writes them: of callers, and of the gateway towards a server. */

const credential = (description: string) =>
  object(description, {
    headerName: text('Header that carries the value, for API keys and tokens.'),
    secretRef: secretKey('Secret that holds the value.'),
    value: text('The value itself. Prefer secretRef.'),
  });

const basicAuth = object(
  'User name and password.',
  {
    password: credential('The password.'),
    username: text('The user name.'),
  },
  { required: ['password', 'username'] },
);

const clientCertificate = object(
  'Client certificates.',
  {
    caRef: credential('CA certificates, in PEM.'),
    certificateRef: credential('The certificate, in PEM.'),
    privateKeyRef: credential('The private key, in PEM.'),
    verifyServerCert: boolean("Whether the server's certificate is verified.", { default: true }),
  },
  { required: ['certificateRef', 'privateKeyRef'] },
);

const jwt = object(
  'JSON Web Tokens.',
  {
    algorithm: choice(
      'Signature algorithm.',
      ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
      { default: 'RS256' },
    ),
    audience: text('Audience of the token.'),
    expirationTolerance: text('How long after its expiry a token is accepted.', { default: '30s' }),
    issuer: text('Issuer of the token.'),
    signingKey: credential('Key that signs or verifies.'),
  },
  { required: ['signingKey'] },
);

const oAuth2 = object(
  'OAuth 2 client credentials.',
  {
    clientID: text('The client.'),
    clientSecret: credential('Secret of the client.'),
    scopes: textSet('Scopes to ask for.'),
    tokenURL: text('URL of the token endpoint.'),
  },
  { required: ['clientID', 'clientSecret', 'tokenURL'] },
);

export const auth = (description: string) =>
  object(
    description,
    {
      basic: basicAuth,
      clientCert: clientCertificate,
      jwt,
      method: choice('Which method this is.', [
        'None',
        'Bearer',
        'ApiKey',
        'Basic',
        'JWT',
        'ClientCertificate',
        'OAuth2',
      ]),
      oAuth2,
      timeout: text('How long authentication may take.', { default: '30s' }),
      token: credential('The bearer token or API key.'),
    },
    { required: ['method'] },
  );

/*
 * Credentials of a gateway towards a server that it lists, as upstream's sep2025 says them: one method. `timeout` limits how
 * long they take to get; those that are read here are there.
 */

const NO_TOKENS = errorKind(
  'server-auth-method-oauth2',
  'asks a server for tokens, which the gateway cannot',
  '{remedy}',
);
const NO_SIGNING = errorKind('server-auth-method-jwt', 'signs tokens, which the gateway cannot', '{remedy}');
const REMEDY = 'Get a token otherwise, keep it in a Secret and write method Bearer';
const OTHER_METHOD = errorKind(
  'server-auth-other-method',
  'does not go with method {method}',
  'Remove it, or write the method that it goes with',
);
const MISSING = errorKind('server-auth-settings-missing', 'is missing for method {method}', 'Add it');
const BEARER_HEADER = errorKind(
  'server-auth-bearer-header',
  'is not where bearer tokens stand',
  'Remove it, or write method ApiKey',
);
const HEADER = errorKind('server-auth-header-unused', 'is given for what stands in no header of its own', 'Remove it');
const UNVERIFIED = errorKind(
  'server-auth-unverified',
  'would take any server for the right one',
  'Remove it: certificates are always verified',
);
const AUTHORITY = errorKind(
  'server-auth-authority',
  'is a matter of the server, which says whose certificate it has',
  'Write spec.remote.tls.caBundle of the MCPServer',
);
const VALUE = errorKind(
  'server-auth-secret-in-resource',
  'is a secret in a resource, which many may read',
  'Keep it in a Secret, and write secretRef',
);
const NO_SECRET = errorKind(
  'server-auth-secret-missing',
  'is missing',
  'Name the Secret that holds it, and the key in it',
);
const OPTIONAL = errorKind(
  'server-auth-secret-optional',
  'is true, but the gateway could prove nothing without the Secret',
  'Remove it',
);
const USER = errorKind('server-auth-user-with-colon', 'has a colon, which ends a user name', 'Write the name alone');

/** `auth` of a server that a gateway lists. */
export const serverAuth = auth('Credentials of the gateway towards the server.');

type Auth = ValueOf<typeof serverAuth>;
type Held = NonNullable<Auth['token']>;

/** The field that each method of which the gateway is capable has its settings in. */
const SETTINGS = { Bearer: 'token', ApiKey: 'token', Basic: 'basic', ClientCertificate: 'clientCert' } as const;

/** Credentials, as far as they are right; what is wrong is reported. Their Secrets are in no namespace that is said. */
export function serverAuthCredentials(value: Auth, place: Place): BackendCredential[] {
  const { method, timeout: ignored, ...settings } = value;
  if (method === 'None') {
    return [];
  }
  if (method === 'OAuth2' || method === 'JWT') {
    place.at('method').report(method === 'OAuth2' ? NO_TOKENS : NO_SIGNING, method, { remedy: REMEDY });
    return [];
  }
  const own = SETTINGS[method];
  Object.entries(settings)
    .filter(([field]) => field !== own)
    .forEach(([field, given]) => place.at(field).report(OTHER_METHOD, given, { method }));
  const at = place.at(own);
  at.report(MISSING, undefined, value[own] === undefined ? { method } : undefined);
  return value[own] === undefined ? [] : credentialsOf(method, value, at);
}

function credentialsOf(
  method: keyof typeof SETTINGS,
  { token, basic, clientCert }: Auth,
  place: Place,
): BackendCredential[] {
  switch (method) {
    case 'Bearer': {
      const { headerName } = token!;
      place
        .at('headerName')
        .report(BEARER_HEADER, headerName, headerName !== undefined && headerName.toLowerCase() !== 'authorization');
      return secretOf(token!, place).map(value => ({
        kind: 'header',
        name: 'authorization',
        prefix: 'Bearer ',
        value,
      }));
    }
    case 'ApiKey': {
      const name = token!.headerName ?? 'X-API-Key';
      checkHeaderCredential({ name, prefix: '' }, place);
      return secretOf(token!, place).map(value => ({ kind: 'header', name: name.toLowerCase(), prefix: '', value }));
    }
    case 'Basic': {
      const { username, password } = basic!;
      place.at('username').report(USER, username, username.includes(':'));
      return headerless(password, place.at('password')).map(held => ({ kind: 'basic', username, password: held }));
    }
    case 'ClientCertificate': {
      const { caRef, certificateRef, privateKeyRef, verifyServerCert } = clientCert!;
      place.at('verifyServerCert').report(UNVERIFIED, verifyServerCert, verifyServerCert === false);
      place.at('caRef').report(AUTHORITY, caRef && Object.keys(caRef), caRef !== undefined);
      const certificates = headerless(certificateRef, place.at('certificateRef'));
      const keys = headerless(privateKeyRef, place.at('privateKeyRef'));
      return certificates.flatMap(certificate =>
        keys.map((privateKey): BackendCredential => ({ kind: 'clientCertificate', certificate, privateKey })),
      );
    }
  }
}

/** The Secret of what stands in no header of its own. */
function headerless(held: Held, place: Place): SecretKey[] {
  place.at('headerName').report(HEADER, held.headerName, held.headerName !== undefined);
  return secretOf(held, place);
}

/** The Secret of what upstream has in a resource or in a Secret; none where it is wrong. */
function secretOf({ secretRef, value }: Held, place: Place): SecretKey[] {
  const at = place.at('secretRef');
  place.at('value').report(VALUE, '(not shown)', value !== undefined);
  at.report(NO_SECRET, secretRef, secretRef === undefined && value === undefined);
  if (secretRef === undefined) {
    return [];
  }
  const { name = '', key, optional } = secretRef;
  at.at('optional').report(OPTIONAL, optional, optional === true);
  const secret = { secretName: name, key };
  checkSecretKey(
    secret,
    at.through(([field]) => [field === 'secretName' ? 'name' : field]),
  );
  return [secret];
}
