import * as kplus from 'cdk8s-plus-28';
import { OidcConfig } from './oidc-config';
import { McpServerMetrics } from './server-metrics';
import { McpServerSource } from './source';
import { McpSessions } from './source-config';
import { EgressTarget } from '../permissions/egress-target';
import { FileSystemPermissions } from '../permissions/folders';
import { IngressSource } from '../permissions/ingress-source';
import { KubernetesPermission } from '../permissions/kubernetes-permission';
import { PermissionProfile } from '../permissions/permission-profile';
import { AuthzConfig } from '../policy/authz-config';
import { VolumeClaimTemplate } from '../workload/claims';
import { PodOptions } from '../workload/pod-options';
import { AutoscalingOptions, DisruptionBudgetOptions } from '../workload/replicas';

/** Features of MCP that a server offers. */
export interface McpCapabilities {
  /**
   * Whether it offers tools.
   *
   * @default true
   */
  readonly tools?: boolean;

  /**
   * Whether it offers resources.
   *
   * @default false
   */
  readonly resources?: boolean;

  /**
   * Whether it offers prompts.
   *
   * @default false
   */
  readonly prompts?: boolean;
}

/** Options that McpServer and ClusterMcpServer share. */
export interface McpServerOptions extends PodOptions {
  /** Where the program is and how it is started. */
  readonly source: McpServerSource;

  /**
   * Name of the resource and of what it emits. It stands in URLs and DNS.
   *
   * @default - the construct's id as it is
   */
  readonly name?: string;

  /**
   * Labels of every object emitted; gateways discover servers by them.
   *
   * @default - none besides the library's own
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of every object emitted, but not of pods (`podAnnotations`).
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Replicas. Several replicas of a server that keeps sessions run as a StatefulSet, so that
   * a gateway can send each caller to a replica of its own, at most 1,000; else they run as a Deployment.
   *
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Scales the replicas. Only for servers declared `McpSessions.STATELESS`.
   *
   * @default - a fixed number of replicas
   */
  readonly autoscaling?: AutoscalingOptions;

  /**
   * The PodDisruptionBudget.
   *
   * @default - one pod may go at a time when there are several replicas, else none
   */
  readonly disruptionBudget?: DisruptionBudgetOptions;

  /**
   * What the server keeps in memory between requests. One that speaks MCP 2026-07-28 alone has no sessions: `McpSessions.STATELESS`.
   *
   * @default McpSessions.STATEFUL
   */
  readonly sessions?: McpSessions;

  /**
   * Environment variables.
   *
   * @default - none
   */
  readonly env?: { [name: string]: kplus.EnvValue };

  /**
   * Secrets and ConfigMaps whose keys become environment variables.
   *
   * @default - none
   */
  readonly envFrom?: kplus.EnvFrom[];

  /**
   * Volumes to mount into the container.
   *
   * @default - none
   */
  readonly volumeMounts?: kplus.VolumeMount[];

  /**
   * Volumes that each replica has for itself, mounted for writing: the server runs as a StatefulSet, whose claims stay when it is
   * scaled down or taken away. The resource has no field for them.
   *
   * @default - none; what is written is gone with its pod, unless a volume is mounted
   */
  readonly volumeClaimTemplates?: VolumeClaimTemplate[];

  /**
   * What the server may do, as one value. {@link McpServer.allowKubernetes} and `allowEgress` add to it.
   *
   * @default - nothing but to ask DNS
   */
  readonly permissionProfile?: PermissionProfile;

  /**
   * Rights on the Kubernetes API; see {@link McpServer.allowKubernetes}.
   *
   * @default - none, and no token
   */
  readonly kubernetes?: KubernetesPermission[];

  /**
   * A ServiceAccount that is there already, of the namespace of the pods. What the server is permitted is then given to it, and so to whatever else runs as it.
   *
   * @default - an account of its own, named as the server
   */
  readonly serviceAccount?: kplus.IServiceAccount;

  /**
   * Metrics that the server has by itself. The pods that `ClusterProfile.monitoring` names may read them, and Prometheus finds them by a PodMonitor (add-on
   * `PROMETHEUS_OPERATOR`) or by annotations of the pods. The resource has no field for them.
   *
   * @default - none; nobody but those who may call the server connects to it
   */
  readonly metrics?: McpServerMetrics;

