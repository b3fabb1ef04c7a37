import { enforced, part, refused } from './part';
import { refusal } from '../../interface/standing';
import { extension, LUA } from '../config/config';
import { MCP_METADATA } from '../config/names';
import { MESSAGE_PROGRAM } from '../lua/programs';

/** The longest body that the filter can read, in bytes. */
const MAX_BODY_LIMIT = 10 * 1024 * 1024;

const TOO_LONG = refused('requestFiltering.sizeLimit', 'Envoy cannot read bodies above 10 MiB', 'give at most 10 MiB');

/**
 * Reads what a request asks for, and refuses what is no MCP: a batch, a body that is too long or no JSON, and one that names
 * something twice, which servers and policies may read differently. Routes are selected again by what was read.
 */
export const mcp = part({
  features: {
    'policy.requestFiltering.sizeLimit': enforced(
      'a longer body is 400 or 413, however it is sent; the gateway holds as much in memory for each request',
    ),
    'policy.requestFiltering.bodyFilters.size': enforced('as sizeLimit, of which the lowest holds'),
  },
  limits: { 'requestFiltering.sizeLimit': TOO_LONG },
  check: ({ bodyLimit, gateway: { path } }) =>
    bodyLimit > MAX_BODY_LIMIT ? [refusal(TOO_LONG, path, 'requestFiltering.sizeLimit', bodyLimit)] : [],
  filters: ({ bodyLimit, readsArguments }) => [
    extension(MCP_METADATA, 'envoy.extensions.filters.http.mcp.v3.Mcp', {
      traffic_mode: 'REJECT_NO_MCP',
      clear_route_cache: true,
      max_request_body_size: bodyLimit,
      reject_duplicate_keys: true,
      // Stated for calls, the rules of others are the filter's own.
      ...(readsArguments
        ? {
            parser_config: {
              methods: [
                { method: 'tools/call', extraction_rules: [{ path: 'params.name' }, { path: 'params.arguments' }] },
              ],
            },
          }
        : {}),
    }),
  ],
});

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
