import { Construct } from 'constructs';
import { AllowedNamespaces } from './allowed-namespaces';
import { ImportedMcpServerOptions, ImportedServer } from './imported-server';
import { McpServerBase } from './mcp-server-base';
import { ServerCore, statedServer } from './server-core';
import { McpServerOptions } from './server-options';
import { ServerStatement } from './server-statement';
import { InputCheck } from '../model/findings';
import { IMcpServer } from '../references';
import { resolveNamespace } from '../synthesis/placement';
import { Stated } from '../synthesis/statement';

/** Properties of {@link ClusterMcpServer}. */
export interface ClusterMcpServerProps extends McpServerOptions {
  /**
   * Namespace the workload runs in. A remote server has none.
   *
   * @default - the chart's namespace
   */
  readonly workloadNamespace?: string;

  /** Namespaces whose routes may use the server. */
  readonly allowedNamespaces: AllowedNamespaces;
}

/** Options of {@link ClusterMcpServer.fromClusterMcpServerName}. */
export interface FromClusterMcpServerNameOptions extends ImportedMcpServerOptions {
  /**
   * Namespace its workload runs in.
   *
   * @default - the chart's namespace
   */
  readonly workloadNamespace?: string;

  /**
   * Namespaces it consents to.
   *
   * @default AllowedNamespaces.all()
   */
  readonly allowedNamespaces?: AllowedNamespaces;
}

/**
 * An MCP tool server that routes of several namespaces share.
 *
 * Emits a cluster-scoped ClusterMCPServer resource, and the same workload as {@link McpServer} in
 * the namespace it names.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { AllowedNamespaces, ClusterMcpServer, McpServerSource } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
 * new ClusterMcpServer(platform, 'search', {
 *   source: McpServerSource.image('ghcr.io/acme/search-mcp:2.1.0'),
 *   allowedNamespaces: AllowedNamespaces.names('finance', 'research'),
 * });
 */
export class ClusterMcpServer extends McpServerBase {
  /**
   * Refers to a ClusterMCPServer that exists outside this app.
   *
   * @param scope scope of the reference
   * @param id id of the reference
   * @param name name of the ClusterMCPServer
   * @param options where its workload is and what it speaks
   * @throws when the name is not a DNS label or there is no namespace
   */
  public static fromClusterMcpServerName(
    scope: Construct,
    id: string,
    name: string,
    options: FromClusterMcpServerNameOptions = {},
  ): IMcpServer {
    const input = new InputCheck(`${scope.node.path}/${id}`);
    const workloadNamespace = resolveNamespace(scope, options.workloadNamespace, input, 'workloadNamespace');
    input.throwIfAny();
    const consent = (options.allowedNamespaces ?? AllowedNamespaces.all())._consent;
    return new ImportedServer(scope, id, { kind: 'ClusterMCPServer', name, workloadNamespace, consent }, options);
  }

  /**
   * A server of what a document states.
   *
   * @internal
   */
  public static _stated(scope: Construct, id: string, statement: ServerStatement): ClusterMcpServer {
    return new ClusterMcpServer(scope, id, new Stated(statement).asProps());
  }

  /** Kind of the resource: `ClusterMCPServer`. */
  public readonly kind: string = 'ClusterMCPServer';

  /** Namespace of the workload; none for a remote server. */
  public readonly workloadNamespace?: string;

  /** @internal */
  protected readonly _core: ServerCore;

  /**
   * Defines a shared server.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the server's name unless `name` is given
   * @param props what to run, where, and for whom
   * @throws when an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: ClusterMcpServerProps) {
    super(scope, id);
    this._core = statedServer(this, props, {
      kind: 'ClusterMCPServer',
      namespace: props.workloadNamespace,
      allowedNamespaces: props.allowedNamespaces,
    });
    this.workloadNamespace = this._core.hosted && this._core.namespace;
  }

  /** None: the resource is cluster-scoped. */
  public get namespace(): string | undefined {
    return undefined;
  }
}
