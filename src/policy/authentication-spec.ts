import {
  ApiKey,
  ApiKeyMethod,
  AuthenticationMethod,
  CredentialHeader,
  JwtMethod,
  SecretKey,
  SingleMethod,
} from '../model/policy';
import { compact, Json } from '../values/json';

/**
 * Methods as resources write them. Upstream's schema has one field for each kind of method; a second method of a kind,
 * and choices, go into `allOf` and `anyOf`.
 */
export function authenticationSpec(methods: readonly AuthenticationMethod[]): Json {
  const spec: Json = {};
  const rest: Json[] = [];
  for (const method of methods) {
    const written = method.kind === 'anyOf' ? { anyOf: method.methods.map(methodSpec) } : methodSpec(method);
    const [field] = Object.keys(written);
    if (field in spec) {
      rest.push(written);
    } else {
      Object.assign(spec, written);
    }
  }
  return rest.length === 0 ? spec : { ...spec, allOf: rest };
}

function methodSpec(method: SingleMethod): Json {
  switch (method.kind) {
    case 'jwt':
      return method.resource === undefined
        ? { jwt: jwtSpec(method) }
        : { oidc: { ...jwtSpec(method), ...compact({ scopes: [...method.resource.scopes] }) } };
    case 'apiKey':
      return { apiKey: apiKeySpec(method) };
    case 'basic':
      return { basic: { htpasswdRef: secretSpec(method.htpasswd) } };
    case 'clientCertificate':
      return {
        clientCertificate:
          method.ca.kind === 'secret' ? { caRef: secretSpec(method.ca.ref) } : { issuerRef: { ...method.ca.issuer } },
      };
  }
}

function jwtSpec({ issuer, audiences, keys, header, claims }: JwtMethod): Json {
  return compact({
    issuer,
    audiences: [...audiences],
    jwksURI: keys.kind === 'url' ? keys.url : undefined,
    jwks: keys.kind === 'inline' ? keys.jwks : undefined,
    ...headerSpec(header, 'authorization', 'Bearer '),
    userClaim: claims.user.join() === 'sub' ? undefined : [...claims.user],
    groupsClaim: claims.groups.join() === 'groups' ? undefined : [...claims.groups],
  });
}

function headerSpec({ name, prefix }: CredentialHeader, defaultName: string, defaultPrefix: string): Json {
  return name === defaultName && prefix === defaultPrefix ? {} : { header: name, prefix };
}

function apiKeySpec({ header, keys }: ApiKeyMethod): Json {
  const anonymous = keys.filter(isAnonymousSecret);
  return compact({
    header: header.name,
    prefix: header.prefix === '' ? undefined : header.prefix,
    secretRefs: anonymous.map(({ secret }) => secretSpec((secret as { ref: SecretKey }).ref)),
    keys: keys
      .filter(key => !isAnonymousSecret(key))
      .map(({ secret, user, groups }) =>
        compact({
          sha256: secret.kind === 'sha256' ? secret.hex : undefined,
          secretRef: secret.kind === 'secret' ? secretSpec(secret.ref) : undefined,
          user,
          groups: [...groups],
        }),
      ),
  });
}

/** What upstream's `secretRefs` can say. */
function isAnonymousSecret({ secret, user, groups }: ApiKey): boolean {
  return secret.kind === 'secret' && user === undefined && groups.length === 0;
}

function secretSpec({ secretName, key }: SecretKey): Json {
  return { name: secretName, key };
}
