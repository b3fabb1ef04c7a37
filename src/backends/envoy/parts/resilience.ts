import { enforced, part, refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { CircuitBreaker, Gateway, HealthCheck } from '../../../model/gateway';
import { BackendGroup, Entry } from '../../../model/plan';
import { durationMilliseconds } from '../../../values/quantities';
import { refusal } from '../../interface/standing';
import { ClusterCommonLbConfig, CoreHealthCheck, OutlierDetection, RetryPolicy } from '../config/api';
import { extension, seconds, shortest, UNLIMITED } from '../config/config';
import { endpointsOf, isShared, memberNames, sharesSessions } from '../config/plan';

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
/** Milliseconds between checks of a server that does not answer, unless the user asks for more of them. */
const RECHECK = 1000;
/** Draws until a server is found that was not tried yet: each is by weight, and weights may be far apart. */
const MAX_DRAWS = 10_000;

const RATE = refused(
  'circuitBreaker.errorRate',
  'Envoy cannot take this as an error rate: it counts whole percents, from 1',
  'give 1 to 100, without fractions',
);
const TRIAL = refused(
  'circuitBreaker.trial',
  'Envoy cannot try a server with some requests: it is back when its time is over',
  'remove it, and give `ejection` and consecutiveFailures alone',
);
const RETRIED_SESSIONS = refused(
  'retry.sessions',
  'Envoy cannot repeat a request at the server that keeps its session: it chooses anew among several',
  'declare the servers of the route `sessions: stateless`, or serve one server of one replica',
);

/** Limits on time, what is repeated, and who is left out. */
export const resilience = part({
  features: {
    timeouts: enforced(
      'to the end of an answer; one that has begun is cut. The streams of events that clients hold open (GET, `subscriptions/listen`) have no limit',
    ),
    retry: enforced(
      'by HTTP status, at another server of the route where there are several; the time between attempts is drawn at random, up to `backoff`; connections that fail are tried again without being asked for',
    ),
    circuitBreaker: enforced(
      'answers of 500 and above, connections that fail and requests that take too long are failures (errors of tools are answers); an error rate is looked at every 10 seconds, ' +
        'and with one, a server is left out up to 10 seconds longer; sessions of a server that is left out get 503',
    ),
    healthCheck: enforced(
      'by connecting, with TLS where the server speaks it: a request of MCP would open a session each time. What does not answer is asked each second',
    ),
  },
  limits: { 'circuitBreaker.errorRate': RATE, 'circuitBreaker.trial': TRIAL, 'retry.sessions': RETRIED_SESSIONS },
  check: ({ entries, gateway }) => [
    ...checkBreaker(gateway),
    ...entries.flatMap(({ groups, origin, retry }) =>
      retry === undefined
        ? []
        : groups.filter(sharesSessions).map(group => refusal(RETRIED_SESSIONS, origin, 'retry', memberNames(group))),
    ),
  ],
  cluster: (group, { gateway: { circuitBreaker, healthCheck } }) => ({
    circuit_breakers: UNLIMITED,
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
  }),
  // How long requests may take, and what is repeated. Streams of events never end by themselves.
  route: ({ entry, group, kind }) => ({
    action: {
      timeout: seconds(kind === 'stream' ? 0 : (shortest(entry.timeouts?.request) ?? 0)),
      idle_timeout: '0s',
      retry_policy: retryPolicy(entry, group, kind === 'stream' ? undefined : entry.attemptLimit),
    },
  }),
});

function checkBreaker({ path, circuitBreaker }: Gateway): Diagnostic[] {
  const { errorRate, trialRequests, trialSuccesses } = circuitBreaker ?? {};
  return [
    ...(errorRate === undefined || (Number.isInteger(errorRate) && errorRate > 0)
      ? []
      : [refusal(RATE, path, 'circuitBreaker.errorRateThreshold', errorRate)]),
    ...(trialRequests === undefined ? [] : [refusal(TRIAL, path, 'circuitBreaker.maxRequestsHalfOpen', trialRequests)]),
    ...(trialSuccesses === undefined ? [] : [refusal(TRIAL, path, 'circuitBreaker.successThreshold', trialSuccesses)]),
  ];
}

/** Where nobody asked to leave servers out: a session may always try its server, and where all seem to fail, each of them may be tried. */
const LENIENT: ClusterCommonLbConfig = {
  healthy_panic_threshold: { value: 1 },
  override_host_status: { statuses: ['UNKNOWN', 'HEALTHY', 'UNHEALTHY', 'DRAINING', 'TIMEOUT', 'DEGRADED'] },
};
/** What is left out gets nothing. */
const STRICT: ClusterCommonLbConfig = { healthy_panic_threshold: { value: 0 } };

/** Only what is enforced is counted: answers of servers say nothing about them here. */
const UNREACHABLE: OutlierDetection = {
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
function breaking({ consecutiveFailures, ejection, errorRate, minimumRequests }: CircuitBreaker): OutlierDetection {
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
function checking({ interval, timeout, healthyThreshold, unhealthyThreshold }: HealthCheck): CoreHealthCheck {
  const every = durationMilliseconds(interval);
  const soon = seconds(Math.min(every, RECHECK));
  return {
    interval: seconds(every),
    // A server is called as soon as it can be: what does not answer yet is asked each second, also before its first call.
    unhealthy_interval: soon,
    no_traffic_interval: soon,
    no_traffic_healthy_interval: seconds(every),
    timeout: seconds(durationMilliseconds(timeout)),
    healthy_threshold: healthyThreshold,
    unhealthy_threshold: unhealthyThreshold,
    tcp_health_check: {},
  };
}

function retryPolicy({ retry }: Entry, group: BackendGroup, attemptLimit: number | undefined): RetryPolicy {
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
    ...(attemptLimit === undefined ? {} : { per_try_timeout: seconds(attemptLimit) }),
    ...(retry?.backoff === undefined ? {} : backOff(durationMilliseconds(retry.backoff))),
    ...(isShared(group) ? ELSEWHERE : {}),
    // Envoy tries a request again at any server, whatever session it is of.
    ...(sharesSessions(group)
      ? { retriable_request_headers: [{ name: 'mcp-session-id', present_match: true, invert_match: true }] }
      : {}),
  };
}

function backOff(milliseconds: number): Pick<RetryPolicy, 'retry_back_off'> {
  return milliseconds === 0
    ? {}
    : { retry_back_off: { base_interval: seconds(milliseconds), max_interval: seconds(milliseconds) } };
}

const ELSEWHERE: RetryPolicy = {
  retry_host_predicate: [
    extension(
      'envoy.retry_host_predicates.previous_hosts',
      'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
      {},
    ),
  ],
  host_selection_retry_max_attempts: MAX_DRAWS,
};
