import { extension, socketAddress } from './config';
import { endpointsOf } from './members';
import { unlimited } from './resilience';
import { BackendGroup, GatewayPlan } from '../../model/plan';
import { Endpoint } from '../../model/server';
import { Json } from '../../values/json';
import { distinctBy } from '../../values/lists';

/*
 * Servers behind a proxy. A connection to such a server leads into Envoy again, to a listener that nothing else reaches, which asks the
 * proxy for the server by CONNECT. TLS goes through all of it, from end to end.
 */

/** An address that the gateway reaches through a proxy. */
interface Proxied extends Endpoint {
  readonly proxy: string;
}

/** Whether the servers of a group are reached through a proxy, all of them. */
export function isProxied(group: BackendGroup): boolean {
  return endpointsOf(group).every(({ proxy }) => proxy !== undefined);
}

/** The address of a server inside Envoy. */
export function tunnelAddress(endpoint: Endpoint): Json {
  return { envoy_internal_address: { server_listener_name: listenerName(endpoint), endpoint_id: authority(endpoint) } };
}

/** The listeners that ask proxies, one for each address. */
export function tunnelListeners(plan: GatewayPlan): Json[] {
  return distinctBy(proxied(plan), listenerName).map(endpoint => ({
    name: listenerName(endpoint),
    internal_listener: {},
    filter_chains: [
      {
        filters: [
          extension('envoy.filters.network.tcp_proxy', 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', {
            stat_prefix: 'tunnel',
            cluster: proxyName(endpoint),
            tunneling_config: { hostname: authority(endpoint) },
            // Streams of events are quiet for as long as nothing happens.
            idle_timeout: '0s',
          }),
        ],
      },
    ],
  }));
}

/** The proxies. One that refuses a server is none that fails. */
export function proxyClusters(plan: GatewayPlan): Json[] {
  return distinctBy(proxied(plan), proxyName).map(endpoint => {
    const name = proxyName(endpoint);
    const { hostname, port } = new URL(`http://${endpoint.proxy}`);
    return {
      name,
      type: 'STRICT_DNS',
      dns_lookup_family: 'V4_PREFERRED',
      connect_timeout: '2s',
      load_assignment: {
        cluster_name: name,
        endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(hostname, Number(port || 80)) } }] }],
      },
      circuit_breakers: unlimited(),
    };
  });
}

/** Bootstrap extension without which there are no listeners inside Envoy. There from the start: servers may come while it runs. */
export function tunnelSupport(): Json {
  return extension(
    'envoy.bootstrap.internal_listener',
    'envoy.extensions.bootstrap.internal_listener.v3.InternalListener',
  );
}

function proxied({ entries }: GatewayPlan): Proxied[] {
  return entries
    .flatMap(({ groups }) => groups)
    .filter(isProxied)
    .flatMap(endpointsOf) as Proxied[];
}

function listenerName(endpoint: Endpoint): string {
  return `tunnel/${endpoint.proxy}/${authority(endpoint)}`;
}

function proxyName({ proxy }: Proxied): string {
  return `proxy/${proxy}`;
}

function authority({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
