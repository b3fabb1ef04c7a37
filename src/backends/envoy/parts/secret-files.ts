import { refused } from './part';
import { Gateway } from '../../../model/gateway';
import { SecretKey } from '../../../model/policy';
import { SECRETS_DIRECTORY } from '../config/names';

/** Path of a key of a Secret that is mounted. */
export function secretFile({ secretName, key }: SecretKey): string {
  return `${secretDirectory({ secretName })}/${key}`;
}

/** Folder of a Secret that is mounted. */
export function secretDirectory({ secretName }: Pick<SecretKey, 'secretName'>): string {
  return `${SECRETS_DIRECTORY}/${secretName}`;
}

/** The limit on Secrets, which more than one part has. */
export const SECRETS_NAMESPACE = refused(
  'secrets.namespace',
  'the pods of the gateway cannot read a Secret of another namespace than their own',
  'keep the Secret in the namespace of the gateway; give API keys as SHA-256 hashes',
);

/** The Secrets that the pods of a gateway cannot mount. */
export function foreignSecrets(keys: readonly SecretKey[], { workloadNamespace }: Gateway): string[] {
  return keys
    .filter(({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== workloadNamespace)
    .map(({ secretName, secretNamespace }) => `${secretNamespace}/${secretName}`);
}
