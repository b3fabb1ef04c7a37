import { Duration } from 'cdk8s';

/** A token by which Kubernetes vouches for the service account of a pod. */
export interface ServiceAccountTokenOptions {
  /** Whom the token is for: an audience that the gateway's or the route's `Authentication.jwt` accepts. */
  readonly audience: string;

  /**
   * How long a token is valid. Kubernetes renews the file before that. At least 10 minutes.
   *
   * @default Duration.hours(1)
   */
  readonly expiration?: Duration;
}

/** Options of `connect`. */
export interface ConnectOptions {
  /**
   * Environment variable that gets the URL.
   *
   * @default - `MCP_GATEWAY_URL`, or with `perRoute` a name of the route's own
   */
  readonly variable?: string;

  /**
   * Names the variable after what is connected, for a workload that connects to several: `MCP_GATEWAY_URL_` and the name
   * in upper case, with `_` for `-`.
   *
   * @default false
   */
  readonly perRoute?: boolean;

  /**
   * Containers that get the variable, by name.
   *
   * @default - all, init containers excepted
   */
  readonly containers?: string[];

  /**
   * Mounts a token of the pod's service account, for a gateway or route that authenticates by tokens of Kubernetes. The
   * containers find it in the file that the variable with the suffix `_TOKEN_FILE` names, and send it as
   * `Authorization: Bearer …`.
   *
   * @default - no token
   */
  readonly token?: ServiceAccountTokenOptions;

  /**
   * Keeps the workload from connecting to anything else than what it is connected to by this library, and DNS: emits the
   * NetworkPolicy `{workload}-mcp`. Without it the workload's other connections stay as they are. That policy is there
   * without it only where another NetworkPolicy of this app restricts what the workload connects to, since the connection
   * would not be possible otherwise; a policy from elsewhere has to allow it itself.
   *
   * The gateway lets the workload in either way.
   *
   * @default false
   */
  readonly isolate?: boolean;
}
