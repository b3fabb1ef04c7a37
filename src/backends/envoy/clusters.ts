import {
  Cluster,
  ClusterCustomClusterType,
  Duration,
  RouteAction,
  XdsMatcherMatcherListPredicate,
  XdsTypedExtensionConfig,
} from './config/api';
import { extension, httpProtocol, seconds, socketAddress } from './config/config';
import { endpointsOf, EnvoyEntry, EnvoyPlan, isLoneRemote, membersOf, pinsSessions } from './config/plan';
import { mergedParts } from './parts';
import { EndpointPart, RouteKind, ServerRoute } from './parts/part';
import { DEFAULT_PROFILE } from '../../model/cluster';
import { BackendGroup } from '../../model/plan';
import { Endpoint, isRemote, Server, serverKey } from '../../model/server';
import { distinct } from '../../values/json';

/** How long a connection may take to open, without TLS and with it. */
const CONNECT_TIMEOUT = '2s';
const CONNECT_TIMEOUT_TLS = '5s';
/** How long a connection is kept that nothing is asked on: a little less than the 5 seconds after which common servers close it. */
const IDLE_TIMEOUT = '4s';
/**
 * How long a connection is used that leads into the cluster. Services share connections among replicas, not requests:
 * new ones find new replicas, and a replica that goes has none left when it ends.
 */
const CONNECTION_DURATION = '4s';
/**
 * For how many requests it is used where any replica may answer, so that they get the same share. Fewer would share more evenly still, and
 * take more ports than there are: each stays taken for a minute after its connection.
 */
const CONNECTION_REQUESTS = 8;
/** Milliseconds by which what has begun to answer may outlast the limit of an attempt, so that the limit comes first for what has not. */
const GRACE = 50;

/**
 * The clusters of a group: its servers; the same for requests of open sessions, where weights may change; and both without a
 * limit on time, for streams of events, where requests have one.
 */
export function groupClusters(plan: EnvoyPlan, entry: EnvoyEntry, group: BackendGroup): Cluster[] {
  const kinds: readonly RouteKind[] = entry.attemptLimit === undefined ? ['request'] : ['request', 'stream'];
  return kinds.flatMap(kind => {
    const name = kindName(entry, group, kind);
    const limit =
      entry.attemptLimit === undefined || kind === 'stream' ? undefined : seconds(entry.attemptLimit + GRACE);
    return [
      groupCluster(plan, name, group, limit),
      ...(hasSessionCluster(plan, group)
        ? [groupCluster(plan, sessionClusterName(name), unweighted(group), limit)]
        : []),
    ];
  });
}

function kindName(entry: EnvoyEntry, group: BackendGroup, kind: RouteKind): string {
  const name = `${entry.name}/${group.id}`;
  return kind === 'stream' && entry.attemptLimit !== undefined ? `${name}/stream` : name;
}

/**
 * Whether requests of open sessions have a cluster of their own. Envoy makes a cluster anew when a weight in it changes, and
 * serves it as soon as it has found one of its servers: for a moment the sessions of the others would be unknown. Not with a
 * circuit breaker, by which new sessions have to learn of what fails in open ones.
 */
function hasSessionCluster({ gateway }: EnvoyPlan, group: BackendGroup): boolean {
  return group.servers.length > 1 && pinsSessions(group) && gateway.circuitBreaker === undefined;
}

function sessionClusterName(name: string): string {
  return `${name}/sessions`;
}

/** Requests of open sessions: each knows its server. */
function unweighted(group: BackendGroup): BackendGroup {
  return { ...group, affinity: 'none', servers: group.servers.map(({ server }) => ({ server, weight: 1 })) };
}

/**
 * The servers of a group. Each is a locality with its share: new sessions are shared exactly by that, and the replicas of a server share
 * what is its own.
 */
