import { AccessLog, HttpFilter, Listener } from './config/api';
import { extension, fromFile, literal, LogField, anyAddress } from './config/config';
import { ADMITTED, CONFIG_DIRECTORY, LISTENER, ROUTES, ROUTES_FILE } from './config/names';
import { EnvoyPlan } from './config/plan';
import { RBAC } from './dialect/rbac';
import { DECIDING, mergedParts, PARTS, SERVING } from './parts';
import { Part } from './parts/part';
import { digest } from '../../values/text';

/** The listener that clients reach. Its routes are elsewhere, so that a changed route closes no connection. */
export function listener(plan: EnvoyPlan, { filters }: FilterChain): Listener {
  const parts = PARTS.map(part => part.listener?.(plan) ?? {});
  return {
    name: LISTENER,
    address: anyAddress(plan.gateway.port, plan.gateway.profile),
    // What is read of a connection at a time: with more, some callers would fill the memory before anybody could look at it.
    per_connection_buffer_limit_bytes: 64 * 1024,
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
              // Paths are compared as they come, with those of routes, which are exact: what proxies in front read in two ways
              // (dot segments, `;`, doubled or escaped slashes) is none of them, and is refused.
              normalize_path: false,
              merge_slashes: false,
              path_with_escaped_slashes_action: 'REJECT_REQUEST',
              // The address of a caller is that of its connection, whatever it says of itself.
              use_remote_address: true,
              xff_num_trusted_hops: 0,
              common_http_protocol_options: {
                headers_with_underscores_action: 'REJECT_REQUEST',
                // Longer than the 90 seconds after which common clients close theirs.
                idle_timeout: '120s',
              },
              request_headers_timeout: '10s',
              request_timeout: '30s',
              // Streams of events are quiet for as long as nothing happens.
              stream_idle_timeout: '0s',
              drain_timeout: '5s',
              access_log: [accessLog(plan)],
              ...Object.assign({}, ...parts.map(({ manager }) => manager)),
            },
          ),
        ],
        // Handshakes of TLS have no limit otherwise.
        transport_socket_connect_timeout: '10s',
        ...Object.assign({}, ...parts.map(({ chain }) => chain)),
      },
    ],
  };
}

/** The filters of the listener that clients reach. */
export interface FilterChain {
  readonly filters: readonly HttpFilter[];
  /**
   * Name of the filter that refuses what no route admitted. It is of the filters around it: what a route asks of a filter that
   * is not there would be passed over, and routes are read from another file, and by connections of a listener that is about
   * to go. Such a request finds that its route does not admit it.
   */
  readonly admitted: string;
}

/** The filters of all parts, in their order. */
export function filterChain(plan: EnvoyPlan): FilterChain {
  const of = (parts: readonly Part[]): HttpFilter[] => parts.flatMap(part => part.filters?.(plan) ?? []);
  const before = of(DECIDING);
  const after = [
    ...of(SERVING),
    extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {
      suppress_envoy_headers: true,
    }),
  ];
  const names = [...before, ...after].map(({ name }) => name);
  const admitted = `${ADMITTED}.${digest(names.join(), 8)}`;
  return { filters: [...before, deniesAll(admitted), ...after], admitted };
}

/** Denies everything. Routes that serve something switch it off: what is selected by mistake, or not at all, is refused. */
function deniesAll(name: string): HttpFilter {
  return extension(name, RBAC, { rules: { action: 'ALLOW', policies: {} } });
}

/** The log of requests, on the standard output of the pod: a line for each, refused ones included, with the fields of all parts. */
export function accessLog(plan: EnvoyPlan): AccessLog {
  const fields = mergedParts(part => part.logFields?.(plan));
  return extension('envoy.access_loggers.stdout', 'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
    log_format:
      plan.gateway.logFormat === 'json'
        ? { json_format: Object.fromEntries(Object.entries(fields).map(([name, { json }]) => [name, json])) }
        : { text_format_source: { inline_string: textLine(fields) } },
  });
}

function textLine(fields: Readonly<Record<string, LogField>>): string {
  return `${Object.entries(fields)
    .map(([name, { text }]) => `${literal(name)}=${text}`)
    .join(' ')}\n`;
}
