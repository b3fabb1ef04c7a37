import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DocumentCheck } from './source-document';
import { namespaceProblem, objectNameProblem } from '../model/names';
import { BackendCredential } from '../server/backend-credential';
import { secretKeyOf } from '../synthesis/secrets';
import { Json } from '../values/json';
import { Path } from '../values/property-path';

/** Reads `credentials`, this library's own: undefined where there are none. Secrets are of a namespace unless they say another. */
export function readCredentials(
  credentials: readonly Json[] | undefined,
  check: DocumentCheck,
  path: Path,
  namespace: string | undefined,
): BackendCredential[] | undefined {
  const reader = new CredentialReader(check, namespace);
  return credentials?.flatMap((credential, i) => reader.credential(credential, [...path, i]) ?? []);
}

/**
 * Reads `auth` of a server that a gateway lists, as the API of September 2025 has it: one method, whose secrets are in
 * the namespace of the gateway's pods. `timeout` limits how long credentials take to get: those that are read here are there.
 */
export function readServerAuth(
  auth: Json,
  check: DocumentCheck,
  path: Path,
  namespace: string | undefined,
): BackendCredential[] {
  const { method, timeout, ...settings } = auth;
  const own = SETTINGS[method];
  if (own === undefined) {
    check.error(
      [...path, 'method'],
      method,
      method === 'OAuth2'
        ? 'asks a server for tokens, which the gateway cannot'
        : 'signs tokens, which the gateway cannot',
      'Get a token otherwise, keep it in a Secret and write method Bearer',
    );
    return [];
  }
  for (const [field, value] of Object.entries(settings).filter(([name]) => name !== own)) {
    check.error(
      [...path, field],
      value,
      `does not go with method ${method}`,
      'Remove it, or write the method that it goes with',
    );
  }
  if (settings[own] === undefined) {
    check.error([...path, own], undefined, `is missing for method ${method}`, 'Add it');
    return [];
  }
  return new CredentialReader(check, namespace).upstream(method, settings[own], [...path, own]);
}

/** Kinds of credentials, as this library's own field has them. */
const CREDENTIALS = ['basic', 'bearer', 'callerToken', 'clientCertificate', 'header'] as const;

/** The field that each method of which the gateway is capable has its settings in. */
const SETTINGS: Readonly<Record<string, string | undefined>> = {
  Bearer: 'token',
  ApiKey: 'token',
  Basic: 'basic',
  ClientCertificate: 'clientCert',
};

class CredentialReader {
  constructor(
    private readonly check: DocumentCheck,
    private readonly namespace: string | undefined,
  ) {}

  /** One credential; undefined where it does not say exactly one, or says a wrong one. */
  credential(credential: Json, path: Path): BackendCredential | undefined {
    const kind = this.only(credential, CREDENTIALS, path);
    const settings = kind && credential[kind];
    const secret = (field: string) => this.secret(settings[field], [...path, kind!, field]);
    switch (kind) {
      case 'header':
        return this.header(settings.name, secret('secretRef'), settings.prefix, [...path, kind]);
      case 'bearer':
        return BackendCredential.bearer(secret('secretRef'));
      case 'basic': {
        const field = this.only(settings, ['username', 'usernameRef'], [...path, kind]);
        return field === undefined
          ? undefined
          : this.basic(field === 'username' ? settings.username : secret(field), secret('passwordRef'), [
              ...path,
              kind,
            ]);
      }
      case 'clientCertificate':
        return certificate(secret('certificateRef'), secret('privateKeyRef'));
      case 'callerToken':
        this.check.check(
          [...path, kind],
          settings,
          settings === true ? undefined : 'says nothing',
          'Write true, or remove it',
        );
        return settings === true ? BackendCredential.callerToken() : undefined;
      default:
        return undefined;
    }
  }

  /** The one of some fields that is given. */
  private only(object: Json, fields: readonly string[], path: Path): string | undefined {
    const given = fields.filter(field => object[field] !== undefined);
    this.check.check(
      path,
      given,
      given.length === 1
        ? undefined
        : `has ${given.length === 0 ? 'none' : given.join(' and ')} of ${fields.join(', ')}`,
      'Write exactly one of them',
    );
    return given.length === 1 ? given[0] : undefined;
  }

