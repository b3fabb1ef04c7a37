import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { GatewayCore } from './gateway-core';
import { WatchedGateway } from './gateway-model';
import { ConnectOptions } from '../client/connection';
import { EgressTarget } from '../permissions/egress-target';
import { IngressSource } from '../permissions/ingress-source';
import { Authentication } from '../policy/authentication';
import { AllowOptions } from '../policy/authorization';
import { Principal } from '../policy/principal';
import { RateLimit } from '../policy/rate-limit';
import { IMcpGateway } from '../references';

/**
 * What {@link McpGateway} and {@link ClusterMcpGateway} have in common: the members of a gateway that this app defines,
 * wherever its resource is.
 *
 * A function that takes either kind takes this class.
 */
export abstract class McpGatewayBase extends Construct implements IMcpGateway {
  /** Kind of the resource: `MCPGateway` or `ClusterMCPGateway`. */
  public abstract readonly kind: string;

  /**
   * What the gateway is made of.
   *
   * @internal
   */
  protected abstract readonly _core: GatewayCore;

  /**
   * What monitoring asks of it.
   *
   * @internal
   */
  public get _watched(): WatchedGateway {
    return this._core.watched;
  }

  /** Name of the resource, the Deployment and the Service. */
  public get name(): string {
    return this._core.name;
  }

  /** Namespace of the resource; none for a ClusterMCPGateway. */
  public abstract get namespace(): string | undefined;

  /** URL of the Service, inside the cluster. */
  public get url(): string {
    return this._core.url;
  }

  /** Scheme and host by which the gateway is reached from outside the cluster: of the first of `exposures` with an exact host, Ingresses before HTTPRoutes. */
  public get publicUrl(): string | undefined {
    return this._core.publicUrl;
  }

  /** The MCPGateway or ClusterMCPGateway resource. */
  public get resource(): ApiObject {
    return this._core.resource;
  }

  /** The Certificate that cert-manager is asked for, with `GatewayTls.fromIssuer`. */
  public get certificate(): ApiObject | undefined {
    return this._core.hosted.certificate;
  }

  /** The HorizontalPodAutoscaler, when one was asked for. */
  public get autoscaler(): kplus.HorizontalPodAutoscaler | undefined {
    return this._core.hosted.autoscaler;
  }

  /** The PodDisruptionBudget, when there are several replicas or one was asked for. */
  public get disruptionBudget(): ApiObject | undefined {
    return this._core.hosted.disruptionBudget;
  }

  /**
   * The Deployment of the data plane. In controller mode it is not emitted, but what is done to its pods reaches the resource,
   * merged over `podTemplate`; anything else that is done to it, which would reach nothing, fails synthesis.
   */
  public get deployment(): kplus.Deployment {
    return this._core.hosted.deployment;
  }

  /** The Service. In controller mode an operator makes it, and to change it fails synthesis: say it with the option `service`. */
  public get service(): kplus.Service {
    return this._core.hosted.service;
  }

  /** The ServiceAccount. In controller mode an operator makes it, and to change it fails synthesis. */
  public get serviceAccount(): kplus.ServiceAccount {
    return this._core.hosted.serviceAccount;
  }

  /** The ConfigMap with the configuration of the data plane; none in controller mode, where an operator configures its own. */
  public get config(): ApiObject | undefined {
    return this._core.config;
  }

  /**
   * Where the pods read the key that protects session ids; none for a data plane that has no such key (envoy), and in controller
   * mode, where an operator makes one.
   */
  public get sessionKey(): kplus.SecretValue | undefined {
    return this._core.sessionKey;
  }

  /**
   * Lets something connect to the gateway, on the port that it serves, besides the workloads that are connected to it or to
   * its routes. Policies of the network deny everyone else, unless the Service is a LoadBalancer or NodePort.
   *
   * @param source who may connect
   * @throws in controller mode, as the resource has no field for it
   */
  public allowIngress(source: IngressSource): void {
    this._core.allowIngress(source);
  }

  /**
   * Lets the gateway connect to something besides what follows from what it serves: where a name that it is given, such as that of an issuer
   * or a remote server, is at a private address, or where a Service that this app does not make has pods on another port. It consents to
   * no remote server: that is `allowedRemoteHosts`.
   *
   * @param target what it may connect to; ports of pods, as policies act behind Services
   * @throws in controller mode, as the resource has no field for it
   */
  public allowEgress(target: EgressTarget): void {
    this._core.allowEgress(target);
  }

  /**
   * Grants a principal the use of tools, prompts and resources, at every route and at `/mcp`. A gateway that grants anything denies what
   * it does not grant; so does each of its routes.
   *
   * @param principal who is granted it
   * @param options tools, prompts, resources, actions and conditions
   * @throws when nothing is named, one is not a name, URI or glob, or completions or tasks are of nothing that is granted
   */
  public allow(principal: Principal, options: AllowOptions): void {
    this._core.allow(this, principal, options);
  }

  /**
   * Adds a method by which callers must prove who they are, besides those there are.
   *
   * @param method the method
   */
  public addAuthentication(method: Authentication): void {
    this._core.extendPolicy({ authentication: [...this._core.policy.authentication, method._method] });
  }

  /**
   * Limits how often tools may be called, besides the limits there are.
   *
   * @param limit the limit
   * @throws in controller mode, when the resource has no field for it
   */
  public addRateLimit(limit: RateLimit): void {
    this._core.extendPolicy({ rateLimits: [...this._core.policy.rateLimits, limit._value] });
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
    this._core.connect(this, workload, options);
  }
}
