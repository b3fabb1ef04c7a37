import { authenticationFilters, downstreamTls } from './authentication';
import { authorizationFilters } from './authorization';
import { credentialFilters, sessionFilters } from './backends';
import { extension, fromFile, socketAddress } from './config';
import { mcpFilter } from './mcp-filter';
import { ADMITTED, CONFIG_DIRECTORY, LISTENER, ROUTES, ROUTES_FILE } from './names';
import { accessLogs, tracing } from './observability';
import { openApiFilters } from './open-api';
import { rateLimitFilters } from './rate-limits';
import { requestPathFilter } from './request-path';
import { bodyLimit } from './traffic';
import { GatewayPlan } from '../../model/plan';
import { digest } from '../../values/digest';
import { Json } from '../../values/json';

/** The listener that clients reach. Its routes are elsewhere, so that a changed route closes no connection. */
export function listener(plan: GatewayPlan): Json {
  const tls = downstreamTls(plan);
  return {
    name: LISTENER,
    address: socketAddress('0.0.0.0', plan.gateway.port),
    // A body is held until it is parsed.
    per_connection_buffer_limit_bytes: bodyLimit(plan),
    filter_chains: [
      {
        filters: [
          extension(
            'envoy.filters.network.http_connection_manager',
            'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            manager(plan),
          ),
        ],
        ...(tls === undefined ? {} : { transport_socket: tls }),
      },
    ],
  };
}

function manager(plan: GatewayPlan): Json {
  const trace = tracing(plan);
  return {
    stat_prefix: LISTENER,
    rds: { route_config_name: ROUTES, config_source: fromFile(CONFIG_DIRECTORY, ROUTES_FILE) },
    http_filters: [...before(plan), admitted(plan), ...after(plan)],
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
    access_log: accessLogs(plan),
    ...(trace === undefined ? {} : { tracing: trace }),
  };
}

/** The filters that decide whether a request is served. */
function before(plan: GatewayPlan): Json[] {
  return [requestPathFilter(), ...authenticationFilters(plan), mcpFilter(plan), ...authorizationFilters(plan)];
}

/** What is done with one that is, limits included: they count no request that is refused. */
function after(plan: GatewayPlan): Json[] {
  return [
    ...rateLimitFilters(plan),
    ...sessionFilters(plan),
    ...credentialFilters(plan),
    // Last: paths are those of services from there on, and what looks for a route again would find none, or another's.
    ...openApiFilters(plan),
    extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {
      suppress_envoy_headers: true,
    }),
  ];
}

/** Denies everything. Routes that serve something switch it off: what is selected by mistake, or not at all, is refused. */
function admitted(plan: GatewayPlan): Json {
  return extension(admittedName(plan), 'envoy.extensions.filters.http.rbac.v3.RBAC', {
    rules: { action: 'ALLOW', policies: {} },
  });
}

/**
 * Name of the filter that refuses what no route admitted. It is of the filters around it: what a route asks of a filter that
 * is not there would be passed over, and routes are read from another file, and by connections of a listener that is about
 * to go. Such a request finds that its route does not admit it.
 */
export function admittedName(plan: GatewayPlan): string {
  const names = [...before(plan), ...after(plan)].map(({ name }) => name);
  return `${ADMITTED}.${digest(names.join(), 8)}`;
}
