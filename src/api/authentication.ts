import { HIDDEN, list, named, own, ruled, text, textList, ValueOf, ruleFor } from './codec';
import { issuerModel, issuerRef, secretKey, HEADER_NAME } from './common';
import { checkIn, mapped, object } from './object';
import { Place } from './place';
import { because, errorKind, FindingKind } from '../model/findings';
import {
  ApiKey,
  ApiKeyMethod,
  AuthenticationMethod,
  CredentialHeader,
  JsonWebKeys,
  JwtMethod,
  keySetProblem,
  SecretKey,
  SingleMethod,
} from '../model/policy';
import { HEADER_NAME_INVALID, isHeaderName } from '../model/validation';

/** How callers prove who they are: shapes of upstream's pr526, with members that this library adds, all optional. */

const METHOD_MISSING = errorKind(
  'authentication-method-missing',
  'names no method, so that anyone could call',
  'Write a method, or remove it',
);
const ENTRY_EMPTY = errorKind('authentication-entry-empty', 'names no method', 'Write a method, or remove it');
const CHOICE_ENTRY_EMPTY = errorKind(
  'authentication-choice-entry-empty',
  'names no method',
  'Write one method in each entry',
);
const CHOICE_ENTRY_SEVERAL = errorKind(
  'authentication-choice-entry-several',
  'names several methods, and a choice is between single ones',
  'Write one method in each entry',
);
export const ANY_OF_FEW = errorKind('any-of-few', 'is not a choice', 'Give at least two methods');
const SECRET_MISSING = errorKind(
  'authentication-secret-missing',
  'names no Secret',
  "Write the name of a Secret in the namespace of the gateway's pods",
);
const SECRET_OPTIONAL = errorKind(
  'authentication-secret-optional',
  'is true, but nobody could authenticate without the Secret',
  'Remove it',
);
const API_KEYS_EMPTY = errorKind('api-keys-empty', 'accepts no key, so nobody could call', 'Give at least one ApiKey');
const API_KEY_PREFIX = errorKind('api-key-prefix', 'is not supported for API keys', '{remedy}');
const API_KEY_NOT_ONE = errorKind(
  'api-key-not-one',
  'needs exactly one of sha256 and secretRef',
  'Write the hash of the key, or the Secret that holds it',
);
const API_KEY_USER_EMPTY = errorKind('api-key-user-empty', 'is empty', 'Name the user, or leave it out');
const API_KEY_GROUP_EMPTY = errorKind('api-key-group-empty', 'is empty', 'Name the group');
const AUTHORITY_NOT_ONE = errorKind(
  'client-authority-not-one',
  'needs exactly one of caRef and issuerRef',
  'Write one of the two',
);
const JWT_ISSUER_MISSING = errorKind(
  'jwt-issuer-missing',
  'is missing, so tokens of any issuer that uses the same keys would pass',
  'Write what the `iss` claim of the tokens holds',
);
const JWT_ISSUER_EMPTY = errorKind('jwt-issuer-empty', 'is empty', 'Give what the `iss` claim of the tokens holds');
const JWT_AUDIENCES_MISSING = errorKind(
  'jwt-audiences-missing',
  'is missing, so tokens for any service would pass',
  'Write the audience that stands for this gateway',
);
const JWT_AUDIENCES_EMPTY = errorKind(
  'jwt-audiences-empty',
  'is empty, so tokens for any service would pass',
  'Name the audience that stands for this gateway',
);
const JWT_AUDIENCE_EMPTY = errorKind('jwt-audience-empty', 'is empty', 'Name the audience');
const JWT_KEYS_MISSING = errorKind(
  'jwt-keys-missing',
  'is missing: keys are not looked up while the gateway runs',
  'Write the `jwks_uri` that the issuer names in its /.well-known/openid-configuration, or the keys in jwks',
);
/** Of keys that are given in no way, or in two. */
export const JWT_KEYS_AMBIGUOUS = errorKind(
  'jwt-keys-ambiguous',
  'exactly one of jwksUri and jwks is needed',
  'Give the URL of the keys, or the keys themselves',
);
const JWKS_URI_INVALID = errorKind(
  'jwks-uri-invalid',
  'is not a URL without credentials',
  'Write it as https://auth.acme.dev/jwks.json',
);
const JWKS_INVALID = errorKind(
  'jwks-invalid',
  '{problem}',
  'Give the JSON text that the issuer serves, with public keys only',
);
const OIDC_ISSUER_INVALID = errorKind(
  'oidc-issuer-invalid',
  'is not a URL, so clients could not find the authorization server',
  'Write it as https://auth.acme.dev',
);
const OIDC_HEADER = errorKind('oidc-header', 'is not the header that OAuth clients send tokens in', 'Drop it');
const OIDC_SCOPE_INVALID = errorKind(
  'oidc-scope-invalid',
  'is not an OAuth scope',
  'Use printable characters without spaces and quotes',
);
const CLIENT_SECRET_UNUSED = errorKind(
  'oidc-client-secret-unused',
  'is not needed: the gateway verifies tokens as a resource server, and is no client itself',
  'Remove it',
);

