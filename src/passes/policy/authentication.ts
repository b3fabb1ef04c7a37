import {
  alternatives,
  AuthenticationMethod,
  CredentialHeader,
  isSource,
  Principal,
  SingleMethod,
  sourceWords,
} from '../../model/policy';

/*
 * What authentication methods can say of a caller, known without any request.
 */

/** Whether every caller that passes has a user: some method always names one. */
export function alwaysYieldsUser(methods: readonly AuthenticationMethod[]): boolean {
  return methods.some(method => alternatives(method).every(namesUser));
}

/** Whether some caller that passes by a method has a user. */
export function yieldsUser(method: SingleMethod): boolean {
  return method.kind !== 'apiKey' || method.keys.some(({ user }) => user !== undefined);
}

function namesUser(method: SingleMethod): boolean {
  return method.kind !== 'apiKey' || method.keys.every(({ user }) => user !== undefined);
}

/** Whether some caller that passes can be a principal. */
export function canYield(methods: readonly AuthenticationMethod[], principal: Principal): boolean {
  return methods.some(method => alternatives(method).some(single => yields(single, principal)));
}

/** What can verify the name of a principal, in words: several of them may give one name to different callers. */
export function sourcesOf(methods: readonly AuthenticationMethod[], principal: Principal): string[] {
  const able = methods.flatMap(alternatives).filter(method => yields(method, principal));
  return [
    ...new Set(
      able.map(method =>
        sourceWords(method.kind === 'jwt' ? { issuer: method.issuer } : { method: method.kind }).replace(/^ by /, ''),
      ),
    ),
  ];
}

function yields(method: SingleMethod, principal: Principal): boolean {
  if (principal.kind !== 'anyAuthenticated' && !isSource(method, principal.source)) {
    return false;
  }
  switch (principal.kind) {
    case 'anyAuthenticated':
      return true;
    case 'serviceAccount':
      return method.kind === 'jwt';
    case 'group':
      return (
        method.kind === 'jwt' ||
        (method.kind === 'apiKey' && method.keys.some(({ groups }) => groups.includes(principal.name)))
      );
    case 'user':
      return method.kind !== 'apiKey' || method.keys.some(({ user }) => user === principal.name);
  }
}

/** Where user names and passwords stand. */
export const BASIC_HEADER: CredentialHeader = { name: 'authorization', prefix: 'Basic ' };

/** The header a method reads; undefined for what is verified on the connection. */
export function headerOf(method: SingleMethod): CredentialHeader | undefined {
  switch (method.kind) {
    case 'clientCertificate':
      return undefined;
    case 'basic':
      return BASIC_HEADER;
    default:
      return method.header;
  }
}
