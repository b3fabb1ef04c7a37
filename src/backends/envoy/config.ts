import { Json } from '../../values/json';

/*
 * Pieces of Envoy's configuration that several files write. Messages are plain JSON, named as in the API's protocol buffers.
 */

const TYPE_PREFIX = 'type.googleapis.com/';

/** A message of a type, such as `envoy.extensions.filters.http.router.v3.Router`. */
export function typed(type: string, value: Json = {}): Json {
  return { '@type': `${TYPE_PREFIX}${type}`, ...value };
}

/** An extension by name with its message. */
export function extension(name: string, type: string, value: Json = {}): Json {
  return { name, typed_config: typed(type, value) };
}

/** Leaves a filter out on a route. */
export const DISABLED = typed('envoy.config.route.v3.FilterConfig', { disabled: true });

/** An address of a socket. */
export function socketAddress(address: string, port: number): Json {
  return { socket_address: { address, port_value: port } };
}

/** Resources in a file that Envoy reads again when the folder changes: Kubernetes swaps a link in it, so that watching the file alone would see nothing. */
export function fromFile(directory: string, file: string): Json {
  return {
    resource_api_version: 'V3',
    path_config_source: { path: `${directory}/${file}`, watched_directory: { path: directory } },
  };
}
