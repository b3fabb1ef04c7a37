import { ADMIN_PORT, METRICS_PORT, READINESS_PORT } from './capabilities';
import { extension, fromFile, socketAddress } from './config';
import { CLUSTERS_FILE, CONFIG_DIRECTORY, LISTENERS_FILE } from './names';
import { Gateway } from '../../model/gateway';
import { Json } from '../kubernetes/pod-template';

/** Cluster of Envoy's own administration, which listens on loopback alone. */
const ADMIN = 'admin';
/** Any process of the pod may administrate: there is but one. */
const LOOPBACK = '127.0.0.1';

/** What Envoy reads at its start: where the rest is, and how the pod is asked how it is. */
export function bootstrap(gateway: Gateway): Json {
  return {
    node: { id: gateway.name, cluster: gateway.workloadNamespace },
    admin: { address: socketAddress(LOOPBACK, ADMIN_PORT) },
    dynamic_resources: {
      cds_config: fromFile(CONFIG_DIRECTORY, CLUSTERS_FILE),
      lds_config: fromFile(CONFIG_DIRECTORY, LISTENERS_FILE),
    },
    static_resources: {
      listeners: [passing('readiness', READINESS_PORT, '/ready'), passing('metrics', METRICS_PORT, '/stats/prometheus')],
      clusters: [{
        name: ADMIN,
        type: 'STATIC',
        connect_timeout: '1s',
        load_assignment: { cluster_name: ADMIN, endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(LOOPBACK, ADMIN_PORT) } }] }] },
      }],
    },
  };
}

/** A listener that passes one path of the administration on, by GET, and nothing else. */
function passing(name: string, port: number, path: string): Json {
  return {
    name,
    address: socketAddress('0.0.0.0', port),
    filter_chains: [{
      filters: [extension('envoy.filters.network.http_connection_manager', 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
        stat_prefix: name,
        normalize_path: true,
        route_config: {
          name,
          virtual_hosts: [{
            name,
            domains: ['*'],
            routes: [{ match: { path, headers: [{ name: ':method', string_match: { exact: 'GET' } }] }, route: { cluster: ADMIN, prefix_rewrite: path } }],
          }],
        },
        http_filters: [extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router')],
      })],
    }],
  };
}
