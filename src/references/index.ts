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

/** A gateway that routes can be served by. */
export interface IMcpGateway extends IConstruct {
  /** Kind of its resource: `MCPGateway` or `ClusterMCPGateway`. */
  readonly kind: string;

  /** Name of its resource and Service. */
  readonly name: string;

  /** Namespace of its resource; none for a ClusterMCPGateway. */
  readonly namespace?: string;

  /** URL of its Service, inside the cluster. */
  readonly url: string;

  /** Scheme and host by which it is reached from outside the cluster, when it is known. */
  readonly publicUrl?: string;
}
