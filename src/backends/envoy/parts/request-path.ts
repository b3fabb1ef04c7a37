import { enforced, part } from './part';
import { extension, LUA } from '../config/config';
import { MetadataPath } from '../config/names';
import { PATH_PROGRAM } from '../lua/programs';

/** Where the path is that a client asked for, without the query, in which it may leave secrets; the program writes it there. */
export const REQUEST_PATH: MetadataPath = { namespace: 'mcp.request', path: ['path'] };

/**
 * Keeps that path for logs and traces: when they are written, the path is that of the server, with whatever stands in it. The
 * query ends here.
 */
export const requestPath = part({
  limits: {
    paths: enforced(
      'compared as they come, with those of routes, which are exact: dot segments, `;`, doubled or escaped slashes, backslashes and fragments are refused, ' +
        'whatever a proxy in front makes of them; the query of a caller reaches no server',
    ),
  },
  filters: () => [
    extension(REQUEST_PATH.namespace, LUA, {
      default_source_code: { inline_string: PATH_PROGRAM },
      clear_route_cache: false,
    }),
  ],
});
