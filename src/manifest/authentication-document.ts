import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { readIssuer } from './issuer-document';
import { DocumentCheck } from './source-document';
import { ApiKey } from '../policy/api-key';
import { Authentication, JwtAuthenticationOptions } from '../policy/authentication';
import { CertificateAuthority } from '../policy/certificate-authority';
import { Claim } from '../policy/claim';
import { Carried, CarriedWarning } from '../synthesis/carried';
import { compact, Json } from '../values/json';
import { Path } from '../values/paths';

/** Methods of a document, with what their resource says beyond them. */
export interface AuthenticationReading {
  readonly methods: readonly Authentication[];
  readonly carried: Carried;
}

const METHODS = ['apiKey', 'basic', 'jwt', 'oidc', 'clientCertificate'] as const;

type MethodName = (typeof METHODS)[number];

const PATH: Path = ['spec', 'authentication'];

/** Stands for a URL that a document lacks. */
const MISSING = 'https://missing';

/** Reads `authentication`. Secrets are those of the namespace of the document. */
export function readAuthentication(
  authentication: Json | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
): AuthenticationReading {
  if (authentication === undefined) {
    return { methods: [], carried: { spec: {}, warnings: [] } };
  }
  const reader = new AuthenticationReader(check, namespace);
  const { anyOf, allOf = [], ...methods } = authentication;
  check.check(
    PATH,
    authentication,
    Object.keys(methods).length === 0 && (anyOf ?? []).length + allOf.length === 0
      ? 'names no method, so that anyone could call'
      : undefined,
    'Write a method, or remove it',
  );
  const read = [
    ...reader.methodsOf(methods, PATH),
    ...(anyOf === undefined ? [] : [reader.choice(anyOf, [...PATH, 'anyOf'])]),
    ...(allOf as Json[]).flatMap((entry, i) => {
      const { anyOf: choice, ...others } = entry;
      const path = [...PATH, 'allOf', i];
      check.check(
        path,
        entry,
        Object.keys(entry).length === 0 ? 'names no method' : undefined,
        'Write a method, or remove it',
      );
      return [
        ...reader.methodsOf(others, path),
        ...(choice === undefined ? [] : [reader.choice(choice, [...path, 'anyOf'])]),
      ];
    }),
  ];
  return { methods: read.flatMap(method => method ?? []), carried: carriedClient(authentication.oidc) };
}

/** What names a client: a resource server verifies tokens and needs none. */
function carriedClient(oidc: Json | undefined): Carried {
  const { clientID, clientSecretRef, audiences } = oidc ?? {};
  const unused =
    'is carried in the resource, and not used: the gateway verifies tokens as a resource server, and is no client itself';
  const warnings: CarriedWarning[] = [
    ...(clientID === undefined || audiences === undefined
      ? []
      : [{ property: 'spec.authentication.oidc.clientID', value: clientID, problem: unused, remedy: 'Remove it' }]),
    ...(clientSecretRef === undefined
      ? []
      : [
          {
            property: 'spec.authentication.oidc.clientSecretRef',
            value: clientSecretRef,
            problem: unused,
            remedy: 'Remove it',
          },
        ]),
  ];
  const client = compact({ clientID, clientSecretRef });
  return { spec: Object.keys(client).length === 0 ? {} : { authentication: { oidc: client } }, warnings };
}

class AuthenticationReader {
  /** Where references to Secrets are kept: they stand in no chart of the user. */
  private readonly references: Chart;

  constructor(
    private readonly check: DocumentCheck,
    namespace: string | undefined,
  ) {
    this.references = new Chart(new App(), 'references', { namespace });
  }

  /** The methods set in an object, all of which must pass. */
  methodsOf(object: Json, path: Path): (Authentication | undefined)[] {
    return METHODS.filter(name => object[name] !== undefined).map(name =>
      this.method(name, object[name], [...path, name]),
    );
  }

  /** Methods, one of which must pass. */
  choice(entries: readonly Json[], path: Path): Authentication | undefined {
    const methods = entries.map((entry, i) => {
      const found = Object.keys(entry);
      this.check.check(
        [...path, i],
        found,
        found.length === 1
          ? undefined
          : found.length === 0
            ? 'names no method'
            : 'names several methods, and a choice is between single ones',
        'Write one method in each entry',
      );
      return found.length === 1 ? this.methodsOf(entry, [...path, i])[0] : undefined;
    });
    const good = methods.flatMap(method => method ?? []);
    return good.length < methods.length
      ? undefined
      : this.check.attempt(
          () => path,
          () => Authentication.anyOf(...good),
        );
  }

  private method(name: MethodName, value: Json, path: Path): Authentication | undefined {
    switch (name) {
      case 'apiKey':
        return this.apiKey(value, path);
      case 'basic':
        return this.attempt(path, () => Authentication.basic(this.secret(value.htpasswdRef, [...path, 'htpasswdRef'])));
      case 'jwt':
        return this.attempt(path, () => Authentication.jwt(this.jwt(value, path)));
      case 'oidc':
        return this.oidc(value, path);
      case 'clientCertificate':
        return this.clientCertificate(value, path);
    }
  }

