import { Listener } from './api';
import { extension, fromFile, socketAddress } from './config';
import { FilterChain } from './filter-chain';
import { accessLog } from './log-line';
import { CONFIG_DIRECTORY, LISTENER, ROUTES, ROUTES_FILE } from './names';
import { PARTS } from './parts';
import { EnvoyPlan } from './plan';

/** The listener that clients reach. Its routes are elsewhere, so that a changed route closes no connection. */
export function listener(plan: EnvoyPlan, { filters }: FilterChain): Listener {
  const parts = PARTS.map(part => part.listener?.(plan) ?? {});
  return {
    name: LISTENER,
    address: socketAddress('0.0.0.0', plan.gateway.port),
    // A body is held until it is parsed.
    per_connection_buffer_limit_bytes: plan.bodyLimit,
    filter_chains: [
      {
        filters: [
          extension(
            'envoy.filters.network.http_connection_manager',
            'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            {
              stat_prefix: LISTENER,
              rds: { route_config_name: ROUTES, config_source: fromFile(CONFIG_DIRECTORY, ROUTES_FILE) },
              http_filters: filters,
              // What a path means is settled before anything looks at it, and what is spelled to mean two things is refused.
              normalize_path: true,
              merge_slashes: false,
              path_with_escaped_slashes_action: 'REJECT_REQUEST',
              // The address of a caller is that of its connection, whatever it says of itself.
              use_remote_address: true,
              xff_num_trusted_hops: 0,
              common_http_protocol_options: { headers_with_underscores_action: 'REJECT_REQUEST' },
              request_headers_timeout: '10s',
              request_timeout: '60s',
              // Streams of events are quiet for as long as nothing happens.
              stream_idle_timeout: '0s',
              drain_timeout: '5s',
              access_log: [accessLog(plan)],
              ...Object.assign({}, ...parts.map(({ manager }) => manager)),
            },
          ),
        ],
        ...Object.assign({}, ...parts.map(({ chain }) => chain)),
      },
    ],
  };
}
