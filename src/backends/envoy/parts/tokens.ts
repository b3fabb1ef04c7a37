import { createPublicKey, JsonWebKey } from 'crypto';
import { MethodUse, methodUses, refuseMethod } from './limits';
import { enforced, part, refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { CredentialHeader, isApiServer, JsonWebKeys, JwtMethod, keySetProblem } from '../../../model/policy';
import { addressOf } from '../../../passes/network/host-names';
import { distinctBy } from '../../../values/json';
import { digest } from '../../../values/text';
import { refusal } from '../../interface/standing';
import { Cluster, JwtProvider, JwtRequirement } from '../config/api';
import { extension, hostCluster, tlsTo, typed } from '../config/config';
import { JWT_METADATA } from '../config/names';
import { EnvoyEntry } from '../config/plan';
import { methodName } from '../dialect/identity';

/*
 * Tokens. The filter verifies those of a route's methods and says which were right; whether that suffices is for the filter
 * behind it to decide, which knows the other methods. So a key that cannot be fetched stops nobody but those who need it.
 */

const KEYS = refused(
  'authentication.jwt.keys',
  'Envoy cannot verify tokens with these keys',
  'give the key set as the issuer serves it, with public keys of RSA, P-256, P-384, P-521 or Ed25519',
);
const CLUSTER_KEYS = refused(
  'authentication.jwt.keys.cluster',
  'Envoy cannot fetch keys from the API server: it presents no token there, and does not trust its certificate',
  'give the keys themselves, as `kubectl get --raw /openid/v1/jwks` prints them, or the public URL that they are served at, which clusters of cloud providers have',
);

/** Tokens that callers are verified by. */
export const tokens = part({
  features: {
    'authentication.jwt': enforced(
      'by inline keys or those of a URL, whose authority may be your own, AND-ed with other methods; `iss`, `aud` and `exp` must be there, `nbf` must have passed; ' +
        'while the keys of a URL cannot be fetched, its callers alone are refused',
    ),
  },
  limits: { 'authentication.jwt.keys': KEYS, 'authentication.jwt.keys.cluster': CLUSTER_KEYS },
  check: plan => methodUses(plan).flatMap(checkKeys),
  // All issuers of a plan; nothing where no policy asks for tokens.
  filters: ({ entries }) => {
    const asked = entries.map(tokenMethods).filter(methods => methods.length > 0);
    const methods = new Map(asked.flat().map(method => [methodName(method), method]));
    const requirements = new Map(asked.map(several => [requirementName(several), requirement(several)]));
    return asked.length === 0
      ? []
      : [
          extension(JWT_METADATA, 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
            providers: sorted([...methods].map(([name, method]) => [name, provider(method)])),
            requirement_map: sorted([...requirements]),
          }),
        ];
  },
  entry: entry => {
    const methods = tokenMethods(entry);
    return methods.length === 0
      ? {}
      : {
          filters: {
            [JWT_METADATA]: typed('envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig', {
              requirement_name: requirementName(methods),
            }),
          },
        };
  },
  // Where keys are fetched from, each server once.
  resources: ({ entries }) => {
    const fetched = entries.flatMap(tokenMethods).flatMap(({ keys }) => (keys.kind === 'url' ? [keys] : []));
    const clusters = new Map(fetched.map(keys => [keysCluster(keys), keysFrom(keys)]));
    return { clusters: [...clusters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found) };
  },
});

/** The methods of an entry that read tokens, each once. */
function tokenMethods({ methods }: EnvoyEntry): JwtMethod[] {
  return distinctBy(
    methods.filter((method): method is JwtMethod => method.kind === 'jwt'),
    methodName,
  );
}

function checkKeys(use: MethodUse): Diagnostic[] {
  const { method, origin } = use;
  if (method.kind !== 'jwt') {
    return [];
  }
  const { issuer, keys } = method;
  const problem = keys.kind === 'inline' ? jwksProblem(keys.jwks) : undefined;
  return [
    ...(problem === undefined
      ? []
      : [
          refusal(KEYS, origin.path, origin.property, issuer, `Envoy cannot verify tokens with these keys: ${problem}`),
        ]),
    ...(keys.kind === 'url' && isApiServer(keys.url) ? [refuseMethod(CLUSTER_KEYS, use)] : []),
  ];
}

/** Keys that are fetched. */
type FetchedKeys = Extract<JsonWebKeys, { kind: 'url' }>;

/** Name of the cluster that keys are fetched from. */
function keysCluster({ caBundle, url }: FetchedKeys): string {
  const { origin } = new URL(url);
  return caBundle === undefined ? `jwks/${origin}` : `jwks/${origin}/${digest(caBundle, 8)}`;
}

function keysFrom(keys: FetchedKeys): Cluster {
  const { caBundle, url } = keys;
  const address = addressOf(url, { path: '', property: '' });
  return {
    ...hostCluster(keysCluster(keys), address, { connect_timeout: '5s' }),
    ...(new URL(url).protocol === 'https:'
      ? { transport_socket: tlsTo(address.host, { caBundle, insecureSkipVerify: false }) }
      : {}),
  };
}

/** Made of all that it asks for: a route that knows another one than the listener, which is read from another file, is refused. */
function requirementName(methods: readonly JwtMethod[]): string {
  return digest(JSON.stringify(methods.map(methodName)), 12);
}

/** Every one is verified, whatever becomes of the others. */
function requirement(methods: readonly JwtMethod[]): JwtRequirement {
  const each = methods.map(method => ({
    requires_any: { requirements: [{ provider_name: methodName(method) }, { allow_missing_or_failed: {} }] },
  }));
  return each.length === 1 ? each[0] : { requires_all: { requirements: each } };
}

function provider(method: JwtMethod): JwtProvider {
  return {
    issuer: method.issuer,
    audiences: [...new Set(method.audiences)].sort(),
    require_expiration: true,
    from_headers: spellings(method.header).map(prefix => ({
      name: method.header.name,
      ...(prefix === '' ? {} : { value_prefix: prefix }),
    })),
    // Another method may read the same token: it is taken out when all have.
    forward: true,
    payload_in_metadata: methodName(method),
    ...keySource(method.keys),
  };
}

/** The name of a scheme does not depend on case, and what Envoy looks for does. */
function spellings({ prefix }: CredentialHeader): string[] {
  return [...new Set([prefix, prefix.toLowerCase(), prefix.toUpperCase()])];
}

/** Tokens that a worker remembers, each for as long as it is valid: so many of the usual length are a megabyte. */
const REMEMBERED_TOKENS = 100;

/**
 * Inline, or fetched before they are needed and again after a failure. A token whose signature was right is remembered where the
 * keys are inline: with other keys Envoy begins anew. Keys of a URL change without its notice.
 */
function keySource(keys: JsonWebKeys): JwtProvider {
  return keys.kind === 'inline'
    ? { local_jwks: { inline_string: keys.jwks }, jwt_cache_config: { jwt_cache_size: REMEMBERED_TOKENS } }
    : {
        remote_jwks: {
          http_uri: { uri: keys.url, cluster: keysCluster(keys), timeout: '5s' },
          cache_duration: '300s',
          async_fetch: { failed_refetch_duration: '5s' },
        },
      };
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

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
