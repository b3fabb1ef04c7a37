import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DocumentCheck } from './source-document';
import { ApiKey } from '../policy/api-key';
import { Authentication } from '../policy/authentication';
import { Json } from '../values/json';
import { Path } from '../values/paths';

/*
 * `policy.authentication` of a gateway, the shape of September 2025. It describes credentials as a client holds them, so
 * that little of it tells a gateway what to verify; `authentication` of this library's resource says the rest.
 */

/** Why a part of a method is refused, and what to write. The documentation is made from this list, too. */
export const REFUSED_CREDENTIALS: Readonly<Record<string, { readonly problem: string; readonly remedy: string }>> = {
  basic: {
    problem: 'is the user name and password of one client: gateways check an htpasswd file',
    remedy: 'Write authentication.basic.htpasswdRef',
  },
  clientCert: {
    problem: 'is the certificate and private key of a client, which no gateway has',
    remedy: 'Write authentication.clientCertificate.caRef',
  },
  jwt: {
    problem:
      'holds the key that signs tokens, in no form that is said: gateways verify with the public keys of the issuer',
    remedy: 'Write authentication.jwt with issuer, audiences and jwksURI',
  },
  oAuth2: {
    problem: 'is how a client gets a token: gateways verify it',
    remedy: 'Write authentication.oidc with issuer, audiences and jwksURI',
  },
  timeout: {
    problem: 'is not supported: the gateway verifies credentials by itself, and waits for nobody',
    remedy: 'Remove it',
  },
  'token.secretRef.optional': {
    problem: 'is true, but nobody could authenticate without the Secret',
    remedy: 'Remove it',
  },
  'token.value': {
    problem: 'would put a secret into the resource, where everyone may read it who may read gateways',
    remedy: 'Write token.secretRef',
  },
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
  check.check(
    path,
    authentication,
    methods.length === 0 ? 'names no method' : undefined,
    'Write a method, or enabled: false',
  );
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
      this.check.check(
        [...path, 'method'],
        name,
        isChoice ? 'lets everyone pass, whatever the other methods ask for' : undefined,
        'Remove it, or the others',
      );
      return undefined;
    }
    if (name !== 'ApiKey' && name !== 'Bearer') {
      this.check.check(
        [...path, 'method'],
        name,
        method[PARTS[name]] === undefined ? REFUSED_CREDENTIALS[PARTS[name]].problem : undefined,
        REFUSED_CREDENTIALS[PARTS[name]].remedy,
      );
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
    this.check.check(
      [...path, 'headerName'],
      headerName,
      bearer && headerName !== undefined && headerName.toLowerCase() !== 'authorization'
        ? 'is not where bearer tokens stand'
        : undefined,
      'Write Authorization, or method: ApiKey',
    );
    const { name: secret, key, optional } = secretRef ?? {};
    this.check.check(
      [...path, 'secretRef'],
      secretRef,
      secret === undefined || secret === '' ? 'names no Secret' : undefined,
      "Write the name and key of a Secret in the namespace of the gateway's pods",
    );
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
    const { problem, remedy } = REFUSED_CREDENTIALS[part];
    this.check.error(path, typeof value === 'object' && value !== null ? Object.keys(value) : value, problem, remedy);
  }
}
