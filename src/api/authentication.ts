import { apiKey, apiKeyMethod, secretOf, secretRef, SecretRefValue, writeApiKey, writeSecret } from './api-keys';
import { list, own, ValueOf } from './codec';
import { issuerModel, issuerRef } from './common';
import { checkIn, mapped, object } from './object';
import { Place } from './place';
import { audiencesOf, jwt, jwtMethod, oidc, oidcMethod, OidcValue, writeToken } from './tokens';
import { errorKind } from '../model/findings';
import { AuthenticationMethod, SecretKey, SingleMethod } from '../model/policy';

/** How callers prove who they are: shapes of upstream's pr526, with members that this library adds, all optional. */

const METHOD_MISSING = errorKind(
  'authentication-method-missing',
  'names no method, so that anyone could call',
  'Write a method, or remove it',
);
const ENTRY_EMPTY = errorKind('authentication-entry-empty', 'names no method', 'Write a method, or remove it');
const CHOICE_ENTRY_EMPTY = errorKind(
  'authentication-choice-entry-empty',
  'names no method',
  'Write one method in each entry',
);
const CHOICE_ENTRY_SEVERAL = errorKind(
  'authentication-choice-entry-several',
  'names several methods, and a choice is between single ones',
  'Write one method in each entry',
);
export const ANY_OF_FEW = errorKind('any-of-few', 'is not a choice', 'Give at least two methods');
const AUTHORITY_NOT_ONE = errorKind(
  'client-authority-not-one',
  'needs exactly one of caRef and issuerRef',
  'Write one of the two',
);
const CLIENT_SECRET_UNUSED = errorKind(
  'oidc-client-secret-unused',
  'is not needed: the gateway verifies tokens as a resource server, and is no client itself',
  'Remove it',
);

const basic = object(
  'User names and passwords.',
  { htpasswdRef: secretRef('Secret with an htpasswd file.') },
  { required: ['htpasswdRef'] },
);

const clientCertificate = object(
  'Client certificates.',
  {
    caRef: secretRef('Secret with the PEM certificates of the authorities.'),
    issuerRef: issuerRef('Issuer of cert-manager whose authority signs them.'),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: 'has(self.caRef) != has(self.issuerRef)',
        message: 'set exactly one of clientCertificate.caRef and clientCertificate.issuerRef',
      },
    ],
  },
  (value, place) => place.report(AUTHORITY_NOT_ONE, Object.keys(value), Object.keys(value).length !== 1),
);

const method = { apiKey, basic: own(basic), clientCertificate: own(clientCertificate), jwt, oidc };

const methodEntry = object('One method.', method);

type MethodEntry = ValueOf<typeof methodEntry>;

/** The kinds of methods, in the order in which those of one object are asked for. */
const METHODS = ['apiKey', 'basic', 'jwt', 'oidc', 'clientCertificate'] as const;

const namesOf = (entry: MethodEntry) => METHODS.filter(name => entry[name] !== undefined);

const anyOf = list('Methods, one of which must pass.', {
  ...methodEntry,
  check: (entry: MethodEntry, place: Place) => {
    const given = Object.keys(entry);
    place.report(CHOICE_ENTRY_EMPTY, given, given.length === 0);
    place.report(CHOICE_ENTRY_SEVERAL, given, given.length > 1);
    if (given.length === 1) {
      methodEntry.check(entry, place);
      checkNested(entry, place);
    }
  },
});

/** Only the outermost method keeps what a client would need. */
function checkNested({ oidc: nested }: MethodEntry, place: Place): void {
  const secret = nested?.clientSecretRef;
  place.at('oidc', 'clientSecretRef').report(CLIENT_SECRET_UNUSED, secret, secret !== undefined);
}

function checkChoice(entries: readonly MethodEntry[] | undefined, place: Place): void {
  const { length } = entries ?? [];
  place.at('anyOf').report(ANY_OF_FEW, length, entries !== undefined && length < 2);
}

const form = object(
  'How callers prove who they are; every method set must pass.',
  {
    ...method,
    allOf: own(
      list(
        'Further methods, all of which must pass.',
        object('One method, or a choice.', { ...method, anyOf }, {}, (entry, place) => {
          place.report(ENTRY_EMPTY, entry, Object.keys(entry).length === 0);
          checkChoice(entry.anyOf, place);
          checkNested(entry, place);
        }),
      ),
    ),
    anyOf: own(anyOf),
  },
  {},
  (value, place) => {
    const { allOf = [], anyOf: choice = [] } = value;
    place.report(METHOD_MISSING, value, namesOf(value).length + allOf.length + choice.length === 0);
    checkChoice(value.anyOf, place);
  },
);

type FormValue = ValueOf<typeof form>;

/** What names the client of OpenID Connect: kept in the resource, since a resource server needs none. */
export interface OidcClient {
  readonly clientID?: string;
  readonly clientSecretRef?: SecretRefValue;
  /** Whether the client's id is the audience of its tokens, and so used. */
  readonly isAudience: boolean;
}

