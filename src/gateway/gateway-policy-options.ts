import { AuditOptions } from './audit-options';
import { GatewayCircuitBreakerOptions } from './circuit-breaker-options';
import { ComplianceOptions } from './compliance-options';
import { ElicitationOptions } from './elicitation-options';
import { RequestFilteringOptions, ResponseFilteringOptions } from './filtering-options';
import { ProtocolVersionOptions } from './protocol-version-options';
import { SamplingOptions } from './sampling-options';
import { SessionIsolationOptions } from './session-isolation-options';

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
