import { enforced, part, refused } from './part';
import { celString } from '../../../cel/terms';
import { AccessLogField, otlpAddress, Tracing } from '../../../model/gateway';
import { refusal } from '../../interface/standing';
import { Cluster, CustomTag, OpenTelemetryConfig } from '../config/api';
import {
  celMetadata,
  extension,
  hostCluster,
  HTTP2,
  inMetadata,
  inMetadataOr,
  literal,
  LogField,
  logged,
  loggedMetadata,
  LUA,
  saidByCaller,
  systemTls,
  typed,
} from '../config/config';
import { ASKED_METHOD, CALL, CALL_ARGUMENTS, CALLED_TOOL, MetadataPath } from '../config/names';
import { CALLER_USER } from '../dialect/identity';
import { PATH_PROGRAM } from '../lua/programs';

/** Where the path is that a client asked for, without the query, in which it may leave secrets; the program writes it there. */
const REQUEST_PATH: MetadataPath = { namespace: 'mcp.request', path: ['path'] };

/**
 * Keeps that path for logs and traces: when they are written, the path is that of the server, with whatever stands in it. The
 * query ends here.
 */
export const requestPath = part({
  limits: {
    paths: enforced(
      'compared as they come, with those of routes, which are exact: dot segments, `;`, doubled or escaped slashes, backslashes and fragments are refused, ' +
        'whatever a proxy in front makes of them; the query of a caller reaches no server',
    ),
  },
  filters: () => [
    extension(REQUEST_PATH.namespace, LUA, {
      default_source_code: { inline_string: PATH_PROGRAM },
      clear_route_cache: false,
    }),
  ],
});

/** What is logged of every request. No session: whoever has its id may be able to use it. And no query, where clients may leave secrets. */
export const accessLog = part({
  logFields: () => ({
    time: logged('%START_TIME%'),
    client: logged('%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%'),
    'http.method': saidByCaller('%REQUEST_HEADER(:METHOD)%', 'request.method'),
    // The path that the client asked for; of a request that no filter saw, its own is still there.
    'http.path': saidByCaller(
      inMetadataOr(REQUEST_PATH, 'PATH', 'NQ:ORIG_OR_PATH'),
      `${celString(REQUEST_PATH.namespace)} in metadata.filter_metadata ? ${celMetadata(REQUEST_PATH)} : request.url_path`,
    ),
    'http.status': logged('%RESPONSE_CODE%'),
    'mcp.method': loggedMetadata(ASKED_METHOD),
    'mcp.tool': loggedMetadata(CALLED_TOOL),
    user: loggedMetadata(CALLER_USER),
    route: logged('%ROUTE_NAME%'),
    server: logged('%UPSTREAM_HOST%'),
    duration: logged('%DURATION%'),
    reason: logged('%RESPONSE_CODE_DETAILS%'),
    flags: logged('%RESPONSE_FLAGS%'),
    trace: logged('%TRACE_ID%'),
  }),
});

/** What a gateway has logged besides. */
export const accessLogFields = part({
  logFields: ({ gateway }) => Object.fromEntries(gateway.accessLog.map(({ name, source }) => [name, fieldOf(source)])),
});

function fieldOf(source: AccessLogField['source']): LogField {
  switch (source.kind) {
    case 'toolName':
      return loggedMetadata(CALLED_TOOL);
    case 'toolArguments':
      // What is no object would stand in a line of text as it is: there the whole of the call does, which is one.
      return { json: inMetadata(CALL_ARGUMENTS), text: inMetadata(CALL) };
    case 'requestHeader':
      return saidByCaller(`%REQUEST_HEADER(${source.header})%`, `request.headers[${celString(source.header)}]`);
    case 'literal':
      return logged(literal(source.value));
  }
}

const METADATA = refused(
  'audit.metadata',
  'Envoy cannot write a digest of the session to its log, and an id of a session must not stand there',
  'set includeMetadata to false; each line has the address of the caller anyway, and observability.accessLog can add its `user-agent`',
);

const FIELDS: Readonly<Record<string, LogField>> = {
  'audit.user': loggedMetadata(CALLER_USER),
  'audit.method': loggedMetadata(ASKED_METHOD),
  'audit.tool': loggedMetadata(CALLED_TOOL),
  'audit.status': logged('%RESPONSE_CODE%'),
};

/** The record of calls, where a gateway asks for one. */
export const audit = part({
  features: {
    'policy.audit': enforced(
      'fields `audit.user`, `audit.method`, `audit.tool` and `audit.status` on the line that the log of the pods has for each request, refused ones included',
      'level None or Request; format JSON; includeMetadata false',
    ),
    'policy.audit.answers': refused(
      'policy.audit.answers',
      'Envoy cannot write answers to its log',
      'record requests alone (level Request)',
    ),
    'policy.audit.destination': refused(
      'policy.audit.destination',
      'Envoy cannot write its log of requests anywhere but to the standard output of its pods here',
      'leave the destination out, and let whoever collects the log of the pods send it there',
    ),
    'policy.audit.format.other': refused(
      'policy.audit.format.other',
      'Envoy cannot write its log in this form',
      'use JSON, and let whoever collects the log of the pods translate it',
    ),
  },
  limits: { 'audit.metadata': METADATA },
  check: ({ gateway: { path, traffic } }) =>
    traffic?.audit?.metadata === true ? [refusal(METADATA, path, 'audit.includeMetadata', true)] : [],
  logFields: ({ gateway }) => (gateway.traffic?.audit === undefined ? {} : FIELDS),
});

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
