import * as kplus from 'cdk8s-plus-28';
import { ApiKey } from './api-key';
import { Claim } from './principal';
import { checkApiKeys, DEFAULT_KEY_HEADER } from '../api/api-keys';
import { ANY_OF_FEW } from '../api/authentication';
import { placeIn } from '../api/place';
import {
  checkJwt,
  checkOidc,
  credentialHeader,
  JWT_KEYS_AMBIGUOUS,
  jwtMethod,
  oidcMethod,
  TokenValue,
} from '../api/tokens';
import { CertManagerIssuer } from '../cluster/cert-manager-issuer';
import { errorKind, InputCheck } from '../model/findings';
import { AuthenticationMethod, CertificateAuthority as CertificateAuthorityModel, SingleMethod } from '../model/policy';
import { secretKeyOf } from '../synthesis/config-and-secrets';

/**
 * Whose certificates a gateway accepts from its callers. Every certificate that the authority signed for clients is
 * accepted: choose one that signs for callers of this gateway and nobody else, or restrict them by rules.
 *
 * @example
 *
 * import * as kplus from 'cdk8s-plus-28';
 * import { App, Chart } from 'cdk8s';
 * import { Authentication, CertificateAuthority, CertManagerIssuer, ClusterAddOn, ClusterProfile, GatewayTls, McpGateway } from 'cdk8s-mcp';
 *
 * const platform = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
 * new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(platform);
 * const partners = kplus.Secret.fromSecretName(platform, 'partners', 'partners-ca');
 * new McpGateway(platform, 'gateway', {
 *   tls: GatewayTls.fromIssuer(CertManagerIssuer.clusterIssuer('cluster-ca')),
 *   authentication: [Authentication.clientCertificate(CertificateAuthority.fromSecret({ secret: partners, key: 'ca.crt' }))],
 * });
 */
export class CertificateAuthority {
  /**
   * Authorities whose certificates are in a Secret, which must be in the namespace of the gateway's pods. The gateway reads
   * a changed Secret while it runs, as soon as the kubelet has written it to the pod: within about two minutes.
   *
   * @param value the Secret, and the key with the certificates of the authorities: a PEM bundle
   */
  public static fromSecret(value: kplus.SecretValue): CertificateAuthority {
    return new CertificateAuthority({ kind: 'secret', ref: secretKeyOf(value) });
  }

  /**
   * The authority of a cert-manager issuer, which cert-manager writes as `ca.crt` beside each certificate that it issues.
   * Where the gateway's own certificate is of this issuer (`GatewayTls.fromIssuer`), it is read there; else a Certificate
   * `{gateway}-client-ca` is emitted in the gateway's namespace for its sake, which serves nothing else.
   *
   * The profile of the cluster must say that cert-manager is installed (`ClusterAddOn.CERT_MANAGER`), or synthesis fails.
   *
   * The issuer must be one that has an authority of its own (CA, Vault, self-signed): one of ACME writes no `ca.crt`, and
   * the gateway's pods would wait for it. A new authority is known when that certificate is next issued.
   *
   * @param issuer the issuer
   */
  public static fromIssuer(issuer: CertManagerIssuer): CertificateAuthority {
    return new CertificateAuthority({ kind: 'issuer', issuer: issuer._model });
  }

  /** @internal */
  public readonly _model: CertificateAuthorityModel;

  private constructor(model: CertificateAuthorityModel) {
    this._model = model;
  }
}

const ANY_OF_NESTED = errorKind('any-of-nested', 'is a choice itself', 'Give its methods to this anyOf');

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
   * PEM certificates that the certificate of `jwksUri` must chain to, for an issuer whose authority is your own. They are public
   * and become part of the gateway's configuration. Envoy alone: agentgateway knows the system's roots for this.
   *
   * @default - the system's roots
   */
  readonly caBundle?: string;

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
    const value = tokenValue(options);
    checkJwt(value, placeIn(input), JWT_KEYS_AMBIGUOUS);
    input.throwIfAny();
    return new Authentication(jwtMethod(value));
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
    const value = { ...tokenValue(options), scopes: options.scopes };
    checkOidc(value, placeIn(input), JWT_KEYS_AMBIGUOUS);
    input.throwIfAny();
    return new Authentication(oidcMethod(value));
  }

  /**
   * An opaque key.
   *
   * @param options keys and header
   * @throws when there is no key, or the header is not a header name
   */
  public static apiKey(options: ApiKeyAuthenticationOptions): Authentication {
    const input = new InputCheck('Authentication.apiKey');
    const { header = DEFAULT_KEY_HEADER } = options;
    const keys = options.keys.map(key => key._model);
    checkApiKeys(keys, header, placeIn(input));
    input.throwIfAny();
    return new Authentication({ kind: 'apiKey', header: credentialHeader(header), keys });
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

function tokenValue({ userClaim, groupsClaim, ...options }: JwtAuthenticationOptions): TokenValue {
  return { ...options, userClaim: userClaim?._path, groupsClaim: groupsClaim?._path };
}
