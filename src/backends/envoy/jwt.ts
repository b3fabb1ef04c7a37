import { extension, typed } from './config';
import { methodName } from './identity';
import { jwksCluster } from './jwks-clusters';
import { JWT_METADATA } from './names';
import { GatewayPlan } from '../../model/plan';
import { CredentialHeader, EffectivePolicy, JsonWebKeys, JwtMethod } from '../../model/policy';
import { alternatives } from '../../passes/policy/alternatives';
import { digest } from '../../values/digest';
import { Json } from '../../values/json';
import { distinctBy } from '../../values/lists';

/*
 * Tokens. The filter verifies those of a route's methods and says which were right; whether that suffices is for the filter
 * behind it to decide, which knows the other methods. So a key that cannot be fetched stops nobody but those who need it.
 */

/** The methods of a policy that read tokens, each once. */
export function tokenMethods({ authentication }: EffectivePolicy): JwtMethod[] {
  const methods = authentication
    .flatMap(({ method }) => alternatives(method))
    .filter((method): method is JwtMethod => method.kind === 'jwt');
  return distinctBy(methods, methodName);
}

/** The filter, with all issuers of a plan; nothing where no policy asks for tokens. */
export function jwtFilters(plan: GatewayPlan): Json[] {
  const policies = plan.entries.flatMap(({ policy }) => policy ?? []);
  const methods = new Map(policies.flatMap(tokenMethods).map(method => [methodName(method), method]));
  const requirements = new Map(
    policies
      .map(tokenMethods)
      .filter(asked => asked.length > 0)
      .map(asked => [requirementName(asked), requirement(asked)]),
  );
  return methods.size === 0
    ? []
    : [
        extension(JWT_METADATA, 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
          providers: sorted([...methods].map(([name, method]) => [name, provider(method)])),
          requirement_map: sorted([...requirements]),
        }),
      ];
}

/** What the filter verifies on a route. */
export function jwtPerRoute(policy: EffectivePolicy): Json {
  const methods = tokenMethods(policy);
  return methods.length === 0
    ? {}
    : {
        [JWT_METADATA]: typed('envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig', {
          requirement_name: requirementName(methods),
        }),
      };
}

/** Made of all that it asks for: a route that knows another one than the listener, which is read from another file, is refused. */
function requirementName(methods: readonly JwtMethod[]): string {
  return digest(JSON.stringify(methods.map(methodName)), 12);
}

/** Every one is verified, whatever becomes of the others. */
function requirement(methods: readonly JwtMethod[]): Json {
  const each = methods.map(method => ({
    requires_any: { requirements: [{ provider_name: methodName(method) }, { allow_missing_or_failed: {} }] },
  }));
  return each.length === 1 ? each[0] : { requires_all: { requirements: each } };
}

function provider(method: JwtMethod): Json {
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

/** Fetched before they are needed, and again after a failure. */
function keySource(keys: JsonWebKeys): Json {
  return keys.kind === 'inline'
    ? { local_jwks: { inline_string: keys.jwks } }
    : {
        remote_jwks: {
          http_uri: { uri: keys.url, cluster: jwksCluster(keys.url), timeout: '5s' },
          cache_duration: '300s',
          async_fetch: { failed_refetch_duration: '5s' },
        },
      };
}

function sorted(entries: readonly (readonly [string, Json])[]): Json {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
