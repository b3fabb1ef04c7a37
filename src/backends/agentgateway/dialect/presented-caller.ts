import { headerValue } from './condition';
import { celString, isFieldName } from '../../../cel/terms';
import { Entry } from '../../../model/plan';
import { alternatives, ClaimPath, CredentialHeader, JwtMethod, SingleMethod } from '../../../model/policy';
import { BASIC_HEADER } from '../../../passes/policy/authentication';

/**
 * Who a caller of an entry says it is, in CEL: a text for each way to say it, the first of which that does not err is the one. The
 * listener asks before anything was verified, so that nothing may be granted by it. What it decides is which server a caller keeps, and
 * who lies about that is refused for the same credential before a server hears of it.
 */
export function presentedCaller({ policy }: Entry): string[] {
  const methods = (policy?.authentication ?? []).flatMap(({ method }) => alternatives(method));
  return [...new Set(methods.flatMap(presented))];
}

function presented(method: SingleMethod): string[] {
  switch (method.kind) {
    case 'jwt':
      return tokenNames(method);
    case 'apiKey':
      return [`"key " + ${headerValue(method.header.name)}`];
    case 'basic':
      return [`"user " + string(base64.decode(${behindPrefix(BASIC_HEADER)})).split(":")[0]`];
    case 'clientCertificate':
      return ['"user " + source.subjectCn'];
  }
}

/** The subject, which stays when a token is renewed, else the user. */
function tokenNames({ claims, header }: JwtMethod): string[] {
  const payload = `unvalidatedJwtPayload(${behindPrefix(header)})`;
  return [
    `"token " + ${payload}.iss + " " + ${payload}.sub`,
    ...(claims.user.join() === 'sub' ? [] : [`"user " + ${claimOf(payload, claims.user)}`]),
  ];
}

function claimOf(payload: string, path: ClaimPath): string {
  return path.reduce((value, name) => value + (isFieldName(name) ? `.${name}` : `[${celString(name)}]`), payload);
}

function behindPrefix({ name, prefix }: CredentialHeader): string {
  return prefix === '' ? headerValue(name) : `${headerValue(name)}.substring(${prefix.length})`;
}
