import * as kplus from 'cdk8s-plus-28';
import { callerHeaderCredential, checkCallerHeader, checkHeaderCredential } from '../api/backend-credentials';
import { placeIn } from '../api/place';
import { InputCheck } from '../model/findings';
import { BackendCredential as BackendCredentialModel } from '../model/server';
import { secretKeyOf, secretNamespace } from '../synthesis/config-and-secrets';

/** Options of {@link BackendCredential.header}. */
export interface HeaderCredentialOptions {
  /**
   * What precedes the value in the header, such as `Token `.
   *
   * @default - nothing
   */
  readonly prefix?: string;
}

/** Options of {@link BackendCredential.basic}. */
export interface BasicCredentialOptions {
  /** The user name: key `username` of a Secret of type `kubernetes.io/basic-auth`, or any other. Without a colon. */
  readonly username: kplus.SecretValue;

  /** The password: key `password` of that Secret, or any other. */
  readonly password: kplus.SecretValue;
}

/** Options of {@link BackendCredential.callerHeader}. */
export interface CallerHeaderOptions {
  /**
   * Header that the server reads.
   *
   * @default Authorization
   */
  readonly name?: string;

  /**
   * What precedes the value in that header.
   *
   * @default - `Bearer ` in Authorization, nothing elsewhere
   */
  readonly prefix?: string;
}

/**
 * What a gateway proves to a server that it sends requests to.
 *
 * Values come from Secrets in the namespace of the gateway's pods, which mount them; nothing of them stands in a
 * ConfigMap. They are printable ASCII, and white space at their ends (a line break, say) does not count. The gateway's
 * pods start when all of the Secrets are there. A renewed certificate counts at once; another value that changes counts
 * when the pods start anew, or when their configuration changes.
 *
 * @example
 *
 * import * as kplus from 'cdk8s-plus-28';
 * import { App, Chart } from 'cdk8s';
 * import { BackendCredential, McpServerSource } from 'cdk8s-mcp';
 *
 * // The chart is that of the gateway: its namespace is where the Secrets are.
 * const platform = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
 * const token = kplus.Secret.fromSecretName(platform, 'crm-token', 'crm-token');
 * McpServerSource.remote('https://mcp.crm.example.com/mcp', { credentials: [BackendCredential.bearer({ secret: token, key: 'token' })] });
 */
export class BackendCredential {
  /**
   * A header with a value from a Secret, such as an API key.
   *
   * @param name name of the header
   * @param value the Secret and the key in it that holds the bare value
   * @param options what precedes the value
   * @throws when the name or the prefix cannot stand in a header, or the header carries the protocol
   */
  public static header(
    name: string,
    value: kplus.SecretValue,
    options: HeaderCredentialOptions = {},
  ): BackendCredential {
    const input = new InputCheck('BackendCredential.header');
    checkHeaderCredential({ name, prefix: options.prefix ?? '' }, placeIn(input));
    input.throwIfAny();
    return new BackendCredential({
      kind: 'header',
      name: name.toLowerCase(),
      prefix: options.prefix ?? '',
      value: secretKeyOf(value),
    });
  }

  /**
   * A bearer token: `Authorization: Bearer …`.
   *
   * @param token the Secret and the key in it that holds the bare token
   */
  public static bearer(token: kplus.SecretValue): BackendCredential {
    return BackendCredential.header('Authorization', token, { prefix: 'Bearer ' });
  }

  /**
   * User name and password: `Authorization: Basic …`. The Secret holds them as they are; the gateway encodes them.
   *
   * @param options where they stand
   */
  public static basic(options: BasicCredentialOptions): BackendCredential {
    return new BackendCredential({
      kind: 'basic',
      username: secretKeyOf(options.username),
      password: secretKeyOf(options.password),
    });
  }

  /**
   * A certificate that the gateway presents when it connects (mTLS). Only for servers with https.
   *
   * @param secret a Secret of type `kubernetes.io/tls`, such as cert-manager writes: the PEM certificate in `tls.crt`, with
   * extensions (X.509 v3) and followed by its intermediates, and its PEM private key in `tls.key`. With others the gateway
   * does not start.
   */
  public static clientCertificate(secret: kplus.ISecret): BackendCredential {
    const place = { secretName: secret.name, secretNamespace: secretNamespace(secret) };
    return new BackendCredential({
      kind: 'clientCertificate',
      certificate: { ...place, key: 'tls.crt' },
      privateKey: { ...place, key: 'tls.key' },
    });
  }

  /**
   * The token that the caller presented to the gateway, as `Authorization: Bearer …`. Everywhere else it ends at the gateway.
   *
   * The gateway must authenticate callers by a token alone ({@link Authentication.jwt}, {@link Authentication.oidc}), or by
   * nothing that stands in the header `Authorization`, which is then passed on as it comes. A server that gets tokens can
   * use them against everything else that accepts them: do this only for servers that you trust with them.
   */
  public static callerToken(): BackendCredential {
    return new BackendCredential({ kind: 'callerToken' });
  }

  /**
   * What the caller sends for this server, in a header of its own: a token of GitHub in `X-GitHub-Token`, while
   * `Authorization` is the gateway's. The server gets it under the name that it reads, and not under the other; no other
   * server of the route gets it. Of a caller who does not send it, the server gets nothing in that header.
   *
   * The gateway neither checks nor logs it.
   *
   * @param from header of the caller
   * @param options header that the server reads, and what precedes the value there
   * @throws when a name cannot be that of a header, a header carries the protocol, or `from` is `Authorization`,
   * `Proxy-Authorization` or `Cookie`
   */
  public static callerHeader(from: string, options: CallerHeaderOptions = {}): BackendCredential {
    const input = new InputCheck('BackendCredential.callerHeader');
    const model = callerHeaderCredential({ from, ...options });
    checkCallerHeader(model, placeIn(input));
    input.throwIfAny();
    return new BackendCredential(model);
  }

  /**
   * What a document says, already checked.
   *
   * @internal
   */
  public static _of(model: BackendCredentialModel): BackendCredential {
    return new BackendCredential(model);
  }

  /** @internal */
  public readonly _model: BackendCredentialModel;

  private constructor(model: BackendCredentialModel) {
    this._model = model;
  }
}
