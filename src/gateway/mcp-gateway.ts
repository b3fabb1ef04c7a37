import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { GatewayCore } from './gateway-core';
import { McpGatewayOptions } from './gateway-options';
import { IMcpGateway } from './i-mcp-gateway';
import { ImportedGateway } from './imported-gateway';
import { ConnectOptions } from '../client/connect-options';
import { InputCheck } from '../model/input';
import { IngressSource } from '../permissions/ingress-source';
import { Authentication } from '../policy/authentication';
import { AllowOptions } from '../policy/authorization';
import { Principal } from '../policy/principal';
import { RateLimit } from '../policy/rate-limit';
import { resolveNamespace } from '../synthesis/placement';

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
export class McpGateway extends Construct implements IMcpGateway {
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
    });
  }

  /** Kind of the resource: `MCPGateway`. */
  public readonly kind: string = 'MCPGateway';

  /** Name of the resource, the Deployment and the Service. */
  public readonly name: string;

  /** Namespace of everything the gateway emits. */
  public readonly namespace?: string;

  /** URL of the Service, inside the cluster. */
  public readonly url: string;

  /** Scheme and host by which the gateway is reached from outside the cluster: of the first of `exposures` with an exact host, Ingresses before HTTPRoutes. */
  public readonly publicUrl?: string;

  /** The MCPGateway resource. */
  public readonly resource: ApiObject;

  /** The Certificate that cert-manager is asked for, with `GatewayTls.fromIssuer`. */
  public readonly certificate?: ApiObject;

  /** The HorizontalPodAutoscaler, when one was asked for. */
  public readonly autoscaler?: kplus.HorizontalPodAutoscaler;

  /** The PodDisruptionBudget, when there are several replicas or one was asked for. */
  public readonly disruptionBudget?: ApiObject;

  private readonly core: GatewayCore;

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
    const core = new GatewayCore(this, props, { kind: 'MCPGateway', namespace: props.namespace });
    this.core = core;
    this.name = core.name;
    this.namespace = core.namespace;
    this.url = core.url;
    this.publicUrl = core.publicUrl;
    this.resource = core.resource;
    this.certificate = core.hosted.certificate;
    this.autoscaler = core.hosted.autoscaler;
    this.disruptionBudget = core.hosted.disruptionBudget;
  }

  /**
   * The Deployment of the data plane.
   *
   * @throws in controller mode, where an operator makes it
   */
  public get deployment(): kplus.Deployment {
    return this.core.emitted('deployment');
  }

  /**
   * The Service.
   *
   * @throws in controller mode, where an operator makes it
   */
  public get service(): kplus.Service {
    return this.core.emitted('service');
  }

  /**
   * The ServiceAccount.
   *
   * @throws in controller mode, where an operator makes it
   */
  public get serviceAccount(): kplus.ServiceAccount {
    return this.core.emitted('serviceAccount');
  }

  /**
   * The ConfigMap with the configuration of the data plane.
   *
   * @throws in controller mode, where an operator makes it
   */
  public get config(): ApiObject {
    return this.core.emitted('config');
  }

  /**
   * Where the pods read the key that protects session ids.
   *
   * @throws in controller mode, where an operator makes it, and for a data plane that has none (envoy)
   */
  public get sessionKey(): kplus.SecretValue {
    return this.core.emitted('sessionKey');
  }

  /**
   * Lets something connect to the gateway, on the port that it serves, besides the workloads that are connected to it or to
   * its routes. Policies of the network deny everyone else, unless the Service is a LoadBalancer or NodePort.
   *
   * @param source who may connect
   * @throws in controller mode, as the resource has no field for it
   */
  public allowIngress(source: IngressSource): void {
    this.core.allowIngress(source);
  }

  /**
   * Grants a principal the use of tools, at every route and at `/mcp`. A gateway that grants anything denies what it does
   * not grant; so does each of its routes.
   *
   * @param principal who is granted it
   * @param options tools, actions and conditions
   * @throws when no tool is named, or one is not a name or glob
   */
  public allow(principal: Principal, options: AllowOptions): void {
    this.core.allow(this, principal, options);
  }

  /**
   * Adds a method by which callers must prove who they are, besides those there are.
   *
   * @param method the method
   */
  public addAuthentication(method: Authentication): void {
    this.core.extendPolicy({ authentication: [...this.core.policy.authentication, method] });
  }

  /**
   * Limits how often tools may be called, besides the limits there are.
   *
   * @param limit the limit
   * @throws in controller mode, when the resource has no field for it
   */
  public addRateLimit(limit: RateLimit): void {
    this.core.extendPolicy({ rateLimits: [...this.core.policy.rateLimits, limit] });
  }

  /**
   * Connects a workload to the servers that the gateway serves together at `/mcp`: its containers find the URL in
   * `MCP_GATEWAY_URL`, its pods may connect to the gateway, and the gateway's network policy lets them in.
   *
   * @param workload a Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod of cdk8s-plus, or an API object with containers
   * @param options name of the variable, containers, token
   * @throws when the gateway has no `discovery`, the workload has no namespace, or the variable is that of another connection;
   * what only the finished workload shows fails synthesis
   */
  public connect(workload: IConstruct, options: ConnectOptions = {}): void {
    this.core.connect(this, workload, options);
  }
}
