import { isIP } from 'net';
import {
  Address,
  Any,
  CidrRange,
  CircuitBreakers,
  Cluster,
  ConfigSource,
  Duration,
  HttpHttpProtocolOptions,
  Messages,
  SdsSecretConfig,
  Secret,
  SubjectAltNameMatcher,
  TransportSocket,
} from './api';
import { CONFIG_DIRECTORY, MetadataPath } from './names';
import { celString } from '../../../cel/terms';
import { ClusterProfile, isIpv4Alone } from '../../../model/cluster';
import { UpstreamTls } from '../../../model/server';
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

/** All addresses of a pod: `::` takes connections of IPv4 as well, whose callers have addresses of IPv4. */
export function anyAddress(port: number, profile: ClusterProfile | undefined): Address {
  return isIpv4Alone(profile)
    ? socketAddress('0.0.0.0', port)
    : { socket_address: { address: '::', port_value: port, ipv4_compat: true } };
}

/** A range of addresses, from its CIDR. */
export function addressRange(cidr: string): CidrRange {
  const [address, bits] = cidr.split('/');
  return { address_prefix: address, prefix_len: Number(bits) };
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
  connection: Omit<Cluster, 'name' | 'type' | 'cluster_type' | 'load_assignment'>,
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

/*
 * Formats: texts in which Envoy puts what it knows of a request in the place of commands.
 */

/** Text that is no command: a percent sign would begin one. */
export function literal(text: string): string {
  return text.replace(/%/g, '%%');
}

/** A field on the line that is logged of a request, in either form of the log. */
export interface LogField {
  readonly json: string;
  readonly text: string;
}

/** A field that holds nothing that callers write. */
export function logged(format: string): LogField {
  return { json: format, text: format };
}

/**
 * What a caller may write into its quotes on a line of text: nothing that ends the line or the quotes, that a terminal obeys, or
 * that turns the direction of text. JSON is escaped by Envoy, text is not. Classes of Unicode would be too long for Envoy.
 */
const HARMLESS = '^[^"\\\\\\x00-\\x1f\\x7f-\\x{9f}\\x{2000}-\\x{206f}]*$';
const HARMFUL = '(unprintable)';

/** A field whose text is a caller's: by a format in JSON, and in text by an expression in CEL that yields the same. */
export function saidByCaller(format: string, expression: string): LogField {
  const harmless = `(${expression}).matches(${celString(HARMLESS)}) ? (${expression}) : ${celString(HARMFUL)}`;
  return { json: format, text: `"%CEL(${harmless})%"` };
}

/** A field with what stands at a place in metadata. */
export function loggedMetadata(place: MetadataPath): LogField {
  return saidByCaller(inMetadata(place), celMetadata(place));
}

/** What stands at a place in metadata, in CEL. */
export function celMetadata({ namespace, path }: MetadataPath): string {
  return `metadata.filter_metadata${[namespace, ...path].map(key => `[${celString(key)}]`).join('')}`;
}

/** What stands at a place in metadata. */
export function inMetadata(place: MetadataPath): string {
  return `%DYNAMIC_METADATA(${parameter(place)})%`;
}

/** What stands at a place in metadata, or, where nothing does, what a command says. */
export function inMetadataOr(place: MetadataPath, command: string, param: string): string {
  const operators = [
    { command: 'DYNAMIC_METADATA', param: parameter(place) },
    { command, param },
  ];
  return `%COALESCE(${JSON.stringify({ operators })})%`;
}

function parameter({ namespace, path }: MetadataPath): string {
  return [namespace, ...path].join(':');
}

/*
 * Secrets that Envoy's connections use. The configuration says in which files of mounted Secrets they are, in a file of its own for
 * each: of a file with two, Envoy takes neither.
 */

/** A reference to a secret by its name. */
export function secretReference(name: string): SdsSecretConfig {
  return { name, sds_config: fromFile(CONFIG_DIRECTORY, secretResource(name)) };
}

/** File of the configuration that says where a secret is. */
export function secretResource(name: string): string {
  return `${name}.yaml`;
}

/** A secret as a resource. */
export function secretOf(secret: Secret): Any {
  return typed('envoy.extensions.transport_sockets.tls.v3.Secret', secret);
}

/** Roots that the image of Envoy has, of its distribution. */
const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/** What is spoken over TLS: gRPC takes HTTP/2 alone. */
type Alpn = 'http/1.1' | 'h2';

/** TLS towards a host that the system's roots vouch for. */
export function systemTls(host: string, alpn: Alpn = 'http/1.1'): TransportSocket {
  return tlsTo(host, { insecureSkipVerify: false }, {}, alpn);
}

/** Resources that hold what TLS towards a server needs of Secrets. */
interface TlsSecrets {
  /** The certificate that is shown. */
  readonly certificate?: string;
  /** What the certificate of the server must be, by an authority and for the name. */
  readonly authority?: string;
}

/** What a certificate must be for. */
export function subjectOf(name: string): SubjectAltNameMatcher {
  return { san_type: isIP(name) !== 0 ? 'IP_ADDRESS' : 'DNS', matcher: { exact: name } };
}

/** TLS towards what has a name, or an address, with what is in secrets where they are named. */
export function tlsTo(
  name: string,
  tls: UpstreamTls,
  { authority, certificate }: TlsSecrets = {},
  alpn: Alpn = 'http/1.1',
): TransportSocket {
  const address = isIP(name) !== 0;
  const common = {
    alpn_protocols: [alpn],
    ...(certificate === undefined ? {} : { tls_certificate_sds_secret_configs: [secretReference(certificate)] }),
  };
  return extension('envoy.transport_sockets.tls', 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    // Addresses are no names that could be asked for.
    ...(address ? {} : { sni: name }),
    common_tls_context: tls.insecureSkipVerify
      ? common
      : authority !== undefined
        ? { ...common, validation_context_sds_secret_config: secretReference(authority) }
        : {
            ...common,
            validation_context: {
              trusted_ca: tls.caBundle === undefined ? { filename: SYSTEM_ROOTS } : { inline_string: tls.caBundle },
              match_typed_subject_alt_names: [subjectOf(name)],
            },
          },
  });
}
