import { createPublicKey, JsonWebKey } from 'crypto';
import { keySetProblem } from '../../passes/policy/authentication';

/** What Envoy verifies with: what the algorithm of a key, where it names one, has to begin with, by the kind of key. */
const ALGORITHMS: Readonly<Record<string, RegExp>> = {
  RSA: /^[RP]S/,
  'EC P-256': /^ES/,
  'EC P-384': /^ES/,
  'EC P-521': /^ES/,
  'OKP Ed25519': /^EdDSA$/,
};

/** What is wrong with an inline key set: with one of which it can use no key, Envoy takes no configuration at all, and a single one it cannot use it leaves out. */
export function jwksProblem(text: string): string | undefined {
  const problem = keySetProblem(text);
  if (problem !== undefined) {
    return `it ${problem}`;
  }
  const { keys } = JSON.parse(text) as { readonly keys: readonly JsonWebKey[] };
  return keys.map(keyProblem).find(found => found !== undefined);
}

function keyProblem(key: JsonWebKey, index: number): string | undefined {
  const algorithms = ALGORITHMS[key.kty === 'RSA' ? 'RSA' : `${String(key.kty)} ${String(key.crv)}`];
  if (algorithms === undefined) {
    return `key ${index} is of a kind it does not verify with: use RSA, P-256, P-384, P-521 or Ed25519`;
  }
  if (key.alg !== undefined && !algorithms.test(String(key.alg))) {
    return `key ${index} is not one for its algorithm \`${String(key.alg)}\``;
  }
  return isReadable(key) ? undefined : `key ${index} is incomplete, or no such key exists`;
}

function isReadable(key: JsonWebKey): boolean {
  try {
    createPublicKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
