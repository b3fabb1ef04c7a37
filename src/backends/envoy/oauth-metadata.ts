import { DISABLED } from './config';
import { AUTHENTICATION, entryName, MCP_METADATA } from './names';
import { Entry } from '../../model/plan';
import { JwtMethod } from '../../model/policy';
import { alternatives } from '../../passes/policy/alternatives';
import { Json } from '../../values/json';

/*
 * Metadata of OAuth 2 protected resources (RFC 9728): by it a client without a token finds out where to get one.
 */

/** Path of the metadata of a protected resource (RFC 9728, 3.1). */
function metadataPath(path: string): string {
  return `/.well-known/oauth-protected-resource${path}`;
}

/** The methods of an entry that say where to get a token. */
function protectedBy({ policy }: Entry): JwtMethod[] {
  return (policy?.authentication ?? [])
    .flatMap(({ method }) => alternatives(method))
    .filter((method): method is JwtMethod => method.kind === 'jwt' && method.resource !== undefined);
}

/** Where the metadata of an entry is: a URL where its public name is known, else a path; undefined where there is none. */
export function metadataUrl(entry: Entry): string | undefined {
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
export function metadataRoute(entry: Entry): Json[] {
  const methods = protectedBy(entry);
  if (methods.length === 0) {
    return [];
  }
  const scopes = [...new Set(methods.flatMap(({ resource }) => resource!.scopes))];
  return [
    {
      name: `${entryName(entry)}/oauth-metadata`,
      match: { path: metadataPath(entry.path), headers: [{ name: ':method', string_match: { exact: 'GET' } }] },
      direct_response: {
        status: 200,
        body_format: {
          json_format: {
            resource:
              entry.publicUrl === undefined
                ? `%REQUEST_HEADER(:SCHEME)%://%REQUEST_HEADER(:AUTHORITY)%${literal(entry.path)}`
                : literal(entry.publicUrl),
            authorization_servers: [...new Set(methods.map(({ issuer }) => literal(issuer)))],
            bearer_methods_supported: ['header'],
            ...(scopes.length === 0 ? {} : { scopes_supported: scopes.map(literal) }),
          },
        },
      },
      typed_per_filter_config: { [AUTHENTICATION]: DISABLED, [MCP_METADATA]: DISABLED },
    },
  ];
}

/** Text in a format, where a percent sign begins a command. */
function literal(text: string): string {
  return text.replace(/%/g, '%%');
}
