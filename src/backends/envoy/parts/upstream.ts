import { secretDirectory, secretFile } from './limits';
import { enforced, part, refused } from './part';
import { GatewayPlan } from '../../../model/plan';
import { SecretKey } from '../../../model/policy';
import { BackendCredential, Endpoint, formatServerRef, Server } from '../../../model/server';
import { canonicalText, distinctBy } from '../../../values/json';
import { digest } from '../../../values/text';
import { refusal } from '../../interface/standing';
import { Address, Cluster, Listener, TransportSocket } from '../config/api';
import { extension, hostCluster, subjectOf, tlsTo, UNLIMITED } from '../config/config';
import { differ, endpointsOf, EnvoyPlan, memberNames, membersOf } from '../config/plan';

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
    secrets: [
      ...clientCertificates(plan).map(certificate => ({
        name: certificateName(certificate),
        tls_certificate: {
          certificate_chain: { filename: secretFile(certificate.certificate) },
          private_key: { filename: secretFile(certificate.privateKey) },
          watched_directory: { path: secretDirectory(certificate.certificate) },
        },
      })),
      ...authorities(plan).map(trusted => ({
        name: authorityName(trusted),
        validation_context: {
          trusted_ca: { filename: secretFile(trusted.secret) },
          watched_directory: { path: secretDirectory(trusted.secret) },
          match_typed_subject_alt_names: [subjectOf(trusted.name)],
        },
      })),
    ],
  }),
  secretKeys: plan => [
    ...clientCertificates(plan).flatMap(({ certificate, privateKey }) => [certificate, privateKey]),
    ...authorities(plan).map(({ secret }) => secret),
  ],
});

function socketLabel(socket: TransportSocket): string {
  return `tls-${digest(canonicalText(socket), 12)}`;
}

function socketOf({ tls, host }: Endpoint, server: Server): TransportSocket | undefined {
  const certificate = clientCertificateOf(server);
  const name = tls?.serverName ?? host;
  return (
    tls &&
    tlsTo(name, tls, {
      certificate: certificate && certificateName(certificate),
      authority: tls.caSecret && authorityName({ secret: tls.caSecret, name }),
    })
  );
}

/** Whose certificates are accepted for a name, from a Secret. */
interface Authority {
  readonly secret: SecretKey;
  readonly name: string;
}

/** The authorities of servers that are in Secrets, each once. */
function authorities({ entries }: EnvoyPlan): Authority[] {
  const found = entries
    .flatMap(({ servers }) => servers)
    .flatMap(({ endpoints }) => endpoints)
    .flatMap(({ host, tls }) =>
      tls?.caSecret === undefined ? [] : [{ secret: tls.caSecret, name: tls.serverName ?? host }],
    );
  return distinctBy(found, authorityName);
}

function authorityName(trusted: Authority): string {
  return `server-authority-${digest(canonicalText(trusted), 12)}`;
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

/*
 * Servers behind a proxy. A connection to such a server leads into Envoy again, to a listener that nothing else reaches, which asks the
 * proxy for the server by CONNECT. TLS goes through all of it, from end to end.
 */

const HTTP = refused(
  'egressProxy.http',
  'Envoy cannot reach a server of plain HTTP through the proxy: it asks for connections, which proxies only give to TLS',
  'use the https URL of the server, or list its host in `noProxy` of the profile where the gateway can reach it directly',
);
const SHARED = refused(
  'weights.proxy',
  'Envoy cannot share requests between servers behind a proxy and others',
  'give them routes of their own',
);

/** The proxy by which servers outside the cluster are reached. */
export const tunnels = part({
  limits: {
    egressProxy: enforced(
      'remote servers that speak TLS are reached through the proxy of the cluster, by CONNECT; keys of issuers and traces are not',
    ),
    'egressProxy.http': HTTP,
    'weights.proxy': SHARED,
  },
  check: ({ entries }) =>
    entries.flatMap(({ backendsProperty: property, groups, origin, servers }) => [
      ...servers
        .filter(({ endpoints }) => endpoints.some(({ proxy, tls }) => proxy !== undefined && tls === undefined))
        .map(server => refusal(HTTP, origin, property, formatServerRef(server))),
      ...groups
        .filter(group => differ(endpointsOf(group).map(({ proxy }) => proxy ?? null)))
        .map(group => refusal(SHARED, origin, property, memberNames(group))),
    ]),
  endpoint: endpoint => (isProxied(endpoint) ? { address: tunnelAddress(endpoint) } : {}),
  resources: plan => ({
    clusters: distinctBy(proxied(plan), proxyName).map(proxyCluster),
    listeners: distinctBy(proxied(plan), listenerName).map(tunnel),
  }),
});

/** An address that the gateway reaches through a proxy. */
interface Proxied extends Endpoint {
  readonly proxy: string;
}

function isProxied(endpoint: Endpoint): endpoint is Proxied {
  return endpoint.proxy !== undefined;
}

function proxied({ entries }: GatewayPlan): Proxied[] {
  return entries
    .flatMap(({ groups }) => groups)
    .flatMap(endpointsOf)
    .filter(isProxied);
}

/** The address of a server inside Envoy. */
function tunnelAddress(endpoint: Proxied): Address {
  return { envoy_internal_address: { server_listener_name: listenerName(endpoint), endpoint_id: authority(endpoint) } };
}

/** A listener that asks a proxy for an address. */
function tunnel(endpoint: Proxied): Listener {
  return {
    name: listenerName(endpoint),
    internal_listener: {},
    // These are the gateway's own connections.
    ignore_global_conn_limit: true,
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
  };
}

/** A proxy. One that refuses a server is none that fails. */
function proxyCluster(endpoint: Proxied): Cluster {
  const { hostname, port } = new URL(`http://${endpoint.proxy}`);
  return {
    ...hostCluster(
      proxyName(endpoint),
      { host: hostname, port: Number(port || 80) },
      { dns_lookup_family: 'V4_PREFERRED', connect_timeout: '2s' },
    ),
    circuit_breakers: UNLIMITED,
  };
}

function listenerName(endpoint: Proxied): string {
  return `tunnel/${endpoint.proxy}/${authority(endpoint)}`;
}

function proxyName({ proxy }: Proxied): string {
  return `proxy/${proxy}`;
}

function authority({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
