import { apiKey, apiKeyMethod, DEFAULT_KEY_HEADER } from './api-keys';
import { boolean, atomicList, ValueOf } from './codec';
import { auth } from './gateway-auth';
import { object } from './object';
import { Place } from './place';
import { errorKind, FindingKind } from '../model/findings';
import { ApiKeyMethod, AuthenticationMethod } from '../model/policy';
import { isObject } from '../values/json';

const GATEWAY_METHODS_NONE = errorKind('gateway-methods-none', 'names no method', 'Write a method, or enabled: false');
const GATEWAY_METHOD_OPEN = errorKind(
  'gateway-method-open',
  'lets everyone pass, whatever the other methods ask for',
  'Remove it, or the others',
);
const BEARER_HEADER = errorKind(
  'bearer-header',
  'is not where bearer tokens stand',
  'Write Authorization, or method: ApiKey',
);
const TOKEN_SECRET_MISSING = errorKind(
  'token-secret-missing',
  'names no Secret',
  "Write the name and key of a Secret in the namespace of the gateway's pods",
);

/*
 * `policy.authentication` of a gateway, the shape of September 2025. It describes credentials as a client holds them, so
 * that little of it tells a gateway what to verify; `authentication` of this library's resource says the rest.
 */

/** Why a part of a method is refused, and what to write. The documentation is made from this list, too. */
export const REFUSED_CREDENTIALS: Readonly<Record<string, FindingKind>> = {
  basic: errorKind(
    'gateway-basic-of-client',
    'is the user name and password of one client: gateways check an htpasswd file',
    'Write authentication.basic.htpasswdRef',
  ),
  clientCert: errorKind(
    'gateway-certificate-of-client',
    'is the certificate and private key of a client, which no gateway has',
    'Write authentication.clientCertificate.caRef',
  ),
  jwt: errorKind(
    'gateway-jwt-signing-key',
    'holds the key that signs tokens, in no form that is said: gateways verify with the public keys of the issuer',
    'Write authentication.jwt with issuer, audiences and jwksURI',
  ),
  oAuth2: errorKind(
    'gateway-oauth-of-client',
    'is how a client gets a token: gateways verify it',
    'Write authentication.oidc with issuer, audiences and jwksURI',
  ),
  timeout: errorKind(
    'gateway-authentication-timeout',
    'is not supported: the gateway verifies credentials by itself, and waits for nobody',
    'Remove it',
  ),
  'token.secretRef.optional': errorKind(
    'gateway-token-secret-optional',
    'is true, but nobody could authenticate without the Secret',
    'Remove it',
  ),
  'token.value': errorKind(
    'gateway-token-value',
    'would put a secret into the resource, where everyone may read it who may read gateways',
    'Write token.secretRef',
  ),
};

/** Method that each part belongs to. */
const PARTS = {
  Basic: 'basic',
  JWT: 'jwt',
  ClientCertificate: 'clientCert',
  OAuth2: 'oAuth2',
} as const;

const method = auth('One method.');

type Method = ValueOf<typeof method>;

/** `policy.authentication` of a gateway. */
export const callers = object('How callers prove who they are.', {
  default: auth('Method of callers that no other applies to.'),
  enabled: boolean('Whether callers are authenticated.', { default: true }),
  methods: atomicList('Accepted methods.', method),
});

/** How callers of a gateway prove who they are, as its policy says it. */
export type CallersValue = ValueOf<typeof callers>;

/** A key that is accepted, and the header that it comes in. */
interface AcceptedKey {
  readonly header: string | undefined;
  readonly secret: { readonly name: string; readonly key: string };
}

/** The methods that callers may choose among, as one. What no gateway can verify is reported. */
export function callerMethods(value: CallersValue, place: Place): AuthenticationMethod[] {
  const { default: usual, enabled, methods = [] } = value;
  if (enabled === false || Object.keys(value).length === 0) {
    return [];
  }
  const given = [
    ...methods.map((one, i) => ({ one, at: place.at('methods', i) })),
    ...(usual === undefined ? [] : [{ one: usual, at: place.at('default') }]),
  ];
  place.report(GATEWAY_METHODS_NONE, value, given.length === 0);
  const keys = given.flatMap(({ one, at }) => acceptedKey(one, at, given.length > 1) ?? []);
  const read = [...new Set(keys.map(({ header }) => header))].map(header =>
    keysIn(
      header,
      keys.filter(accepted => accepted.header === header),
      place,
    ),
  );
  return read.length < 2 ? read : [{ kind: 'anyOf', methods: read }];
}

function keysIn(header = DEFAULT_KEY_HEADER, keys: readonly AcceptedKey[], place: Place): ApiKeyMethod {
  const said = { header, secretRefs: keys.map(({ secret }) => secret) };
  apiKey.check(
    said,
    place.through(() => []),
  );
  return apiKeyMethod(said);
}

/** The key that a method accepts; undefined when there is none, or when it is wrong. */
function acceptedKey(given: Method, place: Place, isChoice: boolean): AcceptedKey | undefined {
  const { method: name, token = {} } = given;
  Object.entries(given)
    .filter(([part]) => part in REFUSED_CREDENTIALS)
    .forEach(([part, value]) => refuse(part, value, place.at(part)));
  switch (name) {
    case 'None':
      place.at('method').report(GATEWAY_METHOD_OPEN, name, isChoice);
      return undefined;
    case 'ApiKey':
    case 'Bearer':
      return acceptedToken(name, token, place.at('token'));
    default: {
      const part = PARTS[name];
      place.at('method').report(REFUSED_CREDENTIALS[part], name, given[part] === undefined);
      return undefined;
    }
  }
}

function acceptedToken(
  name: 'ApiKey' | 'Bearer',
  { headerName, secretRef, value }: NonNullable<Method['token']>,
  place: Place,
): AcceptedKey | undefined {
  if (value !== undefined) {
    refuse('token.value', '(not shown)', place.at('value'));
    return undefined;
  }
  const bearer = name === 'Bearer';
  place
    .at('headerName')
    .report(
      BEARER_HEADER,
      headerName,
      bearer && headerName !== undefined && headerName.toLowerCase() !== 'authorization',
    );
  const { name: secret = '', key = '', optional } = secretRef ?? {};
  place.at('secretRef').report(TOKEN_SECRET_MISSING, secretRef, secret === '');
  if (optional === true) {
    refuse('token.secretRef.optional', optional, place.at('secretRef', 'optional'));
  }
  return secret === ''
    ? undefined
    : { header: bearer ? 'authorization' : headerName?.toLowerCase(), secret: { name: secret, key } };
}

/** Of an object, only the names of its fields are shown: it may hold secrets. */
function refuse(part: string, value: unknown, place: Place): void {
  place.report(REFUSED_CREDENTIALS[part], isObject(value) ? Object.keys(value) : value, true);
}
