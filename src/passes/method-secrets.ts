import { authorityKey } from './certificates';
import { Gateway } from '../model/gateway';
import { SecretKey, SingleMethod } from '../model/policy';

/** Keys of Secrets that a method is verified by. */
export function methodSecrets(method: SingleMethod, gateway: Gateway): SecretKey[] {
  switch (method.kind) {
    case 'jwt':
      return [];
    case 'apiKey':
      return method.keys.flatMap(({ secret }) => (secret.kind === 'secret' ? [secret.ref] : []));
    case 'basic':
      return [method.htpasswd];
    case 'clientCertificate':
      return [authorityKey(method.ca, gateway)];
  }
}
