import { CredentialHeader, SingleMethod } from '../../model/policy';

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
