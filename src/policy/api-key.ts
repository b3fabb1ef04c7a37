import * as kplus from 'cdk8s-plus-28';
import { checkPresenter } from '../api/api-keys';
import { placeIn } from '../api/place';
import { errorKind, InputCheck } from '../model/findings';
import { ApiKey as ApiKeyModel } from '../model/policy';
import { secretKeyOf } from '../synthesis/config-and-secrets';

const API_KEY_HASH_INVALID = errorKind(
  'api-key-hash-invalid',
  'is not a SHA-256 hash of 64 hexadecimal digits',
  'Compute it with: printf %s "$KEY" | sha256sum',
);

/** Who presents an API key. */
export interface ApiKeyOptions {
  /**
   * User that the key stands for.
   *
   * @default - none; the caller is authenticated, but no particular user
   */
  readonly user?: string;

  /**
   * Groups of that user.
   *
   * @default - none
   */
  readonly groups?: string[];
}

/**
 * An API key that a gateway accepts. The key itself never becomes part of the configuration.
 *
 * @example
 *
 * import * as kplus from 'cdk8s-plus-28';
 * import { App, Chart } from 'cdk8s';
 * import { ApiKey } from 'cdk8s-mcp';
 *
 * const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
 * const secret = kplus.Secret.fromSecretName(chart, 'ci-key', 'ci-key');
 * ApiKey.fromSecret({ secret, key: 'key' }, { user: 'ci' });
 * ApiKey.sha256('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', { user: 'batch', groups: ['jobs'] });
 */
export class ApiKey {
  /**
   * A key given as its SHA-256 hash, which may stand in a ConfigMap. Keys must be long and random: a
   * hash does not protect a key that can be guessed.
   *
   * @param hash 64 hexadecimal digits: `printf %s "$KEY" | sha256sum`
   * @param options who presents it
   * @throws when it is not a SHA-256 hash
   */
  public static sha256(hash: string, options: ApiKeyOptions = {}): ApiKey {
    const input = new InputCheck('ApiKey.sha256');
    // Not shown: someone may have passed the key itself.
    input.report(API_KEY_HASH_INVALID, 'hash', '(not shown)', !/^[0-9a-f]{64}$/i.test(hash));
    checkPresenter(options, placeIn(input));
    input.throwIfAny();
    return new ApiKey({
      secret: { kind: 'sha256', hex: hash.toLowerCase() },
      user: options.user,
      groups: [...(options.groups ?? [])],
    });
  }

  /**
   * A key in a Secret, which must be in the namespace of the gateway's pods. The Secret holds the bare
   * key, without a line break at its end.
   *
   * @param value the Secret and the key in it
   * @param options who presents it
   * @throws when an option is empty
   */
  public static fromSecret(value: kplus.SecretValue, options: ApiKeyOptions = {}): ApiKey {
    const input = new InputCheck('ApiKey.fromSecret');
    checkPresenter(options, placeIn(input));
    input.throwIfAny();
    return new ApiKey({
      secret: { kind: 'secret', ref: secretKeyOf(value) },
      user: options.user,
      groups: [...(options.groups ?? [])],
    });
  }

  /** @internal */
  public readonly _model: ApiKeyModel;

  private constructor(model: ApiKeyModel) {
    this._model = model;
  }
}