  /**
   * What the server may connect to; see {@link McpServer.allowEgress}. Everything else is denied, but for DNS.
   *
   * @default - nothing, but for what its source needs by itself and what the permission profile allows
   */
  readonly egress?: EgressTarget[];

  /**
   * Who may connect to the server, besides the gateways that send it requests and the workloads that are connected to it;
   * see {@link McpServer.allowIngress}.
   *
   * @default - nobody else
   */
  readonly ingress?: IngressSource[];

  /**
   * Folders that the server may write, and volumes that it may only read. The rest of its files is read-only.
   *
   * @default - it writes what its source needs to write
   */
  readonly fileSystem?: FileSystemPermissions;

  /**
   * Readiness probe.
   *
   * @default - a TCP connection to the server's port every 10 seconds: an MCP endpoint answers a plain GET with an
   * error, so an HTTP probe of it would never succeed. For stdio, the adapter's health endpoint.
   */
  readonly readiness?: kplus.Probe;

  /**
   * Liveness probe.
   *
   * @default - as the readiness probe, every 20 seconds, after 6 failures
   */
  readonly liveness?: kplus.Probe;

  /**
   * Startup probe: no other probe counts before it succeeds.
   *
   * @default - as the readiness probe, every 5 seconds for up to 10 minutes: a slow start is not killed
   */
  readonly startup?: kplus.Probe;

  /**
   * When the image is pulled.
   *
   * @default - IfNotPresent for an image with a digest or a tag other than "latest", else Always
   */
  readonly imagePullPolicy?: kplus.ImagePullPolicy;

  /**
   * User id the container runs as. The container never runs as root: an image that runs as root, or as a user that it has a name for
   * instead of a number, starts only with one.
   *
   * @default - the image's own; 1000 for npx and uvx
   */
  readonly user?: number;

  /**
   * Names of the tools the server offers. Checks of routes and policies use them; in controller mode nothing else does,
   * which is a warning: upstream's resource has no field for them.
   *
   * @default - unknown
   */
  readonly tools?: string[];

  /**
   * Descriptions of tools by name. A name that is not in `tools` is added to them. In controller mode they are in no
   * resource, which is a warning.
   *
   * @default - none
   */
  readonly toolDescriptions?: { [tool: string]: string };

  /**
   * The tools to expose, by name or glob (`db_*`). Gateways hide all others and refuse calls of them. An empty list is an error; in a
   * document it exposes none.
   *
   * @default - all
   */
  readonly toolsFilter?: string[];

  /**
   * Header `Host` that gateways send to the server, such as `localhost:8000`, for programs that refuse any they do not know. On
   * agentgateway, a request takes one more step inside of the gateway's pod then; not for servers that speak SSE there.
   *
   * @default - where it is reached: see docs/network.md
   */
  readonly hostHeader?: string;

  /**
   * Whose tokens callers have to present, for a server that has no authentication of its own. Behind a gateway it is the
   * token of the caller: the gateway passes on the one it verified, or leaves it alone where it verifies none.
   *
   * In rendered mode a container `mcp-guard` in the server's pods verifies them, and the server's network policy admits
   * callers to its port alone, so that the cluster has to enforce one; for a stdio program with keys given inline, its adapter
   * does. Needs Kubernetes 1.29 or later. Not for remote servers: ask their callers at the route.
   *
   * @default - none; whoever can connect to the server may call it
   */
  readonly oidcConfig?: OidcConfig;

  /**
   * Policies in Cedar by which callers may list and call the server's tools, whatever route they come by. Needs `oidcConfig`
   * in rendered mode.
   *
   * @default - none; every caller whom `oidcConfig` lets in may use every tool
   */
  readonly authzConfig?: AuthzConfig;

  /**
   * Features of MCP that the server offers, for information.
   *
   * @default - not stated
   */
  readonly capabilities?: McpCapabilities;

  /**
   * Version of the server software, for information.
   *
   * @default - not stated
   */
  readonly version?: string;
}
