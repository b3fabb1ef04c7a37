import { claimPath } from '../api/authentication';
import { placeIn } from '../api/place';
import { InputCheck } from '../model/input';
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
