import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { AllowedNamespaces } from './allowed-namespaces';
import { IMcpServer } from './i-mcp-server';
import { ImportedServer } from './imported-server';
import { ImportedMcpServerOptions } from './imported-server-options';
import { ServerCore } from './server-core';
import { McpServerOptions } from './server-options';
import { Reconciliation } from '../cluster/reconciliation';
import { InputCheck } from '../model/input';
import { EgressTarget } from '../permissions/egress-target';
import { AllowWriteOptions } from '../permissions/file-system-options';
import { IngressSource } from '../permissions/ingress-source';
import { KubernetesPermission } from '../permissions/kubernetes-permission';
import { resolveNamespace } from '../synthesis/placement';
import { compact } from '../values/json';

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
export class ClusterMcpServer extends Construct implements IMcpServer {
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

  /** Kind of the resource: `ClusterMCPServer`. */
  public readonly kind: string = 'ClusterMCPServer';

  /** Name of the resource, the workload and the Service. */
  public readonly name: string;

  /** None: the resource is cluster-scoped. */
  public readonly namespace?: string = undefined;

  /** Namespace of the workload; none for a remote server. */
  public readonly workloadNamespace?: string;

  /** URL of the MCP endpoint, inside the cluster for a hosted server; for a REST service, the one that its paths are below. */
  public readonly url: string;

  /** The ClusterMCPServer resource. */
  public readonly resource: ApiObject;

  /** The container that runs the server; none for a remote server. */
  public readonly container?: kplus.Container;

  /** The Deployment of a hosted server; see {@link McpServer.deployment}. */
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
   * Defines a shared server.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the server's name unless `name` is given
   * @param props what to run, where, and for whom
   * @throws when an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: ClusterMcpServerProps) {
    super(scope, id);
    const remote = props.source._config.kind === 'remote';
    const rendered = Reconciliation.of(this) === Reconciliation.RENDERED;
    const core = (this.core = new ServerCore(this, props, {
      kind: 'ClusterMCPServer',
      namespace: props.workloadNamespace,
      consent: props.allowedNamespaces._consent,
      extraSpec: rendered
        ? compact({
            workloadNamespace: remote ? undefined : (props.workloadNamespace ?? Chart.of(this).namespace),
            allowedNamespaces: props.allowedNamespaces._toJson(),
          })
        : {},
      check: input => {
        input.check(
          'workloadNamespace',
          props.workloadNamespace,
          remote && props.workloadNamespace !== undefined
            ? 'is given for a remote server, for which nothing runs in the cluster'
            : undefined,
          'Drop it',
        );
        if (!rendered) {
          const problem = 'has no field in the ClusterMCPServer resource, so an operator would never see it';
          input.check(
            'workloadNamespace',
            props.workloadNamespace,
            props.workloadNamespace === undefined ? undefined : problem,
            'Drop it, or use Reconciliation.RENDERED',
          );
          input.check(
            'allowedNamespaces',
            props.allowedNamespaces._toJson(),
            props.allowedNamespaces._consent.all ? undefined : problem,
            'Allow all, or use Reconciliation.RENDERED',
          );
        }
      },
    }));
    this.name = core.name;
    this.workloadNamespace = remote ? undefined : core.namespace;
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
