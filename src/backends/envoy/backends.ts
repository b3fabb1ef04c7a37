import { extension, socketAddress, typed } from './config';
import { endpointsOf, isLoneRemote, membersOf, pinsSessions } from './members';
import { clusterName } from './names';
import { isRestGroup } from './open-api-arguments';
import { attemptLimit, clusterResilience, exchangeLimit, routeResilience } from './resilience';
import { credentialsPerRoute } from './server-credentials';
import { isProxied, tunnelAddress } from './tunnels';
import { connectionMetadata, connectionSockets } from './upstream-tls';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { Endpoint, Server, serverKey } from '../../model/server';
import { Json } from '../../values/json';

export { checkBackends } from './backend-check';
export { backendHeaders, credentialFilters } from './server-credentials';

/** How long a connection may take to open, without TLS and with it. */
const CONNECT_TIMEOUT = '2s';
const CONNECT_TIMEOUT_TLS = '5s';
/** How long a connection is kept that nothing is asked on: a little less than the 5 seconds after which common servers close it. */
const IDLE_TIMEOUT = '4s';

const STATEFUL_SESSION = 'envoy.filters.http.stateful_session';
const STATEFUL_SESSION_TYPE = 'envoy.extensions.filters.http.stateful_session.v3.StatefulSession';

/**
 * The clusters of a group: its servers; the same for requests of open sessions, where weights may change; and both without a
 * limit on time, for streams of events, where requests have one.
 */
export function groupClusters(plan: GatewayPlan, entry: Entry, group: BackendGroup): Json[] {
  return kindsOf(plan, entry).flatMap(kind => {
    const name = kindName(plan, entry, group, kind);
    const limit = kind === 'stream' ? undefined : exchangeLimit(plan.gateway, entry);
    return [
      groupCluster(plan, name, group, limit),
      ...(hasSessionCluster(plan, group)
        ? [groupCluster(plan, sessionClusterName(name), unweighted(group), limit)]
        : []),
    ];
  });
}

type Kind = 'request' | 'stream';

function kindsOf(plan: GatewayPlan, entry: Entry): readonly Kind[] {
  return hasStreamCluster(plan, entry) ? ['request', 'stream'] : ['request'];
}

function kindName(plan: GatewayPlan, entry: Entry, group: BackendGroup, kind: Kind): string {
  return kind === 'stream' && hasStreamCluster(plan, entry)
    ? streamClusterName(entry, group)
    : clusterName(entry, group);
}

/**
 * Whether requests of open sessions have a cluster of their own. Envoy makes a cluster anew when a weight in it changes, and
 * serves it as soon as it has found one of its servers: for a moment the sessions of the others would be unknown. Not with a
 * circuit breaker, by which new sessions have to learn of what fails in open ones.
 */
function hasSessionCluster({ gateway }: GatewayPlan, group: BackendGroup): boolean {
  return group.servers.length > 1 && pinsSessions(group) && gateway.circuitBreaker === undefined;
}

function sessionClusterName(name: string): string {
  return `${name}/sessions`;
}

function unweighted(group: BackendGroup): BackendGroup {
  return { ...group, servers: group.servers.map(({ server }) => ({ server, weight: 1 })) };
}

/**
 * The servers of a group. Each is a locality with its share: new sessions are shared exactly by that, and the replicas of a server share
 * what is its own.
 */
function groupCluster({ gateway }: GatewayPlan, name: string, group: BackendGroup, exchange?: string): Json {
  const replicas = Math.max(...group.servers.map(({ server }) => server.endpoints.length));
  return {
    name,
    ...discovery(group),
    connect_timeout: endpointsOf(group).some(({ tls }) => tls !== undefined) ? CONNECT_TIMEOUT_TLS : CONNECT_TIMEOUT,
    load_assignment: {
      cluster_name: name,
      // A server keeps its share while one of its replicas answers.
      ...(replicas === 1 ? {} : { policy: { overprovisioning_factor: 100 * replicas } }),
      endpoints: membersOf(group).map(({ server, weight, endpoints }) => ({
        locality: { zone: serverKey(server) },
        load_balancing_weight: weight,
        lb_endpoints: endpoints.map(endpoint => lbEndpoint(endpoint, server)),
      })),
    },
    ...clusterResilience(gateway, group),
    ...connectionSockets(group),
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        {
          explicit_http_config: { http_protocol_options: {} },
          common_http_protocol_options: {
            idle_timeout: IDLE_TIMEOUT,
            ...(exchange === undefined ? {} : { max_stream_duration: exchange }),
          },
        },
      ),
    },
  };
}

