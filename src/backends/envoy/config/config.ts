import {
  Address,
  Any,
  CircuitBreakers,
  Cluster,
  ConfigSource,
  Duration,
  HttpHttpProtocolOptions,
  Messages,
} from './api';
import { durationMilliseconds } from '../../../values/quantities';

/*
 * Pieces of Envoy's configuration that several files write. Messages are plain JSON, named as in the API's protocol buffers.
 */

const TYPE_PREFIX = 'type.googleapis.com/';

/** A message of a type, such as `envoy.extensions.filters.http.router.v3.Router`. */
export function typed<T extends keyof Messages>(type: T, value: Messages[T]): Any {
  return { '@type': `${TYPE_PREFIX}${type}`, ...value };
}

/** An extension by name with its message. */
export function extension<T extends keyof Messages>(name: string, type: T, value: Messages[T]): Extension {
  return { name, typed_config: typed(type, value) };
}

/** What has a name, and is whatever its message says. */
export interface Extension {
  readonly name: string;
  readonly typed_config: Any;
}

/** Leaves a filter out on a route. */
export const DISABLED = typed('envoy.config.route.v3.FilterConfig', { disabled: true });

/** An address of a socket. */
export function socketAddress(address: string, port: number): Address {
  return { socket_address: { address, port_value: port } };
}

/** Resources in a file that Envoy reads again when the folder changes: Kubernetes swaps a link in it, so that watching the file alone would see nothing. */
export function fromFile(directory: string, file: string): ConfigSource {
  return {
    resource_api_version: 'V3',
    path_config_source: { path: `${directory}/${file}`, watched_directory: { path: directory } },
  };
}

/** Type of filters that are programs. */
export const LUA = 'envoy.extensions.filters.http.lua.v3.Lua';

/** How HTTP is spoken with what is in a cluster. */
export function httpProtocol(options: HttpHttpProtocolOptions): Readonly<Record<string, Any>> {
  const type = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return { [type]: typed(type, options) };
}

/** What takes HTTP/2 alone, such as gRPC. */
export const HTTP2 = httpProtocol({ explicit_http_config: { http2_protocol_options: {} } });

/** A cluster of one host, by its name; `connection` says how it is connected to. */
export function hostCluster(
  name: string,
  { host, port }: HostPort,
  connection: Omit<Cluster, 'name' | 'type' | 'load_assignment'>,
): Cluster {
  return {
    name,
    type: 'STRICT_DNS',
    ...connection,
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(host, port) } }] }],
    },
  };
}

interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** In place of Envoy's own limits on a cluster, which are soon reached: every open stream of events is a connection and a request. */
export const UNLIMITED: CircuitBreakers = {
  thresholds: [
    { max_connections: 1_000_000, max_pending_requests: 1_000_000, max_requests: 1_000_000, max_retries: 1_000_000 },
  ],
};

/** A duration as Envoy reads it: seconds, with what is below them behind a point. */
export function seconds(milliseconds: number): Duration {
  return `${milliseconds / 1000}s`;
}

/** The shortest of some durations of the model, in milliseconds; undefined where there is none. */
export function shortest(...durations: readonly (string | undefined)[]): number | undefined {
  const known = durations.flatMap(duration => (duration === undefined ? [] : [durationMilliseconds(duration)]));
  return known.length === 0 ? undefined : Math.min(...known);
}
