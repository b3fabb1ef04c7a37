import { SecretMount } from './data-plane';
import { SecretKey } from '../model/policy';
import { digest } from '../values/digest';

/** Keys of Secrets as files, in a folder for each Secret, in a stable order. */
export function secretMounts(directory: string, files: readonly SecretKey[]): SecretMount[] {
  const keys = new Map<string, Set<string>>();
  for (const { secretName, key } of files) {
    keys.set(secretName, (keys.get(secretName) ?? new Set()).add(key));
  }
  return [...keys]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([secretName, found]) => ({
      // Names of Secrets may be longer than those of volumes, and have dots.
      name: `secret-${digest(secretName, 12)}`,
      secretName,
      directory: `${directory}/${secretName}`,
      keys: [...found].sort(),
    }));
}
