import { enforced, part } from './part';
import { keepsCallers } from '../../../model/plan';
import { RouteActionHashPolicy } from '../config/api';
import { extension, typed } from '../config/config';

/*
 * A caller keeps its server. Those of a group are in a table of hashes by their shares (Maglev), in which each caller has a place: what
 * one lists, another would perhaps not have. A server that cannot be reached is not in the table meanwhile, and the others have its callers.
 */

const AFFINITY = 'mcp.affinity';
const CONFIG = 'envoy.extensions.filters.http.set_filter_state.v3.Config';
const CALLER = 'mcp.affinity.caller';

/** Shares callers among servers, not requests. */
export const affinity = part({
  features: {
    'affinity.none': enforced('each request that is of no session chooses among servers'),
  },
  // Always there: routes are read from another file, and must not wait for it.
  filters: () => [extension(AFFINITY, CONFIG, {})],
  cluster: group => (keepsCallers(group) ? { lb_policy: 'MAGLEV' } : {}),
  route: ({ group }) =>
    keepsCallers(group) ? { action: { hash_policy: BY_CALLER }, filters: { [AFFINITY]: NOTES_CALLER } } : {},
});

/** Whom limits count too: the subject of a token with its issuer, else the user; nothing for callers of whom no name was verified. */
const NOTES_CALLER = typed(CONFIG, {
  on_request_headers: [
    {
      object_key: CALLER,
      factory_key: 'envoy.hashable_string',
      format_string: {
        text_format_source: { inline_string: '%DYNAMIC_METADATA(mcp.caller:principal)%' },
        omit_empty_values: true,
      },
      skip_if_empty: true,
    },
  ],
});

const BY_CALLER: readonly RouteActionHashPolicy[] = [
  { filter_state: { key: CALLER }, terminal: true },
  { connection_properties: { source_ip: true } },
];