  private clientCertificate({ caRef, issuerRef }: Json, path: Path): Authentication | undefined {
    const issuer = issuerRef && readIssuer(issuerRef, this.check, [...path, 'issuerRef']);
    const authority =
      caRef === undefined
        ? issuer && CertificateAuthority.fromIssuer(issuer)
        : CertificateAuthority.fromSecret(this.secret(caRef, [...path, 'caRef']));
    return authority && Authentication.clientCertificate(authority);
  }

  private apiKey({ header, prefix, keys = [], secretRefs = [] }: Json, path: Path): Authentication | undefined {
    const usual = header?.toLowerCase() === 'authorization' ? 'Bearer ' : '';
    this.check.check(
      [...path, 'prefix'],
      prefix,
      prefix === undefined || prefix === usual ? undefined : 'is not supported for API keys',
      usual === '' ? 'Remove it' : `Write "${usual}", or remove it`,
    );
    const accepted = [
      ...(secretRefs as Json[]).map((ref, i) => ApiKey.fromSecret(this.secret(ref, [...path, 'secretRefs', i]))),
      ...(keys as Json[]).map((key, i) => this.key(key, [...path, 'keys', i])),
    ];
    const good = accepted.flatMap(key => key ?? []);
    return good.length < accepted.length
      ? undefined
      : this.attempt(path, () => Authentication.apiKey({ header, keys: good }));
  }

  private key({ sha256, secretRef, user, groups }: Json, path: Path): ApiKey | undefined {
    if ((sha256 === undefined) === (secretRef === undefined)) {
      this.check.error(
        path,
        Object.keys(compact({ sha256, secretRef })),
        'needs exactly one of sha256 and secretRef',
        'Write the hash of the key, or the Secret that holds it',
      );
      return undefined;
    }
    return this.attempt(
      path,
      () =>
        sha256 === undefined
          ? ApiKey.fromSecret(this.secret(secretRef, [...path, 'secretRef']), { user, groups })
          : ApiKey.sha256(sha256, { user, groups }),
      { hash: 'sha256' },
    );
  }

  private oidc(value: Json, path: Path): Authentication | undefined {
    const { clientID, clientSecretRef, scopes } = value;
    const nested = path.length > PATH.length + 1;
    this.check.check(
      [...path, 'clientSecretRef'],
      clientSecretRef,
      nested && clientSecretRef !== undefined
        ? 'is not needed: the gateway verifies tokens as a resource server, and is no client itself'
        : undefined,
      'Remove it',
    );
    const audiences = value.audiences ?? (clientID === undefined ? undefined : [clientID]);
    this.check.check(
      [...path, 'audiences'],
      audiences,
      audiences === undefined ? 'is missing, so tokens for any service would pass' : undefined,
      'Write the audience that stands for this gateway',
    );
    return audiences === undefined
      ? undefined
      : this.attempt(path, () => Authentication.oidc({ ...this.jwt({ ...value, audiences }, path), scopes }));
  }

  private jwt(
    { issuer, audiences, jwks, jwksURI, header, prefix, userClaim, groupsClaim }: Json,
    path: Path,
  ): JwtAuthenticationOptions {
    this.check.check(
      [...path, 'issuer'],
      issuer,
      issuer === undefined ? 'is missing, so tokens of any issuer that uses the same keys would pass' : undefined,
      'Write what the `iss` claim of the tokens holds',
    );
    const keyless = jwks === undefined && jwksURI === undefined;
    this.check.check(
      [...path, 'jwksURI'],
      jwksURI,
      keyless ? 'is missing: keys are not looked up while the gateway runs' : undefined,
      'Write the `jwks_uri` that the issuer names in its /.well-known/openid-configuration, or the keys in jwks',
    );
    // What is missing is reported above; the stand-ins keep the rest from being reported for it.
    return {
      issuer: issuer ?? MISSING,
      audiences,
      jwks,
      jwksUri: keyless ? MISSING : jwksURI,
      header,
      prefix,
      userClaim: this.claim(userClaim, [...path, 'userClaim']),
      groupsClaim: this.claim(groupsClaim, [...path, 'groupsClaim']),
    };
  }

  private claim(claim: string[] | undefined, path: Path): Claim | undefined {
    return (
      claim &&
      this.check.attempt(
        () => path,
        () => Claim.nested(...claim),
      )
    );
  }

  private secret({ name, key, optional }: Json, path: Path): kplus.SecretValue {
    this.check.check(
      [...path, 'name'],
      name,
      (name ?? '') === '' ? 'names no Secret' : undefined,
      "Write the name of a Secret in the namespace of the gateway's pods",
    );
    this.check.check(
      [...path, 'optional'],
      optional,
      optional === true ? 'is true, but nobody could authenticate without the Secret' : undefined,
      'Remove it',
    );
    return {
      secret: kplus.Secret.fromSecretName(
        this.references,
        `secret-${this.references.node.children.length}`,
        name ?? 'missing',
      ),
      key,
    };
  }

  /** Takes over what a factory finds wrong, at the field that has the option's name unless it has another. */
  private attempt<T>(
    path: Path,
    run: () => T,
    fields: Readonly<Record<string, string>> = { jwksUri: 'jwksURI' },
  ): T | undefined {
    return this.check.attempt(property => {
      const [, option, index] = /^([A-Za-z]+)(?:\[([0-9]+)\])?$/.exec(property) ?? [];
      return option === undefined
        ? path
        : [...path, fields[option] ?? option, ...(index === undefined ? [] : [Number(index)])];
    }, run);
  }
}
