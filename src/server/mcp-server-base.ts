import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ServerCore } from './server-core';
import { EgressTarget } from '../permissions/egress-target';
import { AllowWriteOptions } from '../permissions/folders';
import { AllowIngressOptions, IngressSource } from '../permissions/ingress-source';
import { KubernetesPermission } from '../permissions/kubernetes-permission';
import { KubernetesRoleOptions } from '../permissions/kubernetes-role';
import { IMcpServer } from '../references';

/**
 * What {@link McpServer} and {@link ClusterMcpServer} have in common: the members of a server that this app defines, wherever
 * its resource is.
 *
 * A function that takes either kind takes this class.
 */
export abstract class McpServerBase extends Construct implements IMcpServer {
  /** Kind of the resource: `MCPServer` or `ClusterMCPServer`. */
  public abstract readonly kind: string;

  /**
   * What the server is made of.
   *
   * @internal
   */
  protected abstract readonly _core: ServerCore;

  /** Name of the resource, the workload and the Service. */
  public get name(): string {
    return this._core.name;
  }

  /** Namespace of the resource; none for a ClusterMCPServer. */
  public abstract get namespace(): string | undefined;

  /** URL of the MCP endpoint, inside the cluster for a hosted server; for a REST service, the one that its paths are below. */
  public get url(): string {
    return this._core.url;
  }

  /** The MCPServer or ClusterMCPServer resource. */
  public get resource(): ApiObject {
    return this._core.resource;
  }

  /** The container that runs the server; none for a remote server. */
  public get container(): kplus.Container | undefined {
    return this._core.hosted?.container;
  }

  /**
   * The Deployment of a hosted server; none when it runs as a StatefulSet or is remote. In
   * controller mode it is not emitted, but what is done to its pods reaches the resource;
   * anything else that is done to it, which would reach nothing, fails synthesis.
   */
  public get deployment(): kplus.Deployment | undefined {
    return this._core.hosted?.deployment;
  }

  /** The StatefulSet of a hosted server that keeps sessions and has several replicas; in controller mode as `deployment`. */
  public get statefulSet(): kplus.StatefulSet | undefined {
    return this._core.hosted?.statefulSet;
  }

  /** The Service of a hosted server. In controller mode an operator makes it, and to change it fails synthesis. */
  public get service(): kplus.Service | undefined {
    return this._core.hosted?.service;
  }

  /**
   * The ServiceAccount of a hosted server, such as to annotate it for the workload identity of a cloud; none where its pods use an existing one. In
   * controller mode an operator makes it, and to change it fails synthesis.
   */
  public get serviceAccount(): kplus.ServiceAccount | undefined {
    return this._core.hosted?.serviceAccount;
  }

  /** The HorizontalPodAutoscaler, when one was asked for. */
  public get autoscaler(): kplus.HorizontalPodAutoscaler | undefined {
    return this._core.hosted?.autoscaler;
  }

  /** The PodDisruptionBudget, when one was asked for. */
  public get disruptionBudget(): ApiObject | undefined {
    return this._core.hosted?.disruptionBudget;
  }

  /**
   * Gives the server rights on the Kubernetes API: a Role and a RoleBinding in each namespace, and the token of its own ServiceAccount in
   * its pods. A ClusterRole only where `clusterWide: true` says so. May be called any number of times, at any time before synthesis.
   *
   * Rights that are more than they seem, such as reading Secrets, are warnings: `McpDiagnostics.of(app).warnings`.
   *
   * @param permission what it may do, with what, and where
   * @throws when a verb, resource or namespace is none, a resource belongs to no namespace and `clusterWide` was not said, the permission
   *   profile rules it out, or the server is remote
   */
  public allowKubernetes(permission: KubernetesPermission): void {
    this._core.grants.allowKubernetes(permission);
  }

  /**
   * Gives the server the rights of a role that the app does not make: a binding of its ServiceAccount in each namespace, or in the whole cluster,
   * the token in its pods, and the connection to the API server. Which rights these are is not known here, which is a warning, but for the ClusterRole `view`.
   * The resource has no field for it.
   *
   * @param role the role, and where its rights hold
   * @throws when it is not one role, a name is none, the permission profile rules it out, the server is remote, or in controller mode
   */
  public allowRole(role: KubernetesRoleOptions): void {
    this._core.grants.allowRole(role);
  }

  /**
   * Lets the server connect to something. Everything else is denied, but for DNS and what its source needs by itself. May be
   * called any number of times, at any time before synthesis.
   *
   * @param target what it may connect to
   * @throws when the server is remote, its permission profile is `none`, or in controller mode for what the resource has no
   *   field for
   */
  public allowEgress(target: EgressTarget): void {
    this._core.grants.allowEgress(target);
  }

  /**
   * Lets something connect to the server, on the port that answers MCP or on others, besides the gateways that send it requests and the
   * workloads that are connected to it. Whoever connects to the server itself goes past what gateways ask of callers.
   *
   * @param source who may connect
   * @param options to which ports
   * @throws when the server is remote, a port is none, or in controller mode, as the resource has no field for it
   */
  public allowIngress(source: IngressSource, options: AllowIngressOptions = {}): void {
    this._core.grants.allowIngress(source, options);
  }

  /**
   * Lets the server write to a folder. Its root file system stays read-only.
   *
   * @param path the folder
   * @param options the volume behind it, or the size of an empty one
   * @throws when the path is not that of a folder, gets in the way of another volume, or the server is remote
   */
  public allowWrite(path: string, options: AllowWriteOptions = {}): void {
    this._core.grants.allowWrite(path, options);
  }

  /**
   * Lets the server read a volume, and not write to it. The files of its image are readable anyway.
   *
   * @param path the folder where the volume is mounted
   * @param volume the volume
   * @throws when the path is not that of a folder, gets in the way of another volume, or the server is remote
   */
  public allowRead(path: string, volume: kplus.Volume): void {
    this._core.grants.allowRead(path, volume);
  }
}