/** A name outside the cluster stands for machines that come and go, each as good as the other; behind a proxy, it is the proxy that looks for them. */
function discovery(group: BackendGroup): Json {
  return isProxied(group)
    ? { type: 'STATIC' }
    : { type: isLoneRemote(group) ? 'LOGICAL_DNS' : 'STRICT_DNS', dns_lookup_family: 'V4_PREFERRED' };
}

function lbEndpoint(endpoint: Endpoint, server: Server): Json {
  const address = endpoint.proxy === undefined ? socketAddress(endpoint.host, endpoint.port) : tunnelAddress(endpoint);
  return { endpoint: { hostname: authority(endpoint), address }, ...connectionMetadata(endpoint, server) };
}

/** What a server is asked for: its host, with a port that is not the scheme's own. */
function authority({ host, port, tls }: Endpoint): string {
  return port === (tls === undefined ? 80 : 443) ? host : `${host}:${port}`;
}

function hasStreamCluster({ gateway }: GatewayPlan, entry: Entry): boolean {
  return attemptLimit(gateway, entry) !== undefined;
}

function streamClusterName(entry: Entry, group: BackendGroup): string {
  return `${clusterName(entry, group)}/stream`;
}

/** The cluster of a request: that of open sessions for those that belong to one. */
function target(plan: GatewayPlan, group: BackendGroup, name: string): Json {
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

const HAS_SESSION: Json = {
  single_predicate: {
    input: extension('session', 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: 'mcp-session-id' }),
    value_match: { safe_regex: { google_re2: {}, regex: '(?s).*' } },
  },
};

function clusterAction(cluster: string): Json {
  return extension('cluster', 'envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction', { cluster });
}

/** Where a route sends requests, and under what name and path. */
export function routeAction(plan: GatewayPlan, entry: Entry, group: BackendGroup, kind: Kind): Json {
  return {
    ...target(plan, group, kindName(plan, entry, group, kind)),
    auto_host_rewrite: true,
    // The whole path, whatever it was; the query stays. That of a REST service is made of the call.
    ...(isRestGroup(group)
      ? {}
      : { regex_rewrite: { pattern: { regex: '^[^?]*' }, substitution: literal(endpointsOf(group)[0].path) } }),
    ...routeResilience(plan.gateway, entry, group, kind),
  };
}

/** A path as text of a substitution, in which a backslash begins a reference. */
function literal(path: string): string {
  return path.replace(/\\/g, '\\\\');
}

/** The filter that keeps sessions on their servers. Routes say which do. */
export function sessionFilters(_plan: GatewayPlan): Json[] {
  return [extension(STATEFUL_SESSION, STATEFUL_SESSION_TYPE)];
}

/** What filters do on the way to the servers of a group. */
export function sessionPerRoute(_entry: Entry, group: BackendGroup): Json {
  return { ...(pinsSessions(group) ? { [STATEFUL_SESSION]: SESSIONS } : {}), ...credentialsPerRoute(group) };
}

/**
 * The address of the server goes with the id of its session, which is its own again when it gets there. A session whose server is gone is
 * one that is not known (MCP, "Session Management"): the client opens another.
 */
const SESSIONS = typed(`${STATEFUL_SESSION_TYPE}PerRoute`, {
  stateful_session: {
    session_state: extension(
      'envoy.http.stateful_session.envelope',
      'envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState',
      { header: { name: 'mcp-session-id' } },
    ),
    strict: true,
    status_on_strict_destination_not_found: 404,
  },
});
