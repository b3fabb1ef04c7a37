import * as kplus from 'cdk8s-plus-28';
import { IMcpServer } from '../server/i-mcp-server';

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
}