/** A reference to a key of a Secret, as the API has it. */
type SecretRefValue = ValueOf<ReturnType<typeof secretKey>>;

const secretRef = (description: string) => ({
  ...secretKey(description),
  check: ({ name, optional }: SecretRefValue, place: Place) => {
    place.at('name').report(SECRET_MISSING, name, (name ?? '') === '');
    place.at('optional').report(SECRET_OPTIONAL, optional, optional === true);
  },
});

const keyEntry = object(
  'One key.',
  {
    groups: textList('Groups of the user.'),
    secretRef: secretRef('Secret that holds the key.'),
    sha256: text('SHA-256 hash of the key, in hexadecimal.', { pattern: '^[0-9a-f]{64}$' }),
    user: text('User that the key stands for.'),
  },
  {},
  ({ groups = [], secretRef: ref, sha256, user }, place) => {
    const given = Object.keys({ ...(sha256 === undefined ? {} : { sha256 }), ...(ref === undefined ? {} : { ref }) });
    place.report(
      API_KEY_NOT_ONE,
      given.map(field => (field === 'ref' ? 'secretRef' : field)),
      given.length !== 1,
    );
    checkPresenter({ groups, user }, place);
  },
);

/** Checks who presents an API key. */
export function checkPresenter(
  { groups = [], user }: { readonly groups?: readonly string[]; readonly user?: string },
  place: Place,
): void {
  place.at('user').report(API_KEY_USER_EMPTY, user, user === '');
  groups.forEach((group, i) => place.at('groups', i).report(API_KEY_GROUP_EMPTY, group, group === ''));
}

/** Header of keys, unless another is named. */
export const DEFAULT_KEY_HEADER = 'X-API-Key';

const apiKey = object(
  'API keys.',
  {
    header: text('Request header that carries the key.', { default: DEFAULT_KEY_HEADER }, HEADER_NAME),
    keys: own(list('Accepted keys, with who presents them.', keyEntry)),
    prefix: own(text('What precedes the key in the header.')),
    secretRefs: list('Secrets that hold accepted keys.', secretRef('One Secret.'), { minItems: 1 }),
  },
  { required: ['header'] },
  ({ header, prefix, keys = [], secretRefs = [] }, place) => {
    const { prefix: usual } = credentialHeader(header);
    place
      .at('prefix')
      .report(
        API_KEY_PREFIX,
        prefix,
        prefix === undefined || prefix === usual
          ? undefined
          : { remedy: usual === '' ? 'Remove it' : `Write "${usual}", or remove it` },
      );
    const count = keys.length + secretRefs.length;
    place.at('keys').report(API_KEYS_EMPTY, count, count === 0);
  },
);

/** Checks the keys and the header of a method. */
export function checkApiKeys(keys: readonly ApiKey[], header: string, place: Place): void {
  apiKey.check({ header, keys: keys.map(writeKey) }, place);
}

const CLAIM_PATH = ruleFor<readonly string[]>(
  'claim-path-empty',
  path => (path.length > 0 && path.every(name => name !== '') ? undefined : 'has an empty name'),
  'Name each claim from the top of the token',
);

