import { part } from './part';
import { secretDirectory, secretFile } from './secret-files';
import { BackendCredential, Endpoint, Server } from '../../../model/server';
import { canonicalText, distinctBy } from '../../../values/json';
import { digest } from '../../../values/text';
import { TransportSocket } from '../config/api';
import { membersOf } from '../config/members';
import { EnvoyPlan } from '../config/plan';
import { tlsTo } from '../config/tls';

/*
 * TLS towards servers. Each address says by a label which of the cluster's ways to connect is its own, so that servers of a group may
 * have names and authorities of their own, or speak plain HTTP.
 */

/** Namespace of an address's metadata that Envoy chooses the connection by. */
const MATCH_METADATA = 'envoy.transport_socket_match';

/** Connections to servers that speak TLS. */
export const upstreamTls = part({
  cluster: group => {
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
  },
  endpoint: (endpoint, server) => {
    const socket = socketOf(endpoint, server);
    return socket === undefined
      ? {}
      : { metadata: { filter_metadata: { [MATCH_METADATA]: { socket: socketLabel(socket) } } } };
  },
  resources: plan => ({
    // Files, read again when a Secret changes.
    secrets: clientCertificates(plan).map(certificate => ({
      name: certificateName(certificate),
      tls_certificate: {
        certificate_chain: { filename: secretFile(certificate.certificate) },
        private_key: { filename: secretFile(certificate.privateKey) },
        watched_directory: { path: secretDirectory(certificate.certificate) },
      },
    })),
  }),
  secretKeys: plan => clientCertificates(plan).flatMap(({ certificate, privateKey }) => [certificate, privateKey]),
});

function socketLabel(socket: TransportSocket): string {
  return `tls-${digest(canonicalText(socket), 12)}`;
}

function socketOf({ tls, host }: Endpoint, server: Server): TransportSocket | undefined {
  const certificate = clientCertificateOf(server);
  return tls && tlsTo(tls.serverName ?? host, tls, certificate && certificateName(certificate));
}

type ClientCertificate = Extract<BackendCredential, { kind: 'clientCertificate' }>;

/** The certificates that the gateway shows to servers, each once. */
function clientCertificates({ entries }: EnvoyPlan): ClientCertificate[] {
  const found = entries.flatMap(({ servers }) => servers).flatMap(server => clientCertificateOf(server) ?? []);
  return distinctBy(found, certificateName);
}

function clientCertificateOf({ credentials = [] }: Server): ClientCertificate | undefined {
  return credentials.find((credential): credential is ClientCertificate => credential.kind === 'clientCertificate');
}

function certificateName(certificate: ClientCertificate): string {
  return `server-certificate-${digest(canonicalText(certificate), 12)}`;
}
