import { Duration } from 'cdk8s';

/** Questions of servers to the users of clients (MCP, "Elicitation"). */
export interface ElicitationOptions {
  /**
   * Whether servers may ask. Allowing it is only for data planes that pass their questions on.
   *
   * @default false
   */
  readonly enabled?: boolean;

  /**
   * Types of questions that may be asked.
   *
   * @default - all
   */
  readonly allowedTypes?: string[];

  /**
   * Questions open at a time.
   *
   * @default 5
   */
  readonly maxConcurrentRequests?: number;

  /**
   * Whether the user confirms each answer.
   *
   * @default true
   */
  readonly requireConfirmation?: boolean;

  /**
   * Time to answer.
   *
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration;
}