/** How callers prove who they are. */
export interface AuthenticationValue {
  /** All of these must pass. */
  readonly methods: readonly AuthenticationMethod[];
  readonly client?: OidcClient;
}

/** `authentication` of a route or gateway. */
export const authentication = mapped(form, {
  read: (value, place): AuthenticationValue | undefined => {
    let right = true;
    checkIn(
      form,
      value,
      place.watched(() => {
        right = false;
      }),
    );
    return right ? { methods: methodsOf(value), client: clientOf(value.oidc) } : undefined;
  },
  write: writeAuthentication,
  place: () => [],
});

function methodsOf(value: FormValue): AuthenticationMethod[] {
  return [
    ...singlesOf(value),
    ...choiceOf(value.anyOf),
    ...(value.allOf ?? []).flatMap(entry => [...singlesOf(entry), ...choiceOf(entry.anyOf)]),
  ];
}

function choiceOf(entries: readonly MethodEntry[] | undefined): AuthenticationMethod[] {
  return entries === undefined ? [] : [{ kind: 'anyOf', methods: entries.flatMap(singlesOf) }];
}

function singlesOf(entry: MethodEntry): SingleMethod[] {
  return namesOf(entry).map(name => single(name, entry));
}

function single(name: (typeof METHODS)[number], entry: MethodEntry): SingleMethod {
  switch (name) {
    case 'apiKey':
      return apiKeyMethod(entry.apiKey!);
    case 'basic':
      return { kind: 'basic', htpasswd: secretOf(entry.basic!.htpasswdRef) };
    case 'jwt':
      return jwtMethod(entry.jwt!);
    case 'oidc':
      return oidcMethod({ ...entry.oidc, audiences: audiencesOf(entry.oidc!) });
    case 'clientCertificate': {
      const { caRef, issuerRef: issuer } = entry.clientCertificate!;
      return {
        kind: 'clientCertificate',
        ca:
          caRef === undefined
            ? { kind: 'issuer', issuer: issuerModel(issuer!) }
            : { kind: 'secret', ref: secretOf(caRef) },
      };
    }
  }
}

function clientOf(value: OidcValue | undefined): OidcClient | undefined {
  const { clientID, clientSecretRef, audiences } = value ?? {};
  return clientID === undefined && clientSecretRef === undefined
    ? undefined
    : { clientID, clientSecretRef, isAudience: audiences === undefined };
}

/** Methods whose Secrets are those of a namespace, unless it is said. */
export function methodsIn(
  namespace: string | undefined,
  methods: readonly AuthenticationMethod[],
): readonly AuthenticationMethod[] {
  return methods.map(given =>
    given.kind === 'anyOf'
      ? { ...given, methods: given.methods.map(one => methodIn(namespace, one)) }
      : methodIn(namespace, given),
  );
}

function methodIn(secretNamespace: string | undefined, given: SingleMethod): SingleMethod {
  const placed = (ref: SecretKey): SecretKey => ({ secretNamespace, ...ref });
  switch (given.kind) {
    case 'jwt':
      return given;
    case 'basic':
      return { ...given, htpasswd: placed(given.htpasswd) };
    case 'clientCertificate':
      return given.ca.kind === 'issuer' ? given : { ...given, ca: { kind: 'secret', ref: placed(given.ca.ref) } };
    case 'apiKey':
      return {
        ...given,
        keys: given.keys.map(key =>
          key.secret.kind === 'sha256' ? key : { ...key, secret: { kind: 'secret', ref: placed(key.secret.ref) } },
        ),
      };
  }
}

/**
 * Methods as resources write them. Upstream's schema has one field for each kind of method; a second method of a kind,
 * and choices, go into `allOf` and `anyOf`.
 */
function writeAuthentication({ methods, client }: AuthenticationValue): FormValue {
  const first: Record<string, unknown> = {};
  const rest: MethodEntry[] = [];
  for (const given of methods) {
    const written = given.kind === 'anyOf' ? { anyOf: given.methods.map(writeMethod) } : writeMethod(given);
    const [field] = Object.keys(written);
    if (field in first) {
      rest.push(written);
    } else {
      Object.assign(first, written);
    }
  }
  const { clientID, clientSecretRef } = client ?? {};
  return {
    ...first,
    ...(client === undefined ? {} : { oidc: { ...(first.oidc as OidcValue), clientID, clientSecretRef } }),
    ...(rest.length === 0 ? {} : { allOf: rest }),
  };
}

function writeMethod(given: SingleMethod): MethodEntry {
  switch (given.kind) {
    case 'jwt':
      return given.resource === undefined
        ? { jwt: writeToken(given) }
        : {
            oidc: {
              ...writeToken(given),
              scopes: given.resource.scopes.length === 0 ? undefined : given.resource.scopes,
            },
          };
    case 'apiKey':
      return { apiKey: writeApiKey(given) };
    case 'basic':
      return { basic: { htpasswdRef: writeSecret(given.htpasswd) } };
    case 'clientCertificate':
      return {
        clientCertificate:
          given.ca.kind === 'secret' ? { caRef: writeSecret(given.ca.ref) } : { issuerRef: { ...given.ca.issuer } },
      };
  }
}
