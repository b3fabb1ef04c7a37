import { part } from './part';
import { REQUEST_PATH } from './request-path';
import { otlpAddress, Tracing } from '../../../model/gateway';
import { Cluster, CustomTag, OpenTelemetryConfig } from '../config/api';
import { hostCluster, HTTP2, typed } from '../config/config';
import { ASKED_METHOD, CALLED_TOOL, MetadataPath } from '../config/names';
import { systemTls } from '../config/tls';

/** Cluster of the collector of traces. */
const COLLECTOR = 'traces';
const EXPORT_TIMEOUT = '1s';
/** Where collectors take traces, unless the endpoint says so (OTLP, "OTLP/HTTP Request"). */
const TRACES_PATH = '/v1/traces';

/** Traces of requests. A client cannot ask for more traces than the gateway wants. */
export const tracing = part({
  listener: ({ gateway: { name, tracing: wanted } }) =>
    wanted === undefined
      ? {}
      : {
          manager: {
            tracing: {
              client_sampling: { value: 0 },
              random_sampling: { value: 100 * wanted.sampling },
              overall_sampling: { value: 100 },
              spawn_upstream_span: true,
              custom_tags: [
                tag('mcp.method', ASKED_METHOD),
                tag('mcp.tool', CALLED_TOOL),
                // In place of Envoy's own, which is that of the server, with the query of the client.
                tag('http.url', REQUEST_PATH),
              ],
              provider: {
                name: 'envoy.tracers.opentelemetry',
                typed_config: typed('envoy.config.trace.v3.OpenTelemetryConfig', {
                  service_name: name,
                  ...exporter(wanted),
                }),
              },
            },
          },
        },
  resources: ({ gateway }) => (gateway.tracing === undefined ? {} : { clusters: [collector(gateway.tracing)] }),
});

function tag(name: string, { namespace, path }: MetadataPath): CustomTag {
  return {
    tag: name,
    metadata: { kind: { request: {} }, metadata_key: { key: namespace, path: path.map(key => ({ key })) } },
  };
}

function exporter({ endpoint, protocol }: Tracing): OpenTelemetryConfig {
  const { origin, pathname } = new URL(endpoint);
  return protocol === 'grpc'
    ? { grpc_service: { envoy_grpc: { cluster_name: COLLECTOR }, timeout: EXPORT_TIMEOUT } }
    : {
        http_service: {
          http_uri: {
            uri: `${origin}${pathname === '/' ? TRACES_PATH : pathname}`,
            cluster: COLLECTOR,
            timeout: EXPORT_TIMEOUT,
          },
        },
      };
}

/** Where traces go. */
function collector(wanted: Tracing): Cluster {
  const address = otlpAddress(wanted);
  const grpc = wanted.protocol === 'grpc';
  return {
    ...hostCluster(COLLECTOR, address, { connect_timeout: '5s' }),
    ...(grpc ? { typed_extension_protocol_options: HTTP2 } : {}),
    ...(new URL(wanted.endpoint).protocol === 'https:'
      ? { transport_socket: systemTls(address.host, grpc ? 'h2' : 'http/1.1') }
      : {}),
  };
}
