import * as kplus from 'cdk8s-plus-28';
import { ApiKey } from './api-key';
import { CertificateAuthority } from './certificate-authority';
import { Claim } from './claim';
import { because, errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';
import { HEADER_NAME_INVALID, isHeaderName } from '../model/names';
import { AuthenticationMethod, CredentialHeader, IdentityClaims, JsonWebKeys, SingleMethod } from '../model/policy';
import { secretKeyOf } from '../synthesis/secrets';
import { keySetProblem } from '../values/key-set';

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
const API_KEYS_EMPTY = errorKind('api-keys-empty', 'accepts no key, so nobody could call', 'Give at least one ApiKey');
const ANY_OF_FEW = errorKind('any-of-few', 'is not a choice', 'Give at least two methods');
const ANY_OF_NESTED = errorKind('any-of-nested', 'is a choice itself', 'Give its methods to this anyOf');
const JWT_ISSUER_EMPTY = errorKind('jwt-issuer-empty', 'is empty', 'Give what the `iss` claim of the tokens holds');
const JWT_AUDIENCES_EMPTY = errorKind(
  'jwt-audiences-empty',
  'is empty, so tokens for any service would pass',
  'Name the audience that stands for this gateway',
);
const JWT_AUDIENCE_EMPTY = errorKind('jwt-audience-empty', 'is empty', 'Name the audience');
const JWT_KEYS_AMBIGUOUS = errorKind(
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

/** Options of {@link Authentication.jwt}. */
export interface JwtAuthenticationOptions {
  /** Issuer of the tokens, exactly as their `iss` claim has it. */
  readonly issuer: string;

  /** Audiences, one of which a token must be for (`aud`). */
  readonly audiences: string[];

  /**
   * URL of the issuer's JSON Web Key Set. The gateway fetches it when it starts: a gateway that cannot reach it does
   * not start. Give one of `jwksUri` and `jwks`.
   *
   * @default - `jwks` is given
   */
  readonly jwksUri?: string;

  /**
   * The issuer's JSON Web Key Set as JSON text, for issuers whose keys do not change or are renewed by a new
   * synthesis. Nothing needs to be reachable then.
   *
   * @default - `jwksUri` is given
   */
  readonly jwks?: string;

  /**
   * Header that carries the token.
   *
   * @default Authorization
   */
  readonly header?: string;

  /**
   * What precedes the token in the header.
   *
   * @default - `Bearer ` in Authorization, nothing elsewhere
   */
  readonly prefix?: string;

  /**
   * Claim that names the user.
   *
   * @default Claim.named('sub')
   */
  readonly userClaim?: Claim;

  /**
   * Claim that lists the user's groups: a list, or one name.
   *
   * @default Claim.named('groups')
   */
  readonly groupsClaim?: Claim;
}

/** Options of {@link Authentication.oidc}. */
export interface OidcAuthenticationOptions extends JwtAuthenticationOptions {
  /**
   * Scopes that clients are told to ask for.
   *
   * @default - none are named
   */
  readonly scopes?: string[];
}

/** Options of {@link Authentication.apiKey}. */
export interface ApiKeyAuthenticationOptions {
  /** The keys that are accepted. */
  readonly keys: ApiKey[];

  /**
   * Header that carries the key. With `Authorization` the key is a bearer token.
   *
   * @default X-API-Key
   */
  readonly header?: string;
}

/**
 * How callers prove who they are. Every method of a gateway and of its route must pass.
 *
 * A bearer token is either a JWT ({@link Authentication.jwt}, {@link Authentication.oidc}) or an opaque API key in the
 * header `Authorization` ({@link Authentication.apiKey}).
 *
 * @example
 *
 * import * as kplus from 'cdk8s-plus-28';
 * import { App, Chart } from 'cdk8s';
 * import { ApiKey, Authentication, McpGateway } from 'cdk8s-mcp';
 *
 * const platform = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
 * const key = kplus.Secret.fromSecretName(platform, 'ci-key', 'ci-key');
 * new McpGateway(platform, 'gateway', {
 *   authentication: [Authentication.anyOf(
 *     Authentication.jwt({ issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksUri: 'https://auth.acme.dev/jwks.json' }),
 *     Authentication.apiKey({ keys: [ApiKey.fromSecret({ secret: key, key: 'key' }, { user: 'ci' })] }),
 *   )],
 * });
 */
export class Authentication {
  /**
   * A JSON Web Token, verified by its issuer's keys.
   *
   * @param options issuer, audiences, keys and claims
   * @throws when an option is invalid; the error names every such option
   */
  public static jwt(options: JwtAuthenticationOptions): Authentication {
    const input = new InputCheck('Authentication.jwt');
    checkJwt(input, options);
    input.throwIfAny();
    return new Authentication({ kind: 'jwt', ...jwtModel(options) });
  }

  /**
   * A JSON Web Token for an OAuth 2 protected resource: clients without one are told where to get it, by the metadata
   * of RFC 9728 that the gateway serves for each route, as the MCP authorization specification prescribes.
   *
   * @param options issuer, audiences, keys, claims and scopes
   * @throws when an option is invalid; the error names every such option
   */
  public static oidc(options: OidcAuthenticationOptions): Authentication {
    const input = new InputCheck('Authentication.oidc');
    checkJwt(input, options);
    input.report(OIDC_ISSUER_INVALID, 'issuer', options.issuer, !/^https?:\/\//.test(options.issuer));
    input.reportGiven(OIDC_HEADER, 'header', options.header, value => value.toLowerCase() !== 'authorization');
    options.scopes?.forEach((scope, i) =>
      input.report(OIDC_SCOPE_INVALID, `scopes[${i}]`, scope, !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)),
    );
    input.throwIfAny();
    return new Authentication({ kind: 'jwt', ...jwtModel(options), resource: { scopes: [...(options.scopes ?? [])] } });
  }

  /**
   * An opaque key.
   *
   * @param options keys and header
   * @throws when there is no key, or the header is not a header name
   */
  public static apiKey(options: ApiKeyAuthenticationOptions): Authentication {
    const input = new InputCheck('Authentication.apiKey');
    input.report(API_KEYS_EMPTY, 'keys', options.keys.length, options.keys.length === 0);
    input.reportGiven(HEADER_NAME_INVALID, 'header', options.header, value => !isHeaderName(value));
    input.throwIfAny();
    return new Authentication({
      kind: 'apiKey',
      header: credentialHeader(options.header ?? 'X-API-Key'),
      keys: options.keys.map(key => key._model),
    });
  }

  /**
   * User name and password in the header `Authorization`, checked against an htpasswd file with bcrypt or apr1 hashes. Envoy
   * takes apr1 alone, and refuses users with any other.
   *
   * @param htpasswd the Secret with the file, in the namespace of the gateway's pods, and the key in it
   */
  public static basic(htpasswd: kplus.SecretValue): Authentication {
    return new Authentication({ kind: 'basic', htpasswd: secretKeyOf(htpasswd) });
  }

  /**
   * A certificate that the client presents when it connects, signed by an authority. Its common name (CN) is the user; it
   * names no groups. Connections without one, or with one of another authority, are refused.
   *
   * It is a matter of the connection, so of the whole gateway, which must have `tls`: ask for it at the gateway. With Envoy a
   * route may ask for it as well, or take it as one of several ways, and connections without one are served elsewhere. Behind a
   * load balancer or an ingress that ends TLS itself, no client certificate reaches the gateway.
   *
   * @param authority whose certificates are accepted
   */
  public static clientCertificate(authority: CertificateAuthority): Authentication {
    return new Authentication({ kind: 'clientCertificate', ca: authority._model });
  }

  /**
   * Any one of several methods.
   *
   * @param methods the methods
   * @throws when there are fewer than two, or one is an `anyOf` itself
   */
  public static anyOf(...methods: Authentication[]): Authentication {
    const input = new InputCheck('Authentication.anyOf');
    input.report(ANY_OF_FEW, 'methods', methods.length, methods.length < 2);
    const single = methods.map(({ _method }, i) => {
      input.report(ANY_OF_NESTED, `methods[${i}]`, _method.kind, _method.kind === 'anyOf');
      return _method as SingleMethod;
    });
    input.throwIfAny();
    return new Authentication({ kind: 'anyOf', methods: single });
  }

  /** @internal */
  public readonly _method: AuthenticationMethod;

  private constructor(method: AuthenticationMethod) {
    this._method = method;
  }
}

function credentialHeader(name: string, prefix?: string): CredentialHeader {
  const lower = name.toLowerCase();
  return { name: lower, prefix: prefix ?? (lower === 'authorization' ? 'Bearer ' : '') };
}

function jwtModel(options: JwtAuthenticationOptions) {
  const keys: JsonWebKeys =
    options.jwksUri === undefined ? { kind: 'inline', jwks: options.jwks! } : { kind: 'url', url: options.jwksUri };
  const claims: IdentityClaims = {
    user: options.userClaim?._path ?? ['sub'],
    groups: options.groupsClaim?._path ?? ['groups'],
  };
  return {
    issuer: options.issuer,
    audiences: [...options.audiences],
    keys,
    header: credentialHeader(options.header ?? 'Authorization', options.prefix),
    claims,
  };
}

function checkJwt(input: InputCheck, options: JwtAuthenticationOptions): void {
  input.report(JWT_ISSUER_EMPTY, 'issuer', options.issuer, options.issuer === '');
  input.report(JWT_AUDIENCES_EMPTY, 'audiences', options.audiences, options.audiences.length === 0);
  options.audiences.forEach((audience, i) =>
    input.report(JWT_AUDIENCE_EMPTY, `audiences[${i}]`, audience, audience === ''),
  );
  input.report(
    JWT_KEYS_AMBIGUOUS,
    'jwksUri',
    options.jwksUri,
    (options.jwksUri === undefined) === (options.jwks === undefined),
  );
  input.reportGiven(JWKS_URI_INVALID, 'jwksUri', options.jwksUri, value => !/^https?:\/\/[^\s@]+$/.test(value));
  input.reportGiven(JWKS_INVALID, 'jwks', options.jwks === undefined ? undefined : '(not shown)', () =>
    because(keySetProblem(options.jwks!)),
  );
  input.reportGiven(HEADER_NAME_INVALID, 'header', options.header, value => !isHeaderName(value));
}
