/** Curves of elliptic keys that agentgateway verifies with. */
const CURVES: Readonly<Record<string, readonly string[]>> = { EC: ['P-256', 'P-384'], OKP: ['Ed25519'] };

interface Jwk {
  readonly kty?: unknown;
  readonly kid?: unknown;
  readonly crv?: unknown;
  readonly d?: unknown;
}

/** What is wrong with an inline key set: agentgateway does not start, and serves no route, with one it cannot read. */
export function jwksProblem(text: string): string | undefined {
  const keys = readKeys(text);
  if (keys === undefined || keys.length === 0) {
    return 'it is no JSON Web Key Set (an object with a list `keys`)';
  }
  const ids = keys.map(({ kid }) => kid);
  return (
    keys.map(keyProblem).find(problem => problem !== undefined) ??
    (new Set(ids).size === ids.length ? undefined : 'two keys have the same `kid`')
  );
}

/** Ids of the keys in an inline key set. */
export function keyIds(text: string): string[] {
  return (readKeys(text) ?? []).map(({ kid }) => String(kid));
}

function readKeys(text: string): readonly Jwk[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) && keys.every(key => typeof key === 'object' && key !== null) ? keys : undefined;
  } catch {
    return undefined;
  }
}

function keyProblem({ kty, kid, crv, d }: Jwk, index: number): string | undefined {
  if (typeof kid !== 'string' || kid === '') {
    return `key ${index} has no \`kid\`, by which the key of a token is found`;
  }
  if (d !== undefined) {
    return `key ${index} is a private key, which must not leave the issuer`;
  }
  return kty === 'RSA' || CURVES[String(kty)]?.includes(String(crv))
    ? undefined
    : `key ${index} is of a kind it does not verify with: use RSA, P-256, P-384 or Ed25519`;
}
