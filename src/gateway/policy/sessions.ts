import { Duration } from 'cdk8s';

/** How strictly sessions are kept apart. */
export enum SessionIsolationMode {
  /** A session is its caller's alone: with its id another caller gets nothing. Callers have to be authenticated. */
  STRICT = 'strict',
  /** Whoever has the id of a session, and may use the route, may use the session. */
  RELAXED = 'relaxed',
  /** As the data plane understands it. */
  CUSTOM = 'custom',
}

/** How much is recorded of sessions. */
export enum SessionAuditLevel {
  /** Nothing. */
  NONE = 'None',
  /** Who used which session, in the fields `audit.user` and `audit.session` of the gateway's log. */
  BASIC = 'Basic',
  /** All of `AuditLevel.FULL`. */
  FULL = 'Full',
}

/**
 * What sessions share, and how long they last. Clients of MCP 2026-07-28 and later open none, so that there is nothing to isolate: servers
 * bind what they keep for a client (tasks, `requestState`) to its caller.
 */
export interface SessionIsolationOptions {
  /**
   * How strictly sessions are kept apart.
   *
   * @default SessionIsolationMode.STRICT
   */
  readonly mode?: SessionIsolationMode;

  /**
   * How long a session may last from its opening. A later request of it is answered 404, which asks clients to open a new
   * one; a stream of events that is open by then stays open until its connection ends.
   *
   * @default Duration.hours(1)
   */
  readonly contextRetention?: Duration;

  /**
   * How much is recorded of sessions.
   *
   * @default SessionAuditLevel.BASIC
   */
  readonly auditLevel?: SessionAuditLevel;

  /**
   * Whether a session may be used at the route alone that it was opened at.
   *
   * @default true
   */
  readonly enforceResourceBoundaries?: boolean;

  /**
   * Whether sessions share data. Only for data planes that can.
   *
   * @default false
   */
  readonly crossSessionSharing?: boolean;

  /**
   * Data that sessions may share.
   *
   * @default - none
   */
  readonly allowedCrossSessionData?: string[];
}

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
