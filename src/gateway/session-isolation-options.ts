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

/** What sessions share, and how long they last. */
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
