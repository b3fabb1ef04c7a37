import { BackendCredential } from './backend-credential';
import { McpSessions, McpTransport } from './transport';

/** What this app should know about a server that exists outside it. */
export interface ImportedMcpServerOptions {
  /**
   * What it answers: streamable HTTP or SSE. A stdio server answers streamable HTTP through its adapter.
   *
   * @default McpTransport.STREAMABLE_HTTP
   */
  readonly transport?: McpTransport;

  /**
   * Path it answers on.
   *
   * @default - `/mcp`, and `/sse` for SSE
   */
  readonly path?: string;

  /**
   * Whether it keeps sessions. One that does must run a single replica, for its replicas are not known here.
   *
   * @default McpSessions.STATEFUL
   */
  readonly sessions?: McpSessions;

  /**
   * Names of its tools.
   *
   * @default - unknown
   */
  readonly tools?: string[];

  /**
   * Its labels: what discovery selects by.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * What gateways prove to it; as in {@link McpImageOptions.credentials}.
   *
   * @default - nothing; what callers send to a gateway that does not authenticate them reaches the server
   */
  readonly credentials?: BackendCredential[];
}
