import { IConstruct } from 'constructs';

/** A server that routes and gateways can refer to. */
export interface IMcpServer extends IConstruct {
  /** Kind of its resource: `MCPServer` or `ClusterMCPServer`. */
  readonly kind: string;

  /** Name of its resource. */
  readonly name: string;

  /** Namespace of its resource; none for a ClusterMCPServer. */
  readonly namespace?: string;

  /** URL of its MCP endpoint. */
  readonly url: string;
}
