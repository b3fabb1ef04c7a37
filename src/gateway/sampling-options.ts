import { Duration } from 'cdk8s';

/** How often servers may ask the model of a client. */
export interface SamplingRateOptions {
  /**
   * Requests per minute.
   *
   * @default 10
   */
  readonly requestsPerMinute?: number;

  /**
   * Requests per hour.
   *
   * @default 100
   */
  readonly requestsPerHour?: number;
}

/** Requests of servers to the model of a client (MCP, "Sampling"). */
export interface SamplingOptions {
  /**
   * Whether servers may ask. Allowing it is only for data planes that pass their requests on.
   *
   * @default false
   */
  readonly enabled?: boolean;

  /**
   * Model to use.
   *
   * @default - the client's choice
   */
  readonly clientModel?: string;

  /**
   * Tokens of the longest answer, up to 100000.
   *
   * @default 1000
   */
  readonly maxTokens?: number;

  /**
   * Temperature of the model.
   *
   * @default 0.7
   */
  readonly temperature?: number;

  /**
   * Time an answer may take.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * How often servers may ask.
   *
   * @default - 10 requests per minute, 100 per hour
   */
  readonly rateLimit?: SamplingRateOptions;
}