  /** A method of the API of September 2025. */
  upstream(method: string, settings: Json, path: Path): BackendCredential[] {
    switch (method) {
      case 'Bearer': {
        const { headerName } = settings;
        this.check.check(
          [...path, 'headerName'],
          headerName,
          headerName === undefined || headerName.toLowerCase() === 'authorization'
            ? undefined
            : 'is not where bearer tokens stand',
          'Remove it, or write method ApiKey',
        );
        return this.held(settings, path).map(value => BackendCredential.bearer(value));
      }
      case 'ApiKey':
        return this.held(settings, path).flatMap(
          value => this.header(settings.headerName ?? 'X-API-Key', value, undefined, path) ?? [],
        );
      case 'Basic': {
        this.checkNoHeader(settings.password, [...path, 'password']);
        return this.held(settings.password, [...path, 'password']).flatMap(
          password => this.basic(settings.username, password, path) ?? [],
        );
      }
      default:
        return this.upstreamCertificate(settings, path);
    }
  }

  private upstreamCertificate(
    { caRef, certificateRef, privateKeyRef, verifyServerCert }: Json,
    path: Path,
  ): BackendCredential[] {
    this.check.check(
      [...path, 'verifyServerCert'],
      verifyServerCert,
      verifyServerCert === false ? 'would take any server for the right one' : undefined,
      'Remove it: certificates are always verified',
    );
    this.check.check(
      [...path, 'caRef'],
      caRef && Object.keys(caRef),
      caRef === undefined ? undefined : 'is a matter of the server, which says whose certificate it has',
      'Write spec.remote.tls.caBundle of the MCPServer',
    );
    this.checkNoHeader(certificateRef, [...path, 'certificateRef']);
    this.checkNoHeader(privateKeyRef, [...path, 'privateKeyRef']);
    const certificates = this.held(certificateRef, [...path, 'certificateRef']);
    const keys = this.held(privateKeyRef, [...path, 'privateKeyRef']);
    return certificates.flatMap(held => keys.map(key => certificate(held, key)));
  }

  private checkNoHeader({ headerName }: Json, path: Path): void {
    this.check.check(
      [...path, 'headerName'],
      headerName,
      headerName === undefined ? undefined : 'is given for what stands in no header of its own',
      'Remove it',
    );
  }

  /** The value that the API of September 2025 has in a resource or in a Secret; none where it is wrong. */
  private held({ secretRef, value }: Json, path: Path): kplus.SecretValue[] {
    this.check.check(
      [...path, 'value'],
      value === undefined ? undefined : '(not shown)',
      value === undefined ? undefined : 'is a secret in a resource, which many may read',
      'Keep it in a Secret, and write secretRef',
    );
    this.check.check(
      [...path, 'secretRef'],
      secretRef,
      secretRef === undefined && value === undefined ? 'is missing' : undefined,
      'Name the Secret that holds it, and the key in it',
    );
    this.check.check(
      [...path, 'secretRef', 'optional'],
      secretRef?.optional,
      secretRef?.optional === true ? 'is true, but the gateway could prove nothing without the Secret' : undefined,
      'Remove it',
    );
    return secretRef === undefined ? [] : [this.secret(secretRef, [...path, 'secretRef'])];
  }

  private header(
    name: string,
    value: kplus.SecretValue,
    prefix: string | undefined,
    path: Path,
  ): BackendCredential | undefined {
    return this.check.attempt(
      property => [...path, property],
      () => BackendCredential.header(name, value, { prefix }),
    );
  }

  private basic(
    username: string | kplus.SecretValue,
    password: kplus.SecretValue,
    path: Path,
  ): BackendCredential | undefined {
    if (typeof username !== 'string') {
      return BackendCredential.basic({ username, password });
    }
    this.check.check(
      [...path, 'username'],
      username,
      username.includes(':') ? 'has a colon, which ends a user name' : undefined,
      'Write the name alone',
    );
    return BackendCredential._of({ kind: 'basic', username, password: secretKeyOf(password) });
  }

  private secret({ name, key, namespace }: Json, path: Path): kplus.SecretValue {
    this.check.check([...path, 'name'], name, objectNameProblem(name ?? ''), 'Write the name of a Secret');
    this.check.check(
      [...path, 'key'],
      key,
      /^[-._a-zA-Z0-9]+$/.test(key) ? undefined : 'is not a key of a Secret',
      'Write one of its keys',
    );
    this.check.check(
      [...path, 'namespace'],
      namespace,
      namespace === undefined ? undefined : namespaceProblem(namespace),
      "Write the namespace of the gateway's pods",
    );
    // A reference needs a scope, and this one stands in no chart of the user.
    const references = new Chart(new App(), 'references', { namespace: namespace ?? this.namespace });
    return { secret: kplus.Secret.fromSecretName(references, 'secret', name ?? 'missing'), key };
  }
}

function certificate(held: kplus.SecretValue, key: kplus.SecretValue): BackendCredential {
  return BackendCredential._of({
    kind: 'clientCertificate',
    certificate: secretKeyOf(held),
    privateKey: secretKeyOf(key),
  });
}
