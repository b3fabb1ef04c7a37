import { createHash } from 'crypto';
import { USERS } from './decision-program';
import { htpasswdLine } from './htpasswd';
import { Secrets } from './pod-files';
import { TokenIssuer } from './token-issuer';
import { SOME_USER } from '../../../src/passes/access/caller';

/*
 * Who there is outside of an app: issuers with their keys, API keys and who has them, users with passwords.
 */

export const ISSUER = new TokenIssuer('https://auth.acme.dev');
export const OTHER_ISSUER = new TokenIssuer('https://partners.example.com', 'ES256');

/** An API key and who presents it. */
export interface KeyHolder {
  readonly key: string;
  readonly user?: string;
  readonly groups?: readonly string[];
}

/** Keys by name; the last one says nothing of who has it. */
export const KEYS: readonly KeyHolder[] = [
  { key: 'key-of-ci-3c1f', user: 'ci', groups: ['jobs'] },
  { key: 'key-of-alice-77aa', user: 'alice', groups: ['finance-admins', 'interns'] },
  { key: 'key-of-interns-0b0b', groups: ['interns'] },
  { key: 'key-of-nobody-9d2e' },
];

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const PASSWORD = 'correct horse 3$';

/** Users of the htpasswd file. */
export const BASIC_USERS: readonly string[] = [...USERS, SOME_USER];

/** The header of a user with his password. */
export function basicCredentials(user: string, password = PASSWORD): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** The Secrets that apps of tests refer to, in a namespace. */
export function secretsIn(namespace: string): Secrets {
  return {
    [`${namespace}/api-keys`]: Object.fromEntries(KEYS.map(({ key }, i) => [`key-${i}`, key])),
    [`${namespace}/users`]: { htpasswd: BASIC_USERS.map(user => `${htpasswdLine(user, PASSWORD)}\n`).join('') },
  };
}