/** A claim by its path. */
export const claimPath = (description: string) => ruled(textList(description), CLAIM_PATH);

const token = {
  audiences: textList('Audiences, one of which a token must carry.', { minItems: 1 }),
  groupsClaim: own(claimPath('Path of the claim that lists groups; [groups] by default.')),
  header: own(text('Request header that carries the token; Authorization by default.')),
  issuer: text('Issuer that tokens must name.'),
  jwks: own(text('The signing keys as a JSON Web Key Set.'), HIDDEN),
  jwksURI: named('jwksUri', text('URL of the signing keys.')),
  prefix: own(text('What precedes the token in the header.')),
  userClaim: own(claimPath('Path of the claim that names the user; [sub] by default.')),
};

const jwt = object('JSON Web Tokens.', token, { required: ['audiences'] }, (value, place) => checkJwt(value, place));

const oidc = object(
  'OpenID Connect: JSON Web Tokens for an OAuth 2 protected resource.',
  {
    ...token,
    audiences: own(token.audiences),
    jwksURI: own(token.jwksURI),
    clientID: text('Client the gateway acts as.'),
    clientSecretRef: secretKey('Secret of that client.'),
    scopes: textList('Scopes to ask for.'),
  },
  { required: ['issuer'] },
  (value, place) => {
    const audiences = audiencesOf(value);
    place.at('audiences').report(JWT_AUDIENCES_MISSING, audiences, audiences === undefined);
    if (audiences !== undefined) {
      checkOidc({ ...value, audiences }, place);
    }
  },
);

type OidcValue = ValueOf<typeof oidc>;

/** The audience of a client stands for it where none is named. */
function audiencesOf({ audiences, clientID }: OidcValue): readonly string[] | undefined {
  return audiences ?? (clientID === undefined ? undefined : [clientID]);
}

/** A method that verifies tokens, by the names of options. */
export interface TokenValue {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly jwks?: string;
  readonly jwksUri?: string;
  readonly header?: string;
  readonly prefix?: string;
  readonly userClaim?: readonly string[];
  readonly groupsClaim?: readonly string[];
  readonly scopes?: readonly string[];
}

/** Checks a method that verifies tokens; keys that are given in no way are reported as the kind says. */
export function checkJwt(value: TokenValue, place: Place, keysMissing: FindingKind = JWT_KEYS_MISSING): void {
  const { issuer, audiences, jwks, jwksUri, header } = value;
  place.at('issuer').report(JWT_ISSUER_MISSING, issuer, issuer === undefined);
  place.at('issuer').report(JWT_ISSUER_EMPTY, issuer, issuer === '');
  place.at('audiences').report(JWT_AUDIENCES_EMPTY, audiences, audiences?.length === 0);
  audiences?.forEach((audience, i) => place.at('audiences', i).report(JWT_AUDIENCE_EMPTY, audience, audience === ''));
  place.at('jwksUri').report(keysMissing, jwksUri, jwksUri === undefined && jwks === undefined);
  place.at('jwksUri').report(JWT_KEYS_AMBIGUOUS, jwksUri, jwksUri !== undefined && jwks !== undefined);
  place.at('jwksUri').report(JWKS_URI_INVALID, jwksUri, jwksUri !== undefined && !/^https?:\/\/[^\s@]+$/.test(jwksUri));
  place.at('jwks').report(JWKS_INVALID, '(not shown)', because(jwks === undefined ? undefined : keySetProblem(jwks)));
  place.at('header').report(HEADER_NAME_INVALID, header, header !== undefined && !isHeaderName(header));
}

/** The same of a method for an OAuth 2 protected resource. */
export function checkOidc(value: TokenValue, place: Place, keysMissing?: FindingKind): void {
  const { issuer, header, scopes = [] } = value;
  checkJwt(value, place, keysMissing);
  place.at('issuer').report(OIDC_ISSUER_INVALID, issuer, issuer !== undefined && !/^https?:\/\//.test(issuer));
  place.at('header').report(OIDC_HEADER, header, header !== undefined && header.toLowerCase() !== 'authorization');
  scopes.forEach((scope, i) =>
    place.at('scopes', i).report(OIDC_SCOPE_INVALID, scope, !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)),
  );
}

