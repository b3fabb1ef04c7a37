import { Duration } from 'cdk8s';

/** Leaves out servers that fail. Only for data planes that can. */
export interface GatewayCircuitBreakerOptions {
  /**
   * Failures in a row after which a server is left out.
   *
   * @default 5
   */
  readonly consecutiveFailures?: number;

  /**
   * How long it is left out.
   *
   * @default Duration.seconds(30)
   */
  readonly ejection?: Duration;

  /**
   * Percentage of failures that leaves a server out, from 0 to 100.
   *
   * @default - failures in a row alone count
   */
  readonly errorRateThreshold?: number;

  /**
   * Requests before the percentage counts.
   *
   * @default - the data plane's
   */
  readonly minRequestsThreshold?: number;

  /**
   * Requests that try whether a server is back.
   *
   * @default - the data plane's
   */
  readonly maxRequestsHalfOpen?: number;

  /**
   * Successes in a row after which a server is back.
   *
   * @default - the data plane's
   */
  readonly successThreshold?: number;

  /**
   * Time after which a request counts as failed.
   *
   * @default - the data plane's
   */
  readonly requestTimeout?: Duration;
}
