import { createHash } from 'crypto';

/** The first hexadecimal digits of the SHA-256 of a text: a name for what has too long a one. */
export function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