/** A method that verifies tokens, as a data plane has to. What is missing is a finding. */
export function jwtMethod(value: TokenValue): JwtMethod {
  const { issuer = '', audiences = [], jwks = '', jwksUri, header, prefix } = value;
  const keys: JsonWebKeys = jwksUri === undefined ? { kind: 'inline', jwks } : { kind: 'url', url: jwksUri };
  return {
    kind: 'jwt',
    issuer,
    audiences: [...audiences],
    keys,
    header: credentialHeader(header ?? 'Authorization', prefix),
    claims: { user: value.userClaim ?? ['sub'], groups: value.groupsClaim ?? ['groups'] },
  };
}

/** The same for an OAuth 2 protected resource. */
export function oidcMethod(value: TokenValue): JwtMethod {
  return { ...jwtMethod(value), resource: { scopes: [...(value.scopes ?? [])] } };
}

/** A header, with what usually precedes a credential in it. */
export function credentialHeader(name: string, prefix?: string): CredentialHeader {
  const lower = name.toLowerCase();
  return { name: lower, prefix: prefix ?? (lower === 'authorization' ? 'Bearer ' : '') };
}

const basic = object(
  'User names and passwords.',
  { htpasswdRef: secretRef('Secret with an htpasswd file.') },
  { required: ['htpasswdRef'] },
);

const clientCertificate = object(
  'Client certificates.',
  {
    caRef: secretRef('Secret with the PEM certificates of the authorities.'),
    issuerRef: issuerRef('Issuer of cert-manager whose authority signs them.'),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: 'has(self.caRef) != has(self.issuerRef)',
        message: 'set exactly one of clientCertificate.caRef and clientCertificate.issuerRef',
      },
    ],
  },
  (value, place) => place.report(AUTHORITY_NOT_ONE, Object.keys(value), Object.keys(value).length !== 1),
);

const method = { apiKey, basic: own(basic), clientCertificate: own(clientCertificate), jwt, oidc };

const methodEntry = object('One method.', method);

type MethodEntry = ValueOf<typeof methodEntry>;

/** The kinds of methods, in the order in which those of one object are asked for. */
const METHODS = ['apiKey', 'basic', 'jwt', 'oidc', 'clientCertificate'] as const;

const namesOf = (entry: MethodEntry) => METHODS.filter(name => entry[name] !== undefined);

const anyOf = list('Methods, one of which must pass.', {
  ...methodEntry,
  check: (entry: MethodEntry, place: Place) => {
    const given = Object.keys(entry);
    place.report(CHOICE_ENTRY_EMPTY, given, given.length === 0);
    place.report(CHOICE_ENTRY_SEVERAL, given, given.length > 1);
    if (given.length === 1) {
      methodEntry.check(entry, place);
      checkNested(entry, place);
    }
  },
});

/** Only the outermost method keeps what a client would need. */
function checkNested({ oidc: nested }: MethodEntry, place: Place): void {
  const secret = nested?.clientSecretRef;
  place.at('oidc', 'clientSecretRef').report(CLIENT_SECRET_UNUSED, secret, secret !== undefined);
}

function checkChoice(entries: readonly MethodEntry[] | undefined, place: Place): void {
  const { length } = entries ?? [];
  place.at('anyOf').report(ANY_OF_FEW, length, entries !== undefined && length < 2);
}

const form = object(
  'How callers prove who they are; every method set must pass.',
  {
    ...method,
    allOf: own(
      list(
        'Further methods, all of which must pass.',
        object('One method, or a choice.', { ...method, anyOf }, {}, (entry, place) => {
          place.report(ENTRY_EMPTY, entry, Object.keys(entry).length === 0);
          checkChoice(entry.anyOf, place);
          checkNested(entry, place);
        }),
      ),
    ),
    anyOf: own(anyOf),
  },
  {},
  (value, place) => {
    const { allOf = [], anyOf: choice = [] } = value;
    place.report(METHOD_MISSING, value, namesOf(value).length + allOf.length + choice.length === 0);
    checkChoice(value.anyOf, place);
  },
);

