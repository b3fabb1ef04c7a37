import { jwksProblem, keyIds } from '../../../../../src/backends/agentgateway/parts/authentication/check';
import { jwksOf } from '../../policy-fixtures';

const problem = (...keys: object[]) => jwksProblem(JSON.stringify({ keys }));

it('takes public keys that have ids', () => {
  expect(jwksProblem(jwksOf('k1'))).toBeUndefined();
  expect(
    problem({ kty: 'RSA', kid: 'a' }, { kty: 'OKP', crv: 'Ed25519', kid: 'b' }, { kty: 'EC', crv: 'P-384', kid: 'c' }),
  ).toBeUndefined();
  expect(keyIds(jwksOf('k1'))).toEqual(['k1']);
});

it.each([
  ['no JSON', 'KEYS', 'it is no JSON Web Key Set (an object with a list `keys`)'],
  ['one key', '{"kty":"RSA"}', 'it is no JSON Web Key Set (an object with a list `keys`)'],
  ['null', 'null', 'it is no JSON Web Key Set (an object with a list `keys`)'],
  ['no keys', '{"keys":[]}', 'it is no JSON Web Key Set (an object with a list `keys`)'],
])('refuses %s', (_, text, expected) => {
  expect(jwksProblem(text)).toBe(expected);
});

it('refuses keys that the gateway would not start with', () => {
  expect(problem({ kty: 'RSA' })).toBe('key 0 has no `kid`, by which the key of a token is found');
  expect(problem({ kty: 'RSA', kid: 'a' }, { kty: 'RSA', kid: 'b', d: 'x' })).toBe(
    'key 1 is a private key, which must not leave the issuer',
  );
  expect(problem({ kty: 'oct', kid: 'a' })).toBe(
    'key 0 is of a kind it does not verify with: use RSA, P-256, P-384 or Ed25519',
  );
  expect(problem({ kty: 'EC', crv: 'P-521', kid: 'a' })).toContain('is of a kind it does not verify with');
  expect(problem({ kty: 'RSA', kid: 'a' }, { kty: 'RSA', kid: 'a' })).toBe('two keys have the same `kid`');
});
