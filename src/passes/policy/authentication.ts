import { alternatives, AuthenticationMethod, CredentialHeader, Principal, SingleMethod } from '../../model/policy';

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

function yields(method: SingleMethod, principal: Principal): boolean {
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

/** Private members of JSON Web Keys (RFC 7518, 6.2.2, 6.3.2, 6.4.1): they must not reach a ConfigMap. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** URLs of the API server inside a cluster. */
const API_SERVER = /^https?:\/\/kubernetes(\.default(\.svc(\.[^:/]+)?)?)?(:[0-9]+)?(\/|$)/i;

/** Whether keys stand at the API server of the cluster, which shows them to nobody without a token. */
export function isApiServer(url: string): boolean {
  return API_SERVER.test(url);
}

/** What is wrong with the text of a JSON Web Key Set, whatever verifies with it. */
export function keySetProblem(text: string): string | undefined {
  let parsed: any;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  if (!Array.isArray(parsed?.keys) || parsed.keys.length === 0) {
    return 'is not a JSON Web Key Set: it has no `keys`';
  }
  if (parsed.keys.some((key: unknown) => typeof key !== 'object' || key === null)) {
    return 'is not a JSON Web Key Set: a key is no object';
  }
  return parsed.keys.some((key: object) => PRIVATE_MEMBERS.some(member => member in key))
    ? 'contains a private or symmetric key'
    : undefined;
}
