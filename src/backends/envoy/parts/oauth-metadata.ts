import { enforced, part } from './part';
import { JwtMethod } from '../../../model/policy';
import { Route } from '../config/api';
import { DISABLED } from '../config/config';
import { literal } from '../config/formats';
import { AUTHENTICATION, MCP_METADATA } from '../config/names';
import { EnvoyEntry } from '../config/plan';

/*
 * Metadata of OAuth 2 protected resources (RFC 9728): by it a client without a token finds out where to get one.
 */

/** Routes that say where to get a token. */
export const oauthMetadata = part({
  features: {
    'authentication.oidc': enforced(
      'each route serves its metadata of RFC 9728, and names it to callers without a good token, where other credentials are taken as well',
    ),
  },
  entry: entry => {
    const methods = protectedBy(entry);
    return methods.length === 0 ? {} : { routes: [metadataRoute(entry, methods)] };
  },
});

/** Path of the metadata of a protected resource (RFC 9728, 3.1). */
function metadataPath(path: string): string {
  return `/.well-known/oauth-protected-resource${path}`;
}

/** The methods of an entry that say where to get a token. */
function protectedBy({ methods }: EnvoyEntry): JwtMethod[] {
  return methods.filter((method): method is JwtMethod => method.kind === 'jwt' && method.resource !== undefined);
}

/** Where the metadata of an entry is: a URL where its public name is known, else a path; undefined where there is none. */
export function metadataUrl(entry: EnvoyEntry): string | undefined {
  if (protectedBy(entry).length === 0) {
    return undefined;
  }
  if (entry.publicUrl === undefined) {
    return metadataPath(entry.path);
  }
  const { origin, pathname } = new URL(entry.publicUrl);
  return `${origin}${metadataPath(pathname)}`;
}

/** The route that serves the metadata of an entry, to everybody: what is asked there is no MCP, and is not protected. */
function metadataRoute({ name, path, publicUrl }: EnvoyEntry, methods: readonly JwtMethod[]): Route {
  const scopes = [...new Set(methods.flatMap(({ resource }) => resource!.scopes))];
  return {
    name: `${name}/oauth-metadata`,
    match: { path: metadataPath(path), headers: [{ name: ':method', string_match: { exact: 'GET' } }] },
    direct_response: {
      status: 200,
      body_format: {
        json_format: {
          resource:
            publicUrl === undefined
              ? `%REQUEST_HEADER(:SCHEME)%://%REQUEST_HEADER(:AUTHORITY)%${literal(path)}`
              : literal(publicUrl),
          authorization_servers: [...new Set(methods.map(({ issuer }) => literal(issuer)))],
          bearer_methods_supported: ['header'],
          ...(scopes.length === 0 ? {} : { scopes_supported: scopes.map(literal) }),
        },
      },
    },
    typed_per_filter_config: { [AUTHENTICATION]: DISABLED, [MCP_METADATA]: DISABLED },
  };
}
