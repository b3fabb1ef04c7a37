import { isIP } from 'net';
import { extension } from './config';
import { membersOf } from './members';
import { secretReference } from './sds';
import { secretDirectory, secretFile } from './secrets';
import { BackendGroup, GatewayPlan } from '../../model/plan';
import { BackendCredential, Endpoint, Server, UpstreamTls } from '../../model/server';
import { serversOf } from '../../passes/backend-credentials';
import { digest } from '../../values/digest';
import { canonicalText, Json } from '../../values/json';

/*
 * TLS towards servers. Each address says by a label which of the cluster's ways to connect is its own, so that servers of a group may
 * have names and authorities of their own, or speak plain HTTP.
 */

/** Roots that the image of Envoy has, of its distribution. */
const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

const TLS = 'envoy.extensions.transport_sockets.tls.v3';
/** Namespace of an address's metadata that Envoy chooses the connection by. */
const MATCH_METADATA = 'envoy.transport_socket_match';

type ClientCertificate = Extract<BackendCredential, { kind: 'clientCertificate' }>;

/** What is spoken over TLS: gRPC takes HTTP/2 alone. */
type Alpn = 'http/1.1' | 'h2';

/** The ways to connect to the servers of a group, where some speak TLS. */
export function connectionSockets(group: BackendGroup): Json {
  const sockets = new Map(
    membersOf(group).flatMap(({ server, endpoints }) =>
      endpoints.flatMap(endpoint => {
        const socket = socketOf(endpoint, server);
        return socket === undefined ? [] : [[socketLabel(socket), socket] as const];
      }),
    ),
  );
  return sockets.size === 0
    ? {}
    : {
        transport_socket_matches: [...sockets].map(([label, socket]) => ({
          name: label,
          match: { socket: label },
          transport_socket: socket,
        })),
      };
}

/** What an address says of how it is connected to. */
export function connectionMetadata(endpoint: Endpoint, server: Server): Json {
  const socket = socketOf(endpoint, server);
  return socket === undefined
    ? {}
    : { metadata: { filter_metadata: { [MATCH_METADATA]: { socket: socketLabel(socket) } } } };
}

function socketLabel(socket: Json): string {
  return `tls-${digest(canonicalText(socket), 12)}`;
}

function socketOf({ tls, host }: Endpoint, server: Server): Json | undefined {
  return (
    tls &&
    extension(
      'envoy.transport_sockets.tls',
      `${TLS}.UpstreamTlsContext`,
      upstreamContext(tls, tls.serverName ?? host, clientCertificateOf(server)),
    )
  );
}

/** TLS towards a host that the system's roots vouch for. */
export function systemTls(host: string, alpn: Alpn = 'http/1.1'): Json {
  return extension(
    'envoy.transport_sockets.tls',
    `${TLS}.UpstreamTlsContext`,
    upstreamContext({ insecureSkipVerify: false }, host, undefined, alpn),
  );
}

function upstreamContext(
  tls: UpstreamTls,
  name: string,
  certificate: ClientCertificate | undefined,
  alpn: Alpn = 'http/1.1',
): Json {
  const address = isIP(name) !== 0;
  return {
    // Addresses are no names that could be asked for.
    ...(address ? {} : { sni: name }),
    common_tls_context: {
      alpn_protocols: [alpn],
      ...(certificate === undefined
        ? {}
        : { tls_certificate_sds_secret_configs: [secretReference(certificateName(certificate))] }),
      ...(tls.insecureSkipVerify
        ? {}
        : {
            validation_context: {
              trusted_ca: tls.caBundle === undefined ? { filename: SYSTEM_ROOTS } : { inline_string: tls.caBundle },
              match_typed_subject_alt_names: [{ san_type: address ? 'IP_ADDRESS' : 'DNS', matcher: { exact: name } }],
            },
          }),
    },
  };
}

/** The certificates that the gateway shows to servers: files, read again when a Secret changes. */
export function serverCertificates({ entries }: GatewayPlan): Json[] {
  const found = entries.flatMap(serversOf).flatMap(server => clientCertificateOf(server) ?? []);
  const named = new Map(found.map(certificate => [certificateName(certificate), certificate]));
  return [...named].map(([name, { certificate, privateKey }]) => ({
    name,
    tls_certificate: {
      certificate_chain: { filename: secretFile(certificate) },
      private_key: { filename: secretFile(privateKey) },
      watched_directory: { path: secretDirectory(certificate) },
    },
  }));
}

function clientCertificateOf({ credentials = [] }: Server): ClientCertificate | undefined {
  return credentials.find((credential): credential is ClientCertificate => credential.kind === 'clientCertificate');
}

function certificateName(certificate: ClientCertificate): string {
  return `server-certificate-${digest(canonicalText(certificate), 12)}`;
}