type FormValue = ValueOf<typeof form>;

/** What names the client of OpenID Connect: kept in the resource, since a resource server needs none. */
export interface OidcClient {
  readonly clientID?: string;
  readonly clientSecretRef?: SecretRefValue;
  /** Whether the client's id is the audience of its tokens, and so used. */
  readonly isAudience: boolean;
}

/** How callers prove who they are. */
export interface AuthenticationValue {
  /** All of these must pass. */
  readonly methods: readonly AuthenticationMethod[];
  readonly client?: OidcClient;
}

/** `authentication` of a route or gateway. */
export const authentication = mapped(form, {
  read: (value, place): AuthenticationValue | undefined => {
    let right = true;
    checkIn(
      form,
      value,
      place.watched(() => {
        right = false;
      }),
    );
    return right ? { methods: methodsOf(value), client: clientOf(value.oidc) } : undefined;
  },
  write: writeAuthentication,
  place: () => [],
});

function methodsOf(value: FormValue): AuthenticationMethod[] {
  return [
    ...singlesOf(value),
    ...choiceOf(value.anyOf),
    ...(value.allOf ?? []).flatMap(entry => [...singlesOf(entry), ...choiceOf(entry.anyOf)]),
  ];
}

function choiceOf(entries: readonly MethodEntry[] | undefined): AuthenticationMethod[] {
  return entries === undefined ? [] : [{ kind: 'anyOf', methods: entries.flatMap(singlesOf) }];
}

function singlesOf(entry: MethodEntry): SingleMethod[] {
  return namesOf(entry).map(name => single(name, entry));
}

function single(name: (typeof METHODS)[number], entry: MethodEntry): SingleMethod {
  switch (name) {
    case 'apiKey':
      return apiKeyMethod(entry.apiKey!);
    case 'basic':
      return { kind: 'basic', htpasswd: secretOf(entry.basic!.htpasswdRef) };
    case 'jwt':
      return jwtMethod(entry.jwt!);
    case 'oidc':
      return oidcMethod({ ...entry.oidc, audiences: audiencesOf(entry.oidc!) });
    case 'clientCertificate': {
      const { caRef, issuerRef: issuer } = entry.clientCertificate!;
      return {
        kind: 'clientCertificate',
        ca:
          caRef === undefined
            ? { kind: 'issuer', issuer: issuerModel(issuer!) }
            : { kind: 'secret', ref: secretOf(caRef) },
      };
    }
  }
}

function apiKeyMethod({ header, keys = [], secretRefs = [] }: ValueOf<typeof apiKey>): ApiKeyMethod {
  return {
    kind: 'apiKey',
    header: credentialHeader(header),
    keys: [
      ...secretRefs.map((ref): ApiKey => ({ secret: { kind: 'secret', ref: secretOf(ref) }, groups: [] })),
      ...keys.map(({ sha256, secretRef: ref, user, groups = [] }): ApiKey => ({
        secret: sha256 === undefined ? { kind: 'secret', ref: secretOf(ref!) } : { kind: 'sha256', hex: sha256 },
        user,
        groups,
      })),
    ],
  };
}

const secretOf = ({ name = '', key }: SecretRefValue): SecretKey => ({ secretName: name, key });

function clientOf(value: OidcValue | undefined): OidcClient | undefined {
  const { clientID, clientSecretRef, audiences } = value ?? {};
  return clientID === undefined && clientSecretRef === undefined
    ? undefined
    : { clientID, clientSecretRef, isAudience: audiences === undefined };
}

/** Methods whose Secrets are those of a namespace, unless it is said. */
export function methodsIn(
  namespace: string | undefined,
  methods: readonly AuthenticationMethod[],
): readonly AuthenticationMethod[] {
  return methods.map(given =>
    given.kind === 'anyOf'
      ? { ...given, methods: given.methods.map(one => methodIn(namespace, one)) }
      : methodIn(namespace, given),
  );
}

