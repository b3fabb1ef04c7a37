import { Construct } from 'constructs';
import { ImportedMcpServerOptions, ImportedServer } from './imported-server';
import { McpServerBase } from './mcp-server-base';
import { ServerCore, statedServer } from './server-core';
import { McpServerOptions } from './server-options';
import { ServerStatement } from './server-statement';
import { InputCheck } from '../model/findings';
import { IMcpServer } from '../references';
import { resolveNamespace } from '../synthesis/placement';
import { Stated } from '../synthesis/statement';

/** Properties of {@link McpServer}. */
export interface McpServerProps extends McpServerOptions {
  /**
   * Namespace of everything it emits.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;
}

/** Options of {@link McpServer.fromMcpServerName}. */
export interface FromMcpServerNameOptions extends ImportedMcpServerOptions {
  /**
   * Its namespace.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;
}

/**
 * An MCP tool server, hosted in the cluster or remote.
 *
 * Emits an MCPServer resource; for a hosted server also a Deployment (a StatefulSet for several
 * replicas that keep sessions), a Service that answers on 8080, a ServiceAccount whose token is
 * mounted only when rights are granted (`allowKubernetes`), and what the options ask for.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpServer, McpServerSource } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * const ledger = new McpServer(chart, 'ledger', {
 *   source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
 *   replicas: 3,
 *   tools: ['db_query', 'db_insert'],
 * });
 * ledger.url; // http://ledger.finance.svc:8080/mcp
 */
export class McpServer extends McpServerBase {
  /**
   * Refers to an MCPServer that exists outside this app.
   *
   * @param scope scope of the reference
   * @param id id of the reference
   * @param name name of the MCPServer
   * @param options where it is and what it speaks
   * @throws when the name is not a DNS label or there is no namespace
   */
  public static fromMcpServerName(
    scope: Construct,
    id: string,
    name: string,
    options: FromMcpServerNameOptions = {},
  ): IMcpServer {
    const input = new InputCheck(`${scope.node.path}/${id}`);
    const workloadNamespace = resolveNamespace(scope, options.namespace, input);
    input.throwIfAny();
    return new ImportedServer(scope, id, { kind: 'MCPServer', name, workloadNamespace }, options);
  }

  /**
   * A server of what a document states.
   *
   * @internal
   */
  public static _stated(scope: Construct, id: string, statement: ServerStatement): McpServer {
    return new McpServer(scope, id, new Stated(statement).asProps());
  }

  /** Kind of the resource: `MCPServer`. */
  public readonly kind: string = 'MCPServer';

  /** @internal */
  protected readonly _core: ServerCore;

  /**
   * Defines a server.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the server's name unless `name` is given
   * @param props what to run and how
   * @throws when an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: McpServerProps) {
    super(scope, id);
    this._core = statedServer(this, props, { kind: 'MCPServer', namespace: props.namespace });
  }

  /** Namespace of everything the server emits. */
  public get namespace(): string | undefined {
    return this._core.namespace;
  }
}
