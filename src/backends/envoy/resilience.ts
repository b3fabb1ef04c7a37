import { extension } from './config';
import { seconds, shortest } from './durations';
import { endpointsOf, isShared, sharesSessions } from './members';
import { CircuitBreaker, Gateway, HealthCheck } from '../../model/gateway';
import { BackendGroup, Entry } from '../../model/plan';
import { durationMilliseconds } from '../../values/duration';
import { Json } from '../../values/json';

/*
 * What is done about servers that fail. A request that reached no server is tried at another one of its group, unless it belongs to a
 * session: that is with its server or nowhere. Servers that could not be reached several times get no new sessions for a moment.
 */

/** Failed connections in a row after which a server gets no new sessions. */
const UNREACHABLE_AFTER = 3;
/** Milliseconds it gets none, the first time and at most. */
const UNREACHABLE_FOR = 5000;
const UNREACHABLE_AT_MOST = 10_000;
/** Milliseconds between looks at who is left out. */
const SWEEP = 1000;
/** Milliseconds in which failures are counted for a rate. */
const RATE_WINDOW = 10_000;
/** Requests in that time below which a rate says nothing, unless the user says how many. */
const RATE_REQUESTS = 10;
/** Milliseconds by which what has begun to answer may outlast the limit of an attempt, so that the limit comes first for what has not. */
const GRACE = 50;
/** Draws until a server is found that was not tried yet: each is by weight, and weights may be far apart. */
const MAX_DRAWS = 10_000;

/** In place of Envoy's own limits, which are soon reached: every open stream of events is a connection and a request. */
export function unlimited(): Json {
  const most = 1_000_000;
  return { thresholds: [{ max_connections: most, max_pending_requests: most, max_requests: most, max_retries: most }] };
}

/** What a cluster does about servers that fail. */
export function clusterResilience(gateway: Gateway, group: BackendGroup): Json {
  const { circuitBreaker, healthCheck } = gateway;
  return {
    circuit_breakers: unlimited(),
    common_lb_config: {
      locality_weighted_lb_config: {},
      update_merge_window: '0s',
      ...(circuitBreaker !== undefined || healthCheck !== undefined ? STRICT : isShared(group) ? LENIENT : {}),
    },
    ...(circuitBreaker !== undefined
      ? { outlier_detection: breaking(circuitBreaker) }
      : isShared(group)
        ? { outlier_detection: UNREACHABLE }
        : {}),
    ...(healthCheck === undefined
      ? {}
      : { health_checks: [checking(healthCheck)], ignore_health_on_host_removal: true }),
  };
}

/** Where nobody asked to leave servers out: a session may always try its server, and where all seem to fail, each of them may be tried. */
const LENIENT: Json = {
  healthy_panic_threshold: { value: 1 },
  override_host_status: { statuses: ['UNKNOWN', 'HEALTHY', 'UNHEALTHY', 'DRAINING', 'TIMEOUT', 'DEGRADED'] },
};
/** What is left out gets nothing. */
const STRICT: Json = { healthy_panic_threshold: { value: 0 } };

/** Only what is enforced is counted: answers of servers say nothing about them here. */
const UNREACHABLE: Json = {
  split_external_local_origin_errors: true,
  consecutive_local_origin_failure: UNREACHABLE_AFTER,
  interval: seconds(SWEEP),
  base_ejection_time: seconds(UNREACHABLE_FOR),
  max_ejection_time: seconds(UNREACHABLE_AT_MOST),
  max_ejection_percent: 100,
  enforcing_consecutive_5xx: 0,
  enforcing_success_rate: 0,
  enforcing_local_origin_success_rate: 0,
};

/** Answers of 500 and above are failures, and so are connections that fail and requests that take too long. */
function breaking({ consecutiveFailures, ejection, errorRate, minimumRequests }: CircuitBreaker): Json {
  const time = seconds(durationMilliseconds(ejection));
  return {
    consecutive_5xx: consecutiveFailures,
    interval: seconds(errorRate === undefined ? SWEEP : RATE_WINDOW),
    base_ejection_time: time,
    max_ejection_time: time,
    max_ejection_percent: 100,
    enforcing_success_rate: 0,
    ...(errorRate === undefined
      ? {}
      : {
          failure_percentage_threshold: errorRate,
          enforcing_failure_percentage: 100,
          failure_percentage_minimum_hosts: 1,
          failure_percentage_request_volume: minimumRequests ?? RATE_REQUESTS,
        }),
  };
}

/** By connecting: MCP has no request that could be asked without a session, and a path that answers 200 is the server's own affair. */
function checking({ interval, timeout, healthyThreshold, unhealthyThreshold }: HealthCheck): Json {
  const every = seconds(durationMilliseconds(interval));
  return {
    interval: every,
    // Envoy would wait for a minute between checks of servers that nobody called yet.
    no_traffic_interval: every,
    timeout: seconds(durationMilliseconds(timeout)),
    healthy_threshold: healthyThreshold,
    unhealthy_threshold: unhealthyThreshold,
    tcp_health_check: {},
  };
}

/** Milliseconds that one attempt may take; undefined where it may take any time. */
export function attemptLimit({ circuitBreaker }: Gateway, { timeouts }: Entry): number | undefined {
  return shortest(timeouts?.backendRequest, circuitBreaker?.requestTimeout);
}

/** Longest time of an exchange with a server, its answer included. */
export function exchangeLimit(gateway: Gateway, entry: Entry): string | undefined {
  const limit = attemptLimit(gateway, entry);
  return limit === undefined ? undefined : seconds(limit + GRACE);
}

/** How long requests may take, and what is repeated. The stream of events of a session never ends by itself. */
export function routeResilience(gateway: Gateway, entry: Entry, group: BackendGroup, kind: 'request' | 'stream'): Json {
  const request = shortest(entry.timeouts?.request);
  return {
    timeout: seconds(kind === 'stream' ? 0 : (request ?? 0)),
    idle_timeout: '0s',
    retry_policy: retryPolicy(entry, group, kind === 'stream' ? undefined : attemptLimit(gateway, entry)),
  };
}

function retryPolicy({ retry }: Entry, group: BackendGroup, limit: number | undefined): Json {
  const others = endpointsOf(group).length - 1;
  const codes = retry?.codes ?? [];
  return {
    // What is in this list was never sent to a server.
    retry_on: [
      'connect-failure',
      'refused-stream',
      'reset-before-request',
      ...(codes.length === 0 ? [] : ['retriable-status-codes']),
    ].join(','),
    num_retries: retry === undefined ? Math.max(others, 1) : retry.attempts - 1,
    ...(codes.length === 0 ? {} : { retriable_status_codes: [...codes] }),
    ...(limit === undefined ? {} : { per_try_timeout: seconds(limit) }),
    ...(retry?.backoff === undefined ? {} : backOff(durationMilliseconds(retry.backoff))),
    ...(isShared(group) ? ELSEWHERE : {}),
    // Envoy tries a request again at any server, whatever session it is of.
    ...(sharesSessions(group)
      ? { retriable_request_headers: [{ name: 'mcp-session-id', present_match: true, invert_match: true }] }
      : {}),
  };
}

function backOff(milliseconds: number): Json {
  return milliseconds === 0
    ? {}
    : { retry_back_off: { base_interval: seconds(milliseconds), max_interval: seconds(milliseconds) } };
}

const ELSEWHERE: Json = {
  retry_host_predicate: [
    extension(
      'envoy.retry_host_predicates.previous_hosts',
      'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
    ),
  ],
  host_selection_retry_max_attempts: MAX_DRAWS,
};
