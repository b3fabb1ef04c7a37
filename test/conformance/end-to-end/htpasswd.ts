/* Bytes, and what stands in their bits. */
/* eslint-disable no-bitwise */
import { createHash } from 'crypto';

const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ROUNDS = 1000;
/** Bytes of the digest in the order in which they are written, three to four digits. */
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
];

/** A line of an htpasswd file, with the hash that Apache's tool writes by default. */
export function htpasswdLine(user: string, password: string, salt = 'k9.Zq/x1'): string {
  return `${user}:$apr1$${salt}$${apr1(Buffer.from(password), Buffer.from(salt))}`;
}

function md5(...parts: readonly Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(parts)).digest();
}

function apr1(password: Buffer, salt: Buffer): string {
  const inner = md5(password, salt, password);
  const parts = [password, Buffer.from('$apr1$'), salt];
  for (let rest = password.length; rest > 0; rest -= inner.length) {
    parts.push(inner.subarray(0, rest));
  }
  for (let bits = password.length; bits > 0; bits >>= 1) {
    parts.push(bits & 1 ? Buffer.alloc(1) : password.subarray(0, 1));
  }
  let digest = md5(...parts);
  for (let round = 0; round < ROUNDS; round++) {
    const odd = round % 2 === 1;
    digest = md5(
      odd ? password : digest,
      ...(round % 3 === 0 ? [] : [salt]),
      ...(round % 7 === 0 ? [] : [password]),
      odd ? digest : password,
    );
  }
  return [
    ...ORDER.map(([a, b, c]) => written((digest[a] << 16) | (digest[b] << 8) | digest[c], 4)),
    written(digest[11], 2),
  ].join('');
}

function written(value: number, digits: number): string {
  return Array.from({ length: digits }, (_, i) => DIGITS[(value >> (6 * i)) & 63]).join('');
}
