import { extension, LUA } from '../config';
import { MESSAGE_PROGRAM } from '../lua/programs';
import { part } from '../part';

/** Name of the filter that refuses ambiguous messages. */
export const MESSAGE = 'mcp.message';

/**
 * Refuses messages that a server could read otherwise than they were authorized. The filter for MCP takes names as they are
 * written, the last of two it refuses, and whatever has a result for an answer; there are servers that take `Method` for
 * `method`, and a request that also has a result for a request.
 */
export const message = part({
  filters: () => [
    extension(MESSAGE, LUA, {
      default_source_code: { inline_string: MESSAGE_PROGRAM },
      clear_route_cache: false,
    }),
  ],
});
