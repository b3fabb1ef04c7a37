import { Address, Bootstrap, Cluster, HeaderMatcher, HttpFilter, Listener, Route, Struct } from './config/api';
import { anyAddress, extension, fromFile, socketAddress } from './config/config';
import {
  ADMIN_SOCKET,
  CLUSTERS_FILE,
  CONFIG_DIRECTORY,
  LISTENERS_FILE,
  METRICS_PORT,
  READINESS_PORT,
} from './config/names';
import { matching } from './dialect/matchers';
import { withEnding } from './drain';
import { overloadManager } from './parts/overload';
import { STATISTICS } from './statistics';
import { Gateway } from '../../model/gateway';

/** Cluster of Envoy's own administration. */
const ADMIN = 'admin';
/** Cluster of the listener that clients reach, to see whether it is there. */
const CLIENTS = 'clients';
const LOOPBACK = '127.0.0.1';
const ADMIN_ADDRESS: Address = { pipe: { path: ADMIN_SOCKET } };

/** Without it there are no listeners inside Envoy. There from the start: servers that are reached by one may come while it runs. */
const INTERNAL_LISTENERS = extension(
  'envoy.bootstrap.internal_listener',
  'envoy.extensions.bootstrap.internal_listener.v3.InternalListener',
  {},
);

/** What Envoy reads at its start: where the rest is, and how the pod is asked how it is. */
export function bootstrap(gateway: Gateway): Bootstrap {
  return {
    ...(gateway.logFormat === 'json'
      ? {
          application_log_config: {
            log_format: { json_format: { time: '%Y-%m-%dT%T.%e', level: '%l', logger: '%n', message: '%j' } },
          },
        }
      : {}),
    node: { id: gateway.name, cluster: gateway.workloadNamespace },
    // Callers that hold all connections must not keep the pod from saying how it is.
    admin: { address: ADMIN_ADDRESS, ignore_global_conn_limit: true },
    overload_manager: withEnding(overloadManager(gateway)),
    bootstrap_extensions: [INTERNAL_LISTENERS],
    stats_config: STATISTICS,
    layered_runtime: { layers: [{ name: 'defaults', static_layer: RUNTIME }] },
    dynamic_resources: {
      cds_config: fromFile(CONFIG_DIRECTORY, CLUSTERS_FILE),
      lds_config: fromFile(CONFIG_DIRECTORY, LISTENERS_FILE),
    },
    static_resources: {
      listeners: [
        own('readiness', anyAddress(READINESS_PORT, gateway.profile), [passing('/live', '/ready')], [readiness()]),
        own('metrics', anyAddress(METRICS_PORT, gateway.profile), [passing('/stats/prometheus', '/stats/prometheus')]),
      ],
      clusters: [
        { ...local(ADMIN, ADMIN_ADDRESS), connect_timeout: '1s' },
        {
          ...local(CLIENTS, socketAddress(LOOPBACK, gateway.port)),
          connect_timeout: '1s',
          health_checks: [
            {
              timeout: '1s',
              interval: '2s',
              no_traffic_interval: '2s',
              no_traffic_healthy_interval: '2s',
              unhealthy_threshold: 1,
              healthy_threshold: 1,
              tcp_health_check: {},
            },
          ],
        },
      ],
    },
  };
}

function local(name: string, address: Address): Cluster {
  return {
    name,
    type: 'STATIC',
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
    },
  };
}

/**
 * Who asks a pod how it is calls it by its address. The gateway itself calls servers by the names of their hosts: one that
 * resolves to the pod finds nothing here.
 */
const BY_ADDRESS: HeaderMatcher = {
  name: ':authority',
  string_match: matching('(?:localhost|[0-9.]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]+)?'),
};

/**
 * Answers `/ready` while the listener of clients can be connected to. Envoy itself says that it is ready when it refused that
 * listener, for a file that it was to read there, and serves nobody.
 */
function readiness(): HttpFilter {
  return extension('envoy.filters.http.health_check', 'envoy.extensions.filters.http.health_check.v3.HealthCheck', {
    pass_through_mode: false,
    headers: [{ name: ':path', string_match: { exact: '/ready' } }, BY_ADDRESS],
    cluster_min_healthy_percentages: { [CLIENTS]: { value: 100 } },
  });
}

/** A route that passes one path on to the administration, by GET, and nothing else. */
function passing(path: string, to: string): Route {
  return {
    match: { path, headers: [{ name: ':method', string_match: { exact: 'GET' } }, BY_ADDRESS] },
    route: { cluster: ADMIN, prefix_rewrite: to },
  };
}

/** A listener for the cluster's own questions. */
function own(name: string, address: Address, routes: readonly Route[], filters: readonly HttpFilter[] = []): Listener {
  return {
    name,
    address,
    ignore_global_conn_limit: true,
    filter_chains: [
      {
        filters: [
          extension(
            'envoy.filters.network.http_connection_manager',
            'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            {
              stat_prefix: name,
              normalize_path: false,
              route_config: { name, virtual_hosts: [{ name, domains: ['*'], routes }] },
              http_filters: [
                ...filters,
                extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {}),
              ],
            },
          ),
        ],
      },
    ],
  };
}

/**
 * Settings of the running Envoy without which its matchers mean something else:
 * - regexes are read as UTF-8, not as bytes, so that `.` is a character;
 * - a header that is sent several times is one value, its lines joined by commas, and not met by any of its lines;
 * - regexes may be longer than a few dozen characters: one that is not refuses the whole configuration.
 */
const RUNTIME: Struct = {
  'envoy.reloadable_features.re2_use_latin1_mode': false,
  'envoy.reloadable_features.match_headers_individually': false,
  'envoy.reloadable_features.rbac_match_headers_individually': false,
  're2.max_program_size.error_level': 2 ** 32 - 1,
};
