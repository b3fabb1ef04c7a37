import { extension, socketAddress, typed } from './config';
import { CALLER_USER, MetadataPath } from './identity';
import { MCP_METADATA } from './names';
import { REQUEST_PATH } from './request-path';
import { systemTls } from './upstream-tls';
import { AccessLogField, Gateway, Tracing } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { otlpAddress } from '../../passes/otlp';
import { Json } from '../../values/json';

/** What of a call the filter for MCP keeps for the log. */
const CALLED_TOOL = inMetadata({ namespace: MCP_METADATA, path: ['params', 'name'] });
const ARGUMENTS = inMetadata({ namespace: MCP_METADATA, path: ['params', 'arguments'] });
const ASKED_METHOD = inMetadata({ namespace: MCP_METADATA, path: ['method'] });
/** The path that the client asked for; of a request that no filter saw, its own is still there. */
const ASKED_PATH = firstOf([
  { command: 'DYNAMIC_METADATA', param: parameter(REQUEST_PATH) },
  { command: 'PATH', param: 'NQ:ORIG_OR_PATH' },
]);

/** A line for each request, refused ones included. No session: whoever has its id may be able to use it. And no query, where clients may leave secrets. */
const COMMON = {
  time: '%START_TIME%',
  client: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%',
  'http.method': '%REQUEST_HEADER(:METHOD)%',
  'http.path': ASKED_PATH,
  'http.status': '%RESPONSE_CODE%',
  'mcp.method': ASKED_METHOD,
  'mcp.tool': CALLED_TOOL,
  user: inMetadata(CALLER_USER),
  route: '%ROUTE_NAME%',
  server: '%UPSTREAM_HOST%',
  duration: '%DURATION%',
  reason: '%RESPONSE_CODE_DETAILS%',
  flags: '%RESPONSE_FLAGS%',
  trace: '%TRACE_ID%',
};

/** The record of calls, where a gateway asks for one. */
const AUDIT = {
  'audit.user': inMetadata(CALLER_USER),
  'audit.method': ASKED_METHOD,
  'audit.tool': CALLED_TOOL,
  'audit.status': '%RESPONSE_CODE%',
};

/** The logs of requests, on the standard output of the pod. */
export function accessLogs({ gateway }: GatewayPlan): Json[] {
  const fields = {
    ...COMMON,
    ...(gateway.traffic?.audit === undefined ? {} : AUDIT),
    ...Object.fromEntries(gateway.accessLog.map(({ name, source }) => [name, formatOf(source)])),
  };
  const format =
    gateway.logFormat === 'json'
      ? { json_format: fields }
      : { text_format_source: { inline_string: textLine(fields) } };
  return [
    extension('envoy.access_loggers.stdout', 'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
      log_format: format,
    }),
  ];
}

/** Whether the log shows what tools are called with, so that it has to be read. */
export function logsArguments({ accessLog }: Gateway): boolean {
  return accessLog.some(({ source }) => source.kind === 'toolArguments');
}

function textLine(fields: Readonly<Record<string, string>>): string {
  return `${Object.entries(fields)
    .map(([name, format]) => `${text(name)}=${format}`)
    .join(' ')}\n`;
}

function formatOf(source: AccessLogField['source']): string {
  switch (source.kind) {
    case 'toolName':
      return CALLED_TOOL;
    case 'toolArguments':
      return ARGUMENTS;
    case 'requestHeader':
      return `%REQUEST_HEADER(${source.header})%`;
    case 'literal':
      return text(source.value);
  }
}

/** Text in a format, where a percent sign would begin a command. */
function text(value: string): string {
  return value.replace(/%/g, '%%');
}

function inMetadata(place: MetadataPath): string {
  return `%DYNAMIC_METADATA(${parameter(place)})%`;
}

function parameter({ namespace, path }: MetadataPath): string {
  return [namespace, ...path].join(':');
}

/** The first of several commands that has a value. */
function firstOf(operators: readonly { readonly command: string; readonly param: string }[]): string {
  return `%COALESCE(${JSON.stringify({ operators })})%`;
}

/** Cluster of the collector of traces. */
const COLLECTOR = 'traces';

/** How requests are traced; undefined where they are not. A client cannot ask for more traces than the gateway wants. */
export function tracing({ gateway }: GatewayPlan): Json | undefined {
  const wanted = gateway.tracing;
  return wanted === undefined
    ? undefined
    : {
        client_sampling: { value: 0 },
        random_sampling: { value: 100 * wanted.sampling },
        overall_sampling: { value: 100 },
        spawn_upstream_span: true,
        custom_tags: [
          tag('mcp.method', { namespace: MCP_METADATA, path: ['method'] }),
          tag('mcp.tool', { namespace: MCP_METADATA, path: ['params', 'name'] }),
          // In place of Envoy's own, which is that of the server, with the query of the client.
          tag('http.url', REQUEST_PATH),
        ],
        provider: {
          name: 'envoy.tracers.opentelemetry',
          typed_config: typed('envoy.config.trace.v3.OpenTelemetryConfig', {
            service_name: gateway.name,
            ...exporter(wanted),
          }),
        },
      };
}

function tag(name: string, { namespace, path }: MetadataPath): Json {
  return {
    tag: name,
    metadata: { kind: { request: {} }, metadata_key: { key: namespace, path: path.map(key => ({ key })) } },
  };
}

const EXPORT_TIMEOUT = '1s';
/** Where collectors take traces, unless the endpoint says so (OTLP, "OTLP/HTTP Request"). */
const TRACES_PATH = '/v1/traces';

function exporter(wanted: Tracing): Json {
  const { origin, pathname } = new URL(wanted.endpoint);
  return wanted.protocol === 'grpc'
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
export function tracingClusters({ gateway }: GatewayPlan): Json[] {
  if (gateway.tracing === undefined) {
    return [];
  }
  const { host, port } = otlpAddress(gateway.tracing);
  return [
    {
      name: COLLECTOR,
      type: 'STRICT_DNS',
      connect_timeout: '5s',
      load_assignment: {
        cluster_name: COLLECTOR,
        endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(host, port) } }] }],
      },
      ...(gateway.tracing.protocol === 'grpc'
        ? {
            typed_extension_protocol_options: {
              'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
                'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
                { explicit_http_config: { http2_protocol_options: {} } },
              ),
            },
          }
        : {}),
      ...(new URL(gateway.tracing.endpoint).protocol === 'https:'
        ? { transport_socket: systemTls(host, gateway.tracing.protocol === 'grpc' ? 'h2' : 'http/1.1') }
        : {}),
    },
  ];
}
