import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DocumentCheck } from './source-document';
import { errorKind, FindingKind } from '../model/findings';
import { ApiKey } from '../policy/api-key';
import { Authentication } from '../policy/authentication';
import { Json, isObject } from '../values/json';
import { Path } from '../values/paths';

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
const PARTS: Readonly<Record<string, string>> = {
  Basic: 'basic',
  JWT: 'jwt',
  ClientCertificate: 'clientCert',
  OAuth2: 'oAuth2',
};

interface AcceptedKey {
  readonly header: string | undefined;
  readonly key: ApiKey;
}

/** Reads `policy.authentication`: methods, one of which must pass. Secrets are those of a namespace. */
export function readGatewayAuthentication(
  authentication: Json | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
): Authentication[] {
  const path: Path = ['spec', 'policy', 'authentication'];
  if (authentication === undefined || authentication.enabled === false || Object.keys(authentication).length === 0) {
    return [];
  }
  const methods = [
    ...((authentication.methods ?? []) as Json[]).map((method, i) => ({ method, place: [...path, 'methods', i] })),
    ...(authentication.default === undefined
      ? []
      : [{ method: authentication.default as Json, place: [...path, 'default'] }]),
  ];
  check.report(GATEWAY_METHODS_NONE, path, authentication, methods.length === 0);
  const reader = new CredentialReader(check, namespace);
  const keys = methods.flatMap(({ method, place }) => reader.key(method, place, methods.length > 1) ?? []);
  const headers = [...new Set(keys.map(({ header }) => header))];
  const read = headers.flatMap(
    header =>
      check.attempt(
        () => path,
        () =>
          Authentication.apiKey({
            header,
            keys: keys.filter(accepted => accepted.header === header).map(({ key }) => key),
          }),
      ) ?? [],
  );
  return read.length < 2 ? read : [Authentication.anyOf(...read)];
}

class CredentialReader {
  /** Where references to Secrets are kept: they stand in no chart of the user. */
  private readonly references: Chart;

  constructor(
    private readonly check: DocumentCheck,
    namespace: string | undefined,
  ) {
    this.references = new Chart(new App(), 'references', { namespace });
  }

  /** The key that a method accepts; undefined when there is none, or when it is wrong. */
  key(method: Json, path: Path, isChoice: boolean): AcceptedKey | undefined {
    const { method: name, token = {} } = method;
    Object.keys(method)
      .filter(part => part in REFUSED_CREDENTIALS)
      .forEach(part => this.refuse(part, method[part], [...path, part]));
    if (name === 'None') {
      this.check.report(GATEWAY_METHOD_OPEN, [...path, 'method'], name, isChoice);
      return undefined;
    }
    if (name !== 'ApiKey' && name !== 'Bearer') {
      const part = PARTS[name];
      this.check.report(REFUSED_CREDENTIALS[part], [...path, 'method'], name, method[part] === undefined);
      return undefined;
    }
    return this.token(name, token, [...path, 'token']);
  }

  private token(
    name: 'ApiKey' | 'Bearer',
    { headerName, secretRef, value }: Json,
    path: Path,
  ): AcceptedKey | undefined {
    if (value !== undefined) {
      this.refuse('token.value', '(not shown)', [...path, 'value']);
      return undefined;
    }
    const bearer = name === 'Bearer';
    this.check.report(
      BEARER_HEADER,
      [...path, 'headerName'],
      headerName,
      bearer && headerName !== undefined && headerName.toLowerCase() !== 'authorization',
    );
    const { name: secret, key, optional } = secretRef ?? {};
    this.check.report(TOKEN_SECRET_MISSING, [...path, 'secretRef'], secretRef, secret === undefined || secret === '');
    if (optional === true) {
      this.refuse('token.secretRef.optional', optional, [...path, 'secretRef', 'optional']);
    }
    return secret === undefined || secret === ''
      ? undefined
      : {
          header: bearer ? 'authorization' : headerName?.toLowerCase(),
          key: ApiKey.fromSecret({
            secret: kplus.Secret.fromSecretName(
              this.references,
              `secret-${this.references.node.children.length}`,
              secret,
            ),
            key,
          }),
        };
  }

  /** Of an object, only the names of its fields are shown: it may hold secrets. */
  private refuse(part: string, value: unknown, path: Path): void {
    this.check.report(REFUSED_CREDENTIALS[part], path, isObject(value) ? Object.keys(value) : value, true);
  }
}
