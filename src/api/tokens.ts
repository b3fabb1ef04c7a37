import { HIDDEN, named, own, ruled, ruleFor, text, textList, ValueOf } from './codec';
import { secretKey } from './common';
import { object } from './object';
import { Place } from './place';
import { caBundleFault } from '../model/certificates';
import { because, errorKind, FindingKind } from '../model/findings';
import { urlFault } from '../model/hosts';
import { CredentialHeader, JsonWebKeys, JwtMethod, keySetProblem } from '../model/policy';
import { HEADER_NAME_INVALID, HEADER_OF_PROTOCOL, isHeaderName, isProtocolHeader, isScope } from '../model/validation';

/** Tokens, by which callers prove who they are: JSON Web Tokens, and those of an OAuth 2 protected resource. */

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
const AUTHORITY_UNUSED = errorKind(
  'jwt-authority-unused',
  'is given for keys that are not fetched by TLS',
  'Give their https URL in jwksUri, or drop it',
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

const CLAIM_PATH = ruleFor<readonly string[]>(
  'claim-path-empty',
  path => (path.length > 0 && path.every(name => name !== '') ? undefined : 'has an empty name'),
  'Name each claim from the top of the token',
);

/** A claim by its path. */
export const claimPath = (description: string) => ruled(textList(description), CLAIM_PATH);

const token = {
  audiences: textList('Audiences, one of which a token must carry.', { minItems: 1 }),
  caBundle: own(
    text("PEM certificates that the certificate of jwksURI's server must chain to; the system's roots by default."),
  ),
  groupsClaim: own(claimPath('Path of the claim that lists groups; [groups] by default.')),
  header: own(text('Request header that carries the token; Authorization by default.')),
  issuer: text('Issuer that tokens must name.'),
  jwks: own(text('The signing keys as a JSON Web Key Set.'), HIDDEN),
  jwksURI: named('jwksUri', text('URL of the signing keys.')),
  prefix: own(text('What precedes the token in the header.')),
  userClaim: own(claimPath('Path of the claim that names the user; [sub] by default.')),
};

/** `jwt` of an authentication. */
export const jwt = object('JSON Web Tokens.', token, { required: ['audiences'] }, (value, place) =>
  checkJwt(value, place),
);

/** `oidc` of an authentication. */
export const oidc = object(
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

/** A method for an OAuth 2 protected resource, as resources say it. */
export type OidcValue = ValueOf<typeof oidc>;

/** The audience of a client stands for it where none is named. */
export function audiencesOf({ audiences, clientID }: OidcValue): readonly string[] | undefined {
  return audiences ?? (clientID === undefined ? undefined : [clientID]);
}

/** A method that verifies tokens, by the names of options. */
export interface TokenValue {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly jwks?: string;
  readonly jwksUri?: string;
  readonly caBundle?: string;
  readonly header?: string;
  readonly prefix?: string;
  readonly userClaim?: readonly string[];
  readonly groupsClaim?: readonly string[];
  readonly scopes?: readonly string[];
}

/** Whether keys can be fetched from a URL, wherever it leads; variables are reported by themselves. */
function isKeysUrl(url: string): boolean {
  return /^https?:\/\/[^\s@]+$/.test(url) && (URL.canParse(url) || urlFault(url) !== undefined);
}

/** Checks a method that verifies tokens; keys that are given in no way are reported as the kind says. */
export function checkJwt(value: TokenValue, place: Place, keysMissing: FindingKind = JWT_KEYS_MISSING): void {
  const { issuer, audiences, caBundle, jwks, jwksUri, header } = value;
  place.at('issuer').report(JWT_ISSUER_MISSING, issuer, issuer === undefined);
  place.at('issuer').report(JWT_ISSUER_EMPTY, issuer, issuer === '');
  place.at('audiences').report(JWT_AUDIENCES_EMPTY, audiences, audiences?.length === 0);
  audiences?.forEach((audience, i) => place.at('audiences', i).report(JWT_AUDIENCE_EMPTY, audience, audience === ''));
  place.at('jwksUri').report(keysMissing, jwksUri, jwksUri === undefined && jwks === undefined);
  place.at('jwksUri').report(JWT_KEYS_AMBIGUOUS, jwksUri, jwksUri !== undefined && jwks !== undefined);
  place.at('jwksUri').report(JWKS_URI_INVALID, jwksUri, jwksUri !== undefined && !isKeysUrl(jwksUri));
  const fault = jwksUri === undefined ? undefined : urlFault(jwksUri);
  if (fault !== undefined) {
    place.at('jwksUri').say(jwksUri, fault);
  }
  const wrong = caBundle === undefined ? undefined : caBundleFault(caBundle);
  if (wrong !== undefined) {
    place.at('caBundle').report<never>(wrong.kind, wrong.shown, true);
  }
  place.at('caBundle').report(AUTHORITY_UNUSED, '(given)', caBundle !== undefined && !/^https:/.test(jwksUri ?? ''));
  place.at('jwks').report(JWKS_INVALID, '(not shown)', because(jwks === undefined ? undefined : keySetProblem(jwks)));
  place.at('header').report(HEADER_NAME_INVALID, header, header !== undefined && !isHeaderName(header));
  place.at('header').report(HEADER_OF_PROTOCOL, header, header !== undefined && isProtocolHeader(header));
}

/** The same of a method for an OAuth 2 protected resource. */
export function checkOidc(value: TokenValue, place: Place, keysMissing?: FindingKind): void {
  const { issuer, header, scopes = [] } = value;
  checkJwt(value, place, keysMissing);
  place.at('issuer').report(OIDC_ISSUER_INVALID, issuer, issuer !== undefined && !/^https?:\/\//.test(issuer));
  place.at('header').report(OIDC_HEADER, header, header !== undefined && header.toLowerCase() !== 'authorization');
  scopes.forEach((scope, i) => place.at('scopes', i).report(OIDC_SCOPE_INVALID, scope, !isScope(scope)));
}

/** A method that verifies tokens, as a data plane has to. What is missing is a finding. */
export function jwtMethod(value: TokenValue): JwtMethod {
  const { issuer = '', audiences = [], caBundle, jwks = '', jwksUri, header, prefix } = value;
  const keys: JsonWebKeys =
    jwksUri === undefined
      ? { kind: 'inline', jwks }
      : { kind: 'url', url: jwksUri, ...(caBundle === undefined ? {} : { caBundle }) };
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

/** What both methods have of a token, as resources write it. */
export function writeToken({ issuer, audiences, keys, header, claims }: JwtMethod) {
  const usual = header.name === 'authorization' && header.prefix === 'Bearer ';
  return {
    issuer,
    audiences,
    jwksUri: keys.kind === 'url' ? keys.url : undefined,
    caBundle: keys.kind === 'url' ? keys.caBundle : undefined,
    jwks: keys.kind === 'inline' ? keys.jwks : undefined,
    ...(usual ? {} : { header: header.name, prefix: header.prefix }),
    userClaim: claims.user.join() === 'sub' ? undefined : claims.user,
    groupsClaim: claims.groups.join() === 'groups' ? undefined : claims.groups,
  };
}
