import * as kplus from 'cdk8s-plus-28';
import { IMcpServer } from '../references/i-mcp-server';
import { BackendCredential } from '../server/backend-credential';

/** What a gateway proves to one of the servers that it serves at `/mcp`. */
export interface DiscoveredServerCredentials {
  /** The server, one of `servers`. */
  readonly server: IMcpServer;

  /** What is proved to it; an empty list proves nothing. Their Secrets are in the namespace of the gateway's pods. */
  readonly credentials: BackendCredential[];
}

/**
 * Which servers a gateway serves together at `/mcp`: those listed, and those whose labels match.
 * Labels are matched over the app at synthesis.
 */
export interface McpServerDiscovery {
  /**
   * Servers by reference, of any namespace.
   *
   * @default - none
   */
  readonly servers?: IMcpServer[];

  /**
   * Labels that a server must have, all of them.
   *
   * @default - servers are not selected by labels
   */
  readonly labels?: { [key: string]: string };

  /**
   * Further conditions on the labels of servers.
   *
   * @default - none
   */
  readonly expressions?: kplus.LabelExpression[];

  /**
   * Labels that the namespace of a selected server must have, as far as this app declares them
   * (`kplus.Namespace`). Every namespace has `kubernetes.io/metadata.name`. A ClusterMCPServer is in no
   * namespace and is selected by its own labels alone.
   *
   * @default - the gateway's own namespace; every namespace for a ClusterMcpGateway
   */
  readonly namespaceLabels?: { [key: string]: string };

  /**
   * Further conditions on the labels of namespaces.
   *
   * @default - none
   */
  readonly namespaceExpressions?: kplus.LabelExpression[];

  /**
   * Whether the tools of a server that does not answer are left out. Else a client gets no session.
   *
   * @default true
   */
  readonly skipUnavailable?: boolean;

  /**
   * What is proved to some of `servers` at `/mcp`, in place of what they declare themselves. Routes go by what they declare.
   *
   * @default - what they declare
   */
  readonly credentials?: DiscoveredServerCredentials[];
}
