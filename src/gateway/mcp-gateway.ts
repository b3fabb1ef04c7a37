import { Construct } from 'constructs';
import { GatewayCore } from './gateway-core';
import { McpGatewayOptions } from './gateway-options';
import { ImportedGateway } from './imported-gateway';
import { McpGatewayBase } from './mcp-gateway-base';
import { GatewayStatement } from './statement';
import { InputCheck } from '../model/findings';
import { IMcpGateway } from '../references';
import { resolveNamespace } from '../synthesis/placement';
import { Stated } from '../synthesis/statement';

/** Properties of {@link McpGateway}. */
export interface McpGatewayProps extends McpGatewayOptions {
  /**
   * Namespace of everything it emits.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;
}

/** Options of {@link McpGateway.fromMcpGatewayName}. */
export interface FromMcpGatewayNameOptions {
  /**
   * Its namespace.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;

  /**
   * Port of its Service.
   *
   * @default - 80, or 443 with `tls`
   */
  readonly port?: number;

  /**
   * Whether it serves HTTPS.
   *
   * @default false
   */
  readonly tls?: boolean;

  /**
   * Who turns routes of this app into the configuration of the gateway, which this app does not: the repository of the
   * platform, say, which reads what this app emits (see docs/several-repositories.md). It is not written anywhere: it only says
   * that somebody does.
   *
   * @default - nobody; a route at the gateway then fails synthesis, unless an operator reconciles its resource
   * (`Reconciliation.CONTROLLER`)
   */
  readonly compiledBy?: string;
}

/**
 * The gateway in front of MCP servers: it serves routes, and discovered servers together.
 *
 * Emits an MCPGateway resource; a Deployment of the data plane whose replicas keep apart, its
 * configuration in a ConfigMap that it re-reads when it changes, a Service, a ServiceAccount
 * without a mounted token, a PodDisruptionBudget for several replicas, and what the options ask for.
 *
 * Its pods need a Secret with the session key; unless you name another, create it with
 * `kubectl -n {namespace} create secret generic {name}-session-key --from-literal=key=$(openssl rand -hex 32)`.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpGateway } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
 * const gateway = new McpGateway(platform, 'gateway', { replicas: 2 });
 * gateway.url; // http://gateway.mcp-system
 */
export class McpGateway extends McpGatewayBase {
  /**
   * Refers to an MCPGateway that exists outside this app. Routes get its URL; its configuration is its owner's.
   *
   * @param scope scope of the reference
   * @param id id of the reference
   * @param name name of the MCPGateway
   * @param options where its Service is
   * @throws when the name is not a DNS label, the port not a port, or there is no namespace
   */
  public static fromMcpGatewayName(
    scope: Construct,
    id: string,
    name: string,
    options: FromMcpGatewayNameOptions = {},
  ): IMcpGateway {
    const input = new InputCheck(`${scope.node.path}/${id}`);
    const workloadNamespace = resolveNamespace(scope, options.namespace, input, 'namespace');
    input.throwIfAny();
    return new ImportedGateway(scope, id, {
      kind: 'MCPGateway',
      name,
      workloadNamespace,
      port: options.port,
      tls: options.tls,
      compiledBy: options.compiledBy,
    });
  }

  /**
   * A gateway of a statement, as documents make it.
   *
   * @internal
   */
  public static _stated(scope: Construct, id: string, statement: GatewayStatement): McpGateway {
    return new McpGateway(scope, id, new Stated(statement).asProps());
  }

  /** Kind of the resource: `MCPGateway`. */
  public readonly kind: string = 'MCPGateway';

  /** @internal */
  protected readonly _core: GatewayCore;

  /**
   * Defines a gateway.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the gateway's name unless `name` is given
   * @param props how it runs and what it serves
   * @throws when an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: McpGatewayProps = {}) {
    super(scope, id);
    this._core = new GatewayCore(this, props, { kind: 'MCPGateway', namespace: props.namespace });
  }

  /** Namespace of everything the gateway emits. */
  public get namespace(): string | undefined {
    return this._core.namespace;
  }
}
