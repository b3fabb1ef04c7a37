import { jwksProblem } from '../../../src/backends/envoy/parts/tokens';
import { jwksOf } from '../agentgateway/policy-fixtures';

const [good] = JSON.parse(jwksOf('k1')).keys;
const set = (...keys: object[]) => JSON.stringify({ keys });

it('takes keys that Envoy verifies with', () => {
  expect(
    [set(good), set({ ...good, kid: undefined }), set({ ...good, alg: 'ES256' }), set(good, good)].map(jwksProblem),
  ).toEqual([undefined, undefined, undefined, undefined]);
  expect(
    jwksProblem(set({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', alg: 'EdDSA' })),
  ).toBeUndefined();
});

// Each was given to Envoy 1.40, which took none of the configuration, or left the key out.
it.each([
  ['{', 'it is not JSON'],
  ['{}', 'it is not a JSON Web Key Set: it has no `keys`'],
  [set(), 'it is not a JSON Web Key Set: it has no `keys`'],
  [set({ ...good, d: 'x' }), 'it contains a private or symmetric key'],
  [set(good, { kty: 'XX' }), 'key 1 is of a kind it does not verify with: use RSA, P-256, P-384, P-521 or Ed25519'],
  [
    set({ kty: 'OKP', crv: 'X25519', x: 'AA' }),
    'key 0 is of a kind it does not verify with: use RSA, P-256, P-384, P-521 or Ed25519',
  ],
  [set({ ...good, x: 'AA' }), 'key 0 is incomplete, or no such key exists'],
  [set({ kty: 'RSA' }), 'key 0 is incomplete, or no such key exists'],
  [set({ ...good, alg: 'RS256' }), 'key 0 is not one for its algorithm `RS256`'],
])('refuses %s', (text, problem) => {
  expect(jwksProblem(text)).toBe(problem);
});
