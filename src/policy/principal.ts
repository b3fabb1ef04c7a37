import { principal, PrincipalValue } from '../api/authorization';
import { placeIn } from '../api/place';
import { claimPath } from '../api/tokens';
import { InputCheck } from '../model/findings';
import { ClaimPath } from '../model/policy';

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

/**
 * Who calls: a user, a group, a Kubernetes service account, or any caller that authentication let in.
 *
 * @example
 *
 * import { Principal } from 'cdk8s-mcp';
 *
 * Principal.user('alice');
 * Principal.group('finance-admins');
 * Principal.serviceAccount('assistant', 'finance');
 * Principal.anyAuthenticated();
 */
export class Principal {
  /**
   * A user, by the user claim of a token, the user of an API key, or the name of basic authentication.
   *
   * @param name name of the user
   * @throws when the name is empty
   */
  public static user(name: string): Principal {
    return Principal.of('user', { kind: 'user', name });
  }

  /**
   * The members of a group, by the groups claim of a token or the groups of an API key.
   *
   * @param name name of the group
   * @throws when the name is empty
   */
  public static group(name: string): Principal {
    return Principal.of('group', { kind: 'group', name });
  }

  /**
   * A Kubernetes service account, by the subject of its token (`system:serviceaccount:{namespace}:{name}`).
   *
   * @param name name of the service account
   * @param namespace its namespace
   * @throws when the name or the namespace is not one of Kubernetes
   */
  public static serviceAccount(name: string, namespace: string): Principal {
    return Principal.of('serviceAccount', { kind: 'serviceAccount', name, namespace });
  }

  /** Any caller that passed authentication. */
  public static anyAuthenticated(): Principal {
    return new Principal({ kind: 'anyAuthenticated' });
  }

  private static of(factory: string, value: PrincipalValue): Principal {
    const input = new InputCheck(`Principal.${factory}`);
    principal.check(value, placeIn(input));
    input.throwIfAny();
    return new Principal(value);
  }

  /** The principal as resources write it, such as `user:alice`. */
  public readonly text: string;

  /** @internal */
  public readonly _value: PrincipalValue;

  private constructor(value: PrincipalValue) {
    this.text = principal.encode(value);
    this._value = value;
  }
}