function groupCluster(plan: EnvoyPlan, name: string, group: BackendGroup, exchange?: Duration): Cluster {
  const members = membersOf(group).map(({ endpoints, server, weight }) => ({
    server,
    weight,
    replicas: endpoints.length,
    addresses: addressesOf(endpoints).map(endpoint => ({ endpoint, part: endpointPart(endpoint, server) })),
  }));
  const addresses = members.flatMap(member => member.addresses);
  const encrypted = addresses.some(({ endpoint }) => endpoint.tls !== undefined);
  const outside = members.some(
    ({ addresses: found, server }) => isRemote(server) && found.some(({ endpoint }) => endpoint.tls !== undefined),
  );
  const replicas = Math.max(...members.map(member => member.replicas));
  return {
    name,
    // Where no address is a name, there is nothing to look for.
    ...(addresses.every(({ part }) => part.address !== undefined) ? { type: 'STATIC' as const } : byName(group, plan)),
    connect_timeout: encrypted ? CONNECT_TIMEOUT_TLS : CONNECT_TIMEOUT,
    load_assignment: {
      cluster_name: name,
      // A server keeps its share while one of its replicas answers.
      ...(replicas === 1 ? {} : { policy: { overprovisioning_factor: 100 * replicas } }),
      endpoints: members.map(({ server, ...member }) => ({
        locality: { zone: serverKey(server) },
        load_balancing_weight: member.weight,
        lb_endpoints: member.addresses.map(({ endpoint, part: { address, ...rest } }) => ({
          endpoint: {
            hostname: server.hostHeader ?? authority(endpoint),
            address: address ?? socketAddress(absolute(endpoint.host, plan), endpoint.port),
          },
          ...rest,
        })),
      })),
    },
    ...mergedParts(part => part.cluster?.(group, plan)),
    typed_extension_protocol_options: httpProtocol({
      explicit_http_config: { http_protocol_options: {} },
      common_http_protocol_options: {
        idle_timeout: IDLE_TIMEOUT,
        ...(outside ? {} : { max_connection_duration: CONNECTION_DURATION }),
        ...(outside || pinsSessions(group) ? {} : { max_requests_per_connection: CONNECTION_REQUESTS }),
        ...(exchange === undefined ? {} : { max_stream_duration: exchange }),
      },
    }),
  };
}

/** The addresses of a server: its replicas have a name in common, which is one question to the DNS for all of them, and is there while any is. */
function addressesOf(endpoints: readonly Endpoint[]): Endpoint[] {
  return distinct(
    endpoints.map(({ replicasHost, ...endpoint }) =>
      replicasHost === undefined ? endpoint : { ...endpoint, host: replicasHost },
    ),
  );
}

/** A name of a Service with the domain of the cluster and a dot at its end: of any other, resolvers ask what else it may mean, each time. */
function absolute(host: string, { gateway: { profile = DEFAULT_PROFILE } }: EnvoyPlan): string {
  const { clusterDomain } = profile;
  return host.endsWith('.svc')
    ? `${host}.${clusterDomain}.`
    : host.endsWith(`.svc.${clusterDomain}`)
      ? `${host}.`
      : host;
}

/** What all parts have at an address. */
function endpointPart(endpoint: Endpoint, server: Server): EndpointPart {
  return mergedParts(part => part.endpoint?.(endpoint, server));
}

/**
 * A name outside the cluster stands for machines that come and go, each as good as the other, and is asked for when DNS says that they may
 * have changed. Names of replicas are asked for every few seconds. The address of a Service stays, whatever DNS says.
 */
function byName(group: BackendGroup, plan: EnvoyPlan): { readonly cluster_type: ClusterCustomClusterType } {
  const endpoints = endpointsOf(group);
  const isInside = endpoints.every(({ host }) => absolute(host, plan) !== host);
  return {
    cluster_type: extension('envoy.clusters.dns', 'envoy.extensions.clusters.dns.v3.DnsCluster', {
      all_addresses_in_single_endpoint: isLoneRemote(group) ? true : undefined,
      dns_lookup_family: 'V4_PREFERRED',
      ...(endpoints.some(isReplica) ? {} : isInside ? SERVICE_NAMES : { respect_dns_ttl: true }),
    }),
  };
}

/** How often the name of a Service is asked for: of a hundred of them three a second, and sooner one that is not there yet. */
const SERVICE_NAMES = {
  dns_refresh_rate: '30s',
  dns_failure_refresh_rate: { base_interval: '2s', max_interval: '10s' },
} as const;

/** Whether a name stands for a replica, which has another address when it starts anew. */
function isReplica({ replicasHost }: Endpoint): boolean {
  return replicasHost !== undefined;
}

/** What a server is asked for, unless it says so itself: its host, with a port that is not the scheme's own. */
function authority({ authority: said, host, port, tls }: Endpoint): string {
  return said !== undefined ? said : port === (tls === undefined ? 80 : 443) ? host : `${host}:${port}`;
}

/** The cluster that a route sends requests to: that of open sessions those that belong to one. */
export function clusterOf({ plan, entry, group, kind }: ServerRoute): RouteAction {
  const name = kindName(entry, group, kind);
  return !hasSessionCluster(plan, group)
    ? { cluster: name }
    : {
        inline_cluster_specifier_plugin: {
          extension: extension(
            'envoy.router.cluster_specifier_plugin.matcher',
            'envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier',
            {
              cluster_matcher: {
                matcher_list: {
                  matchers: [{ predicate: HAS_SESSION, on_match: { action: clusterAction(sessionClusterName(name)) } }],
                },
                on_no_match: { action: clusterAction(name) },
              },
            },
          ),
        },
      };
}

const HAS_SESSION: XdsMatcherMatcherListPredicate = {
  single_predicate: {
    input: extension('session', 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'mcp-session-id' }),
    value_match: { safe_regex: { google_re2: {}, regex: '(?s).*' } },
  },
};

function clusterAction(cluster: string): XdsTypedExtensionConfig {
  return extension('cluster', 'envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction', { cluster });
}
