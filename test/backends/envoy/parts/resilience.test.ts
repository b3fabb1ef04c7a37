import { resilience } from '../../../../src/backends/envoy/parts/resilience';
import { Gateway } from '../../../../src/model/gateway';
import { Entry } from '../../../../src/model/plan';
import { groupOf, serverOf } from '../../../support/literals';
import { emitted, envoyPlanOf, planOfEntries, routeOf } from '../plans';

const ONE = groupOf('default', [serverOf('ledger')]);
const TWO = groupOf('default', [
  [serverOf('stable'), 90],
  [serverOf('canary'), 10],
]);
const STATELESS = groupOf('default', [
  serverOf('a', { sessions: 'stateless' }),
  serverOf('b', { sessions: 'stateless' }),
  serverOf('c', { sessions: 'stateless' }),
]);

const cluster = (gateway: Partial<Gateway> = {}, group = TWO) =>
  emitted(resilience.cluster!(group, planOfEntries([], gateway)));
const route = (
  entry: Partial<Entry> = {},
  group = TWO,
  kind: 'request' | 'stream' = 'request',
  gateway: Partial<Gateway> = {},
) => routeOf(resilience, envoyPlanOf([group], entry, gateway), kind).action!;

describe('without being asked', () => {
  it('tries requests again that reached no server, at every other one', () => {
    expect(route({}, STATELESS).retry_policy).toMatchObject({
      retry_on: 'connect-failure,refused-stream,reset-before-request',
      num_retries: 2,
      host_selection_retry_max_attempts: 10_000,
    });
    expect(route({}, STATELESS).retry_policy.retry_host_predicate.map(({ name }: any) => name)).toEqual([
      'envoy.retry_host_predicates.previous_hosts',
    ]);
  });

  it('lets a request of a session go to its server only', () => {
    const elsewhere = [{ name: 'mcp-session-id', present_match: true, invert_match: true }];
    expect(route().retry_policy.retriable_request_headers).toEqual(elsewhere);
    expect(route({}, STATELESS).retry_policy.retriable_request_headers).toBeUndefined();
    expect(route({}, ONE).retry_policy.retriable_request_headers).toBeUndefined();
  });

  it('gives no new sessions to a server that cannot be reached, and leaves open sessions alone', () => {
    expect(cluster().outlier_detection).toMatchObject({
      split_external_local_origin_errors: true,
      consecutive_local_origin_failure: 3,
      max_ejection_percent: 100,
      enforcing_consecutive_5xx: 0,
    });
    expect(cluster().common_lb_config).toMatchObject({
      healthy_panic_threshold: { value: 1 },
      override_host_status: { statuses: expect.arrayContaining(['UNHEALTHY']) },
    });
    expect(cluster({}, ONE).outlier_detection).toBeUndefined();
  });

  it('has no limits on time, nor on how much goes on at once', () => {
    expect(route()).toMatchObject({ timeout: '0s', idle_timeout: '0s' });
    expect(route().retry_policy.per_try_timeout).toBeUndefined();
    expect(Object.values(cluster().circuit_breakers.thresholds[0])).toEqual([
      1_000_000, 1_000_000, 1_000_000, 1_000_000,
    ]);
  });
});

describe('a circuit breaker', () => {
  const breaker = { consecutiveFailures: 5, ejection: '1m30s' };

  it('leaves a server out for the time that was said', () => {
    expect(cluster({ circuitBreaker: breaker }, ONE).outlier_detection).toEqual({
      consecutive_5xx: 5,
      interval: '1s',
      base_ejection_time: '90s',
      max_ejection_time: '90s',
      max_ejection_percent: 100,
      enforcing_success_rate: 0,
    });
    expect(cluster({ circuitBreaker: breaker }).common_lb_config).toEqual({
      locality_weighted_lb_config: {},
      update_merge_window: '0s',
      healthy_panic_threshold: { value: 0 },
    });
  });

  it('counts a percentage where it has one', () => {
    expect(
      cluster({ circuitBreaker: { ...breaker, errorRate: 50, minimumRequests: 20 } }).outlier_detection,
    ).toMatchObject({
      interval: '10s',
      failure_percentage_threshold: 50,
      enforcing_failure_percentage: 100,
      failure_percentage_minimum_hosts: 1,
      failure_percentage_request_volume: 20,
    });
  });

  it('may limit the time of a request', () => {
    expect(
      route({}, ONE, 'request', { circuitBreaker: { ...breaker, requestTimeout: '1500ms' } }).retry_policy
        .per_try_timeout,
    ).toBe('1.5s');
  });
});

it('checks health by connecting, from the start on', () => {
  expect(
    cluster({ healthCheck: { interval: '30s', timeout: '5s', healthyThreshold: 2, unhealthyThreshold: 3 } }),
  ).toMatchObject({
    health_checks: [
      {
        interval: '30s',
        unhealthy_interval: '1s',
        no_traffic_interval: '1s',
        no_traffic_healthy_interval: '30s',
        timeout: '5s',
        healthy_threshold: 2,
        unhealthy_threshold: 3,
        tcp_health_check: {},
      },
    ],
    ignore_health_on_host_removal: true,
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
  });
});

describe('a route', () => {
  it('repeats the codes that it names, so often in all', () => {
    expect(route({ retry: { attempts: 3, codes: [502, 503], backoff: '250ms' } }, ONE).retry_policy).toEqual({
      retry_on: 'connect-failure,refused-stream,reset-before-request,retriable-status-codes',
      num_retries: 2,
      retriable_status_codes: [502, 503],
      retry_back_off: { base_interval: '0.25s', max_interval: '0.25s' },
    });
    expect(route({ retry: { attempts: 2, codes: [], backoff: '0s' } }, ONE).retry_policy).toEqual({
      retry_on: 'connect-failure,refused-stream,reset-before-request',
      num_retries: 1,
    });
  });

  it('limits requests and attempts, and no event stream', () => {
    const timeouts = { request: '10s', backendRequest: '2s' };
    expect(route({ timeouts }, ONE)).toMatchObject({ timeout: '10s', retry_policy: { per_try_timeout: '2s' } });
    const stream = route({ timeouts }, ONE, 'stream');
    expect(stream).toMatchObject({ timeout: '0s', idle_timeout: '0s' });
    expect(stream.retry_policy.per_try_timeout).toBeUndefined();
    const circuitBreaker = { consecutiveFailures: 5, ejection: '30s', requestTimeout: '1s' };
    expect(route({ timeouts }, ONE, 'request', { circuitBreaker }).retry_policy.per_try_timeout).toBe('1s');
  });
});
