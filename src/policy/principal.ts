import { CredentialName, nameSource, principal, PrincipalValue } from '../api/authorization';
import { placeIn } from '../api/place';
import { claimPath } from '../api/tokens';
import { InputCheck } from '../model/findings';
import { ClaimPath, sourceWords } from '../model/policy';

/**
 * A claim of a token.
 *
 * @example
 *
 * import { Claim } from 'cdk8s-mcp';
 *
 * Claim.named('groups');
 * Claim.named('https://acme.dev/groups');
 * Claim.nested('realm_access', 'roles');
 */
export class Claim {
  /**
   * A claim at the top of the token. The name is taken as it is, dots and slashes included.
   *
   * @param name name of the claim
   * @throws when the name is empty
   */
  public static named(name: string): Claim {
    return Claim.nested(name);
  }

  /**
   * A claim inside others.
   *
   * @param path names of the claims, from the top
   * @throws when there is no name or an empty one
   */
  public static nested(...path: string[]): Claim {
    const input = new InputCheck('Claim');
    claimPath('The claim.').check(path, placeIn(input).at('path'));
    input.throwIfAny();
    return new Claim(path);
  }

  /** @internal */
  public readonly _path: ClaimPath;

  private constructor(path: ClaimPath) {
    this._path = path;
  }
}

/** Kinds of credentials by which callers prove who they are. */
export enum CredentialKind {
  /** A token, of whichever issuer: {@link Authentication.jwt} and {@link Authentication.oidc}. */
  TOKEN = 'Token',
  /** An API key: {@link Authentication.apiKey}. */
  API_KEY = 'APIKey',
  /** A user name and password: {@link Authentication.basic}. */
  PASSWORD = 'Password',
  /** A client certificate: {@link Authentication.clientCertificate}. */
  CLIENT_CERTIFICATE = 'ClientCertificate',
}

/** What has to have verified the name of a principal. Give one of them where several methods can yield the name. */
export interface PrincipalOptions {
  /**
   * Issuer of the token, exactly as its `iss` claim has it.
   *
   * @default - any issuer
   */
  readonly issuer?: string;

  /**
   * Kind of the credential.
   *
   * @default - any kind
   */
  readonly method?: CredentialKind;
}

/**
 * Who calls: a user, a group, a Kubernetes service account, or any caller that authentication let in.
 *
 * A name means somebody only together with what verified it. Where several methods in force can yield the name, a rule that does
 * not say which is an error: whoever chooses names for one of them could be granted what is another's.
 *
 * @example
 *
 * import { CredentialKind, Principal } from 'cdk8s-mcp';
 *
 * Principal.user('alice');
 * Principal.group('finance-admins');
 * Principal.serviceAccount('assistant', 'finance');
 * Principal.anyAuthenticated();
 *
 * // Where users of another issuer, or of passwords, could have the name.
 * Principal.user('alice', { issuer: 'https://employees.acme.dev' });
 * Principal.user('ci', { method: CredentialKind.API_KEY });
 */
export class Principal {
  /**
   * A user, by the user claim of a token, the user of an API key, or the name of basic authentication.
   *
   * @param name name of the user
   * @param options what has to have verified the name
   * @throws when the name or the issuer is empty, or the options say two things
   */
  public static user(name: string, options: PrincipalOptions = {}): Principal {
    return Principal.of('user', { kind: 'user', name }, options);
  }

  /**
   * The members of a group, by the groups claim of a token or the groups of an API key.
   *
   * @param name name of the group
   * @param options what has to have verified the name
   * @throws when the name or the issuer is empty, or the options say two things
   */
  public static group(name: string, options: PrincipalOptions = {}): Principal {
    return Principal.of('group', { kind: 'group', name }, options);
  }

  /**
   * A Kubernetes service account, by the subject of its token (`system:serviceaccount:{namespace}:{name}`).
   *
   * @param name name of the service account
   * @param namespace its namespace
   * @param options what has to have verified the name
   * @throws when the name or the namespace is not one of Kubernetes, the issuer is empty, or the options say two things
   */
  public static serviceAccount(name: string, namespace: string, options: PrincipalOptions = {}): Principal {
    return Principal.of('serviceAccount', { kind: 'serviceAccount', name, namespace }, options);
  }

  /** Any caller that passed authentication. */
  public static anyAuthenticated(): Principal {
    return new Principal({ kind: 'anyAuthenticated' });
  }

  private static of(
    factory: string,
    value: Exclude<PrincipalValue, { kind: 'anyAuthenticated' }>,
    { issuer, method }: PrincipalOptions,
  ): Principal {
    const input = new InputCheck(`Principal.${factory}`);
    principal.check(value, placeIn(input));
    const source = nameSource(issuer, method as CredentialName | undefined, placeIn(input).at('options'));
    input.throwIfAny();
    return new Principal(source === undefined ? value : { ...value, source });
  }

  /** The principal as resources write it, such as `user:alice`, and what has to have verified the name, where that is said. */
  public readonly text: string;

  /** @internal */
  public readonly _value: PrincipalValue;

  private constructor(value: PrincipalValue) {
    this.text = `${principal.encode(value)}${value.kind === 'anyAuthenticated' ? '' : sourceWords(value.source)}`;
    this._value = value;
  }
}
