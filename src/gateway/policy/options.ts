import { Duration } from 'cdk8s';
import { AuditOptions } from './audit';
import { ComplianceOptions } from './compliance';
import { RequestFilteringOptions, ResponseFilteringOptions } from './filtering';
import { ElicitationOptions, SamplingOptions, SessionIsolationOptions } from './sessions';

/**
 * What a gateway asks of its traffic beyond who may call what and how often. It holds for all routes of the gateway, and
 * for what it serves at `/mcp`. What the gateway's data plane cannot enforce fails synthesis with the reason.
 */
export interface GatewayPolicyOptions {
  /**
   * A record of who called which tool, with what outcome.
   *
   * @default - none
   */
  readonly audit?: AuditOptions;

  /**
   * What requests may contain.
   *
   * @default - what the data plane takes
   */
  readonly requestFiltering?: RequestFilteringOptions;

  /**
   * What answers may contain.
   *
   * @default - anything
   */
  readonly responseFiltering?: ResponseFilteringOptions;

  /**
   * Handling of data: encryption, and detection of personal data.
   *
   * @default - not said
   */
  readonly compliance?: ComplianceOptions;

  /**
   * Requests of servers to the model of a client.
   *
   * @default - not said; what the data plane does
   */
  readonly sampling?: SamplingOptions;

  /**
   * Questions of servers to the users of clients.
   *
   * @default - not said; what the data plane does
   */
  readonly elicitation?: ElicitationOptions;

  /**
   * Whose a session is, and how long it lasts.
   *
   * @default - a session is whoever's who has its id, as long as it is used
   */
  readonly sessionIsolation?: SessionIsolationOptions;

  /**
   * Versions of the Model Context Protocol that clients may speak.
   *
   * @default - those that the data plane and the servers speak
   */
  readonly protocolVersion?: ProtocolVersionOptions;

  /**
   * Leaves out servers that fail.
   *
   * @default - none
   */
  readonly circuitBreaker?: GatewayCircuitBreakerOptions;
}

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

/** Versions of the Model Context Protocol that clients may speak. */
export interface ProtocolVersionOptions {
  /**
   * Versions that are accepted, such as `2025-06-18`. A client that speaks another is told which they are, and chooses one of
   * them. With `2026-07-28` alone, no client can open a session.
   *
   * @default - all from `minVersion` to `maxVersion`
   */
  readonly supported?: string[];

  /**
   * Oldest version that is accepted.
   *
   * @default 2025-06-18
   */
  readonly minVersion?: string;

  /**
   * Newest version that is accepted.
   *
   * @default - any newer one
   */
  readonly maxVersion?: string;

  /**
   * Version that is agreed on with a client that opens a session and proposes one that is not accepted. Where it is one without
   * sessions (from 2026-07-28 on), the newest accepted one before is.
   *
   * @default - the newest that is accepted
   */
  readonly preferredVersion?: string;

  /**
   * Whether a client that proposes a version that is not accepted is offered the preferred one. Else it is refused.
   *
   * @default true
   */
  readonly allowVersionNegotiation?: boolean;

  /**
   * Whether requests have to name their version, and the first has to propose an accepted one. Else requests that name
   * none speak 2025-03-26, as MCP has it.
   *
   * @default false
   */
  readonly strictVersioning?: boolean;
}
