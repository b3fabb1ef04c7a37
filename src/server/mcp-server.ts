import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { IMcpServer } from './i-mcp-server';
import { ImportedServer } from './imported-server';
import { ImportedMcpServerOptions } from './imported-server-options';
import { ServerCore } from './server-core';
import { McpServerOptions } from './server-options';
import { InputCheck } from '../model/input';
import { EgressTarget } from '../permissions/egress-target';
import { AllowWriteOptions } from '../permissions/file-system-options';
import { IngressSource } from '../permissions/ingress-source';
import { KubernetesPermission } from '../permissions/kubernetes-permission';
import { resolveNamespace } from '../synthesis/placement';

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
export class McpServer extends Construct implements IMcpServer {
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

  /** Kind of the resource: `MCPServer`. */
  public readonly kind: string = 'MCPServer';

  /** Name of the resource, the workload and the Service. */
  public readonly name: string;

  /** Namespace of everything the server emits. */
  public readonly namespace?: string;

  /** URL of the MCP endpoint, inside the cluster for a hosted server; for a REST service, the one that its paths are below. */
  public readonly url: string;

  /** The MCPServer resource. */
  public readonly resource: ApiObject;

  /** The container that runs the server; none for a remote server. */
  public readonly container?: kplus.Container;

  /**
   * The Deployment of a hosted server; none when it runs as a StatefulSet or is remote. In
   * controller mode it is not emitted, but what is done to its pods reaches the resource.
   */
  public readonly deployment?: kplus.Deployment;

  /** The StatefulSet of a hosted server that keeps sessions and has several replicas. */
  public readonly statefulSet?: kplus.StatefulSet;

  /** The Service of a hosted server. */
  public readonly service?: kplus.Service;

  /** The ServiceAccount of a hosted server. */
  public readonly serviceAccount?: kplus.ServiceAccount;

  /** The HorizontalPodAutoscaler, when one was asked for. */
  public readonly autoscaler?: kplus.HorizontalPodAutoscaler;

  /** The PodDisruptionBudget, when one was asked for. */
  public readonly disruptionBudget?: ApiObject;

  private readonly core: ServerCore;

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
    const core = (this.core = new ServerCore(this, props, { kind: 'MCPServer', namespace: props.namespace }));
    this.name = core.name;
    this.namespace = core.namespace;
    this.url = core.url;
    this.resource = core.resource;
    this.container = core.hosted?.container;
    this.deployment = core.hosted?.deployment;
    this.statefulSet = core.hosted?.statefulSet;
    this.service = core.hosted?.service;
    this.serviceAccount = core.hosted?.serviceAccount;
    this.autoscaler = core.hosted?.autoscaler;
    this.disruptionBudget = core.hosted?.disruptionBudget;
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
    this.core.grants.allowKubernetes(permission);
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
    this.core.grants.allowEgress(target);
  }

  /**
   * Lets something connect to the server, on the port that answers MCP, besides the gateways that send it requests and the
   * workloads that are connected to it. Whoever connects to the server itself goes past what gateways ask of callers.
   *
   * @param source who may connect
   * @throws when the server is remote, or in controller mode, as the resource has no field for it
   */
  public allowIngress(source: IngressSource): void {
    this.core.grants.allowIngress(source);
  }

  /**
   * Lets the server write to a folder. Its root file system stays read-only.
   *
   * @param path the folder
   * @param options the volume behind it, or the size of an empty one
   * @throws when the path is not that of a folder, gets in the way of another volume, or the server is remote
   */
  public allowWrite(path: string, options: AllowWriteOptions = {}): void {
    this.core.grants.allowWrite(path, options);
  }

  /**
   * Lets the server read a volume, and not write to it. The files of its image are readable anyway.
   *
   * @param path the folder where the volume is mounted
   * @param volume the volume
   * @throws when the path is not that of a folder, gets in the way of another volume, or the server is remote
   */
  public allowRead(path: string, volume: kplus.Volume): void {
    this.core.grants.allowRead(path, volume);
  }
}