function methodIn(secretNamespace: string | undefined, given: SingleMethod): SingleMethod {
  const placed = (ref: SecretKey): SecretKey => ({ secretNamespace, ...ref });
  switch (given.kind) {
    case 'jwt':
      return given;
    case 'basic':
      return { ...given, htpasswd: placed(given.htpasswd) };
    case 'clientCertificate':
      return given.ca.kind === 'issuer' ? given : { ...given, ca: { kind: 'secret', ref: placed(given.ca.ref) } };
    case 'apiKey':
      return {
        ...given,
        keys: given.keys.map(key =>
          key.secret.kind === 'sha256' ? key : { ...key, secret: { kind: 'secret', ref: placed(key.secret.ref) } },
        ),
      };
  }
}

/**
 * Methods as resources write them. Upstream's schema has one field for each kind of method; a second method of a kind,
 * and choices, go into `allOf` and `anyOf`.
 */
function writeAuthentication({ methods, client }: AuthenticationValue): FormValue {
  const first: Record<string, unknown> = {};
  const rest: MethodEntry[] = [];
  for (const given of methods) {
    const written = given.kind === 'anyOf' ? { anyOf: given.methods.map(writeMethod) } : writeMethod(given);
    const [field] = Object.keys(written);
    if (field in first) {
      rest.push(written);
    } else {
      Object.assign(first, written);
    }
  }
  const { clientID, clientSecretRef } = client ?? {};
  return {
    ...first,
    ...(client === undefined ? {} : { oidc: { ...(first.oidc as OidcValue), clientID, clientSecretRef } }),
    ...(rest.length === 0 ? {} : { allOf: rest }),
  };
}

function writeMethod(given: SingleMethod): MethodEntry {
  switch (given.kind) {
    case 'jwt':
      return given.resource === undefined
        ? { jwt: writeToken(given) }
        : {
            oidc: {
              ...writeToken(given),
              scopes: given.resource.scopes.length === 0 ? undefined : given.resource.scopes,
            },
          };
    case 'apiKey':
      return { apiKey: writeApiKey(given) };
    case 'basic':
      return { basic: { htpasswdRef: writeSecret(given.htpasswd) } };
    case 'clientCertificate':
      return {
        clientCertificate:
          given.ca.kind === 'secret' ? { caRef: writeSecret(given.ca.ref) } : { issuerRef: { ...given.ca.issuer } },
      };
  }
}

function writeToken({ issuer, audiences, keys, header, claims }: JwtMethod) {
  const usual = header.name === 'authorization' && header.prefix === 'Bearer ';
  return {
    issuer,
    audiences,
    jwksUri: keys.kind === 'url' ? keys.url : undefined,
    jwks: keys.kind === 'inline' ? keys.jwks : undefined,
    ...(usual ? {} : { header: header.name, prefix: header.prefix }),
    userClaim: claims.user.join() === 'sub' ? undefined : claims.user,
    groupsClaim: claims.groups.join() === 'groups' ? undefined : claims.groups,
  };
}

function writeApiKey({ header, keys }: ApiKeyMethod): ValueOf<typeof apiKey> {
  const anonymous = keys.flatMap(key => (isAnonymous(key) && key.secret.kind === 'secret' ? [key.secret.ref] : []));
  const others = keys.filter(key => !isAnonymous(key));
  return {
    header: header.name,
    ...(header.prefix === '' ? {} : { prefix: header.prefix }),
    ...(anonymous.length === 0 ? {} : { secretRefs: anonymous.map(writeSecret) }),
    ...(others.length === 0 ? {} : { keys: others.map(writeKey) }),
  };
}

function writeKey({ secret, user, groups }: ApiKey): ValueOf<typeof keyEntry> {
  return {
    ...(secret.kind === 'sha256' ? { sha256: secret.hex } : { secretRef: writeSecret(secret.ref) }),
    ...(user === undefined ? {} : { user }),
    ...(groups.length === 0 ? {} : { groups }),
  };
}

/** What upstream's `secretRefs` can say. */
function isAnonymous({ secret, user, groups }: ApiKey): boolean {
  return secret.kind === 'secret' && user === undefined && groups.length === 0;
}

function writeSecret({ secretName, key }: SecretKey): SecretRefValue {
  return { name: secretName, key };
}
