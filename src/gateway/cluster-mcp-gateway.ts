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

/** Properties of {@link ClusterMcpGateway}. */
export interface ClusterMcpGatewayProps extends McpGatewayOptions {
  /**
   * Namespace that its pods run in.
   *
   * @default - the chart's namespace
   */
  readonly workloadNamespace?: string;
}

/** Options of {@link ClusterMcpGateway.fromClusterMcpGatewayName}. */
export interface FromClusterMcpGatewayNameOptions {
  /**
   * Namespace that its pods run in.
   *
   * @default - the chart's namespace
   */
  readonly workloadNamespace?: string;

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
 * A gateway for the whole cluster: its resource is cluster-scoped, and it discovers servers of every namespace.
 *
 * Emits a cluster-scoped ClusterMCPGateway resource; a Deployment of the data plane whose replicas keep apart, its
 * configuration in a ConfigMap that it re-reads when it changes, a Service, a ServiceAccount
 * without a mounted token, a PodDisruptionBudget for several replicas, and what the options ask for.
 *
 * Its pods need a Secret with the session key; unless you name another, create it with
 * `kubectl -n {namespace} create secret generic {name}-session-key --from-literal=key=$(openssl rand -hex 32)`.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { ClusterMcpGateway } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
 * const gateway = new ClusterMcpGateway(platform, 'gateway', { replicas: 2, discovery: { labels: { 'acme.dev/shared': 'true' } } });
 * gateway.url; // http://gateway.mcp-system
 */
export class ClusterMcpGateway extends McpGatewayBase {
  /**
   * Refers to a ClusterMCPGateway that exists outside this app. Routes get its URL; its configuration is its owner's.
   *
   * @param scope scope of the reference
   * @param id id of the reference
   * @param name name of the ClusterMCPGateway
   * @param options where its Service is
   * @throws when the name is not a DNS label, the port not a port, or there is no namespace
   */
  public static fromClusterMcpGatewayName(
    scope: Construct,
    id: string,
    name: string,
    options: FromClusterMcpGatewayNameOptions = {},
  ): IMcpGateway {
    const input = new InputCheck(`${scope.node.path}/${id}`);
    const workloadNamespace = resolveNamespace(scope, options.workloadNamespace, input, 'workloadNamespace');
    input.throwIfAny();
    return new ImportedGateway(scope, id, {
      kind: 'ClusterMCPGateway',
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
  public static _stated(scope: Construct, id: string, statement: GatewayStatement): ClusterMcpGateway {
    return new ClusterMcpGateway(scope, id, new Stated(statement).asProps());
  }

  /** Kind of the resource: `ClusterMCPGateway`. */
  public readonly kind: string = 'ClusterMCPGateway';

  /** Namespace that the pods run in. */
  public readonly workloadNamespace: string;

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
  constructor(scope: Construct, id: string, props: ClusterMcpGatewayProps = {}) {
    super(scope, id);
    this._core = new GatewayCore(this, props, { kind: 'ClusterMCPGateway', namespace: props.workloadNamespace });
    this.workloadNamespace = this._core.namespace;
  }

  /** None: the resource is cluster-scoped. */
  public get namespace(): string | undefined {
    return undefined;
  }
}
