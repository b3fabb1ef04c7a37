import { ApiObject, Lazy, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { objectLabels } from '../backends/kubernetes/labels';
import { storedQuantity } from '../backends/kubernetes/stored-form';
import { PodSecurity } from '../cluster/pod-security';
import { errorKind, InputCheck } from '../model/findings';
import {
  isLabelKey,
  isLabelValue,
  isNamespace,
  LABEL_KEY_INVALID,
  LABEL_VALUE_INVALID,
  NAMESPACE_INVALID,
  notWhole,
  WHOLE_NUMBER_INVALID,
} from '../model/validation';
import { clusterScoped } from '../synthesis/materialize';
import { bytesOf } from '../synthesis/statement';
import { Synthesis } from '../synthesis/synthesis';
import { compact, Json } from '../values/json';
import { formatBytes } from '../values/quantities';
import { compareText } from '../values/text';

/** How much a tenant may have. Kubernetes refuses what goes beyond it (ResourceQuota). */
export interface TenantQuota {
  /**
   * MCPServer resources.
   *
   * @default - any number
   */
  readonly servers?: number;

  /**
   * MCPRoute resources.
   *
   * @default - any number
   */
  readonly routes?: number;

  /**
   * MCPGateway resources; 0 leaves gateways to the platform.
   *
   * @default - any number
   */
  readonly gateways?: number;

  /**
   * Pods.
   *
   * @default - any number
   */
  readonly pods?: number;

  /**
   * CPU that the containers may request together. Kubernetes then refuses pods that state no request.
   *
   * @default - any amount
   */
  readonly cpuRequests?: kplus.Cpu;

  /**
   * Memory that the containers may request together. Kubernetes then refuses pods that state no request.
   *
   * @default - any amount
   */
  readonly memoryRequests?: Size;
}

/** Namespaced kinds of the API. */
export enum McpKind {
  /** MCPServer. */
  SERVER = 'mcpservers',
  /** MCPRoute. */
  ROUTE = 'mcproutes',
  /** MCPGateway. */
  GATEWAY = 'mcpgateways',
}

const TENANT_ACCOUNT_WITHOUT_NAMESPACE = errorKind(
  'tenant-account-without-namespace',
  'is a service account without a namespace',
  'Give the namespace: kplus.ServiceAccount.fromServiceAccountName(scope, id, name, { namespaceName })',
);
const TENANT_NAMESPACE_INVALID = errorKind('tenant-namespace-invalid', NAMESPACE_INVALID.problem, 'Choose such a name');
const TENANT_ID_NO_NAMESPACE = errorKind(
  'tenant-id-no-namespace',
  NAMESPACE_INVALID.problem,
  'Set `namespace`, or use such an id',
);
const LABEL_OF_POD_SECURITY = errorKind('label-of-pod-security', 'is what podSecurity sets', 'Correct the key');
const TENANT_KINDS_EMPTY = errorKind(
  'tenant-kinds-empty',
  'is empty, so nobody has rights on anything',
  'Name kinds, or leave it out for all',
);
const TENANT_LABELS_WITHOUT_NAMESPACE = errorKind(
  'tenant-labels-without-namespace',
  'are labels of a Namespace that is not emitted',
  'Drop it, or createNamespace: false',
);
const TENANT_POD_SECURITY_WITHOUT_NAMESPACE = errorKind(
  'tenant-pod-security-without-namespace',
  'is said by labels of a Namespace that is not emitted',
  'Drop it, and put the labels (podSecurity.labels()) on the namespace where it is defined',
);

const EDIT_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const VIEW_VERBS = ['get', 'list', 'watch'];
/** Kinds with a scale subresource: `kubectl scale`. */
const SCALABLE: readonly string[] = [McpKind.SERVER, McpKind.GATEWAY];

/** Properties of {@link McpTenant}. */
export interface McpTenantProps {
  /**
   * The team's namespace.
   *
   * @default - the construct's id as it is
   */
  readonly namespace?: string;

  /**
   * Whether the Namespace is emitted too. Without it, it must exist.
   *
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * Labels of the Namespace.
   *
   * @default - none besides the library's own
   */
  readonly labels?: { [key: string]: string };

  /**
   * Who may create, change and delete the team's MCP resources: users, groups and service accounts.
   *
   * @default - none; see {@link McpTenant.addMembers}
   */
  readonly members?: kplus.ISubject[];

  /**
   * Who may only look at them.
   *
   * @default - none; see {@link McpTenant.addViewers}
   */
  readonly viewers?: kplus.ISubject[];

  /**
   * The kinds that members and viewers have rights on.
   *
   * @default - all: MCPServer, MCPRoute and MCPGateway
   */
  readonly kinds?: McpKind[];

  /**
   * How much the team may have.
   *
   * @default - no limits
   */
  readonly quota?: TenantQuota;

  /**
   * How strictly Kubernetes judges the team's pods, as labels of the Namespace. Every pod of this library passes
   * `PodSecurity.restricted()`.
   *
   * @default - what the cluster says; no labels
   */
  readonly podSecurity?: PodSecurity;
}

/**
 * A team and its namespace: its members have rights on the MCP resources there, and on nothing else.
 *
 * Emits the Namespace, a Role and a RoleBinding for members (and for viewers, when there are any), and a ResourceQuota when
 * there is a limit. The rights are on the resources of `ome.io`, not on the workloads that follow from them: members write
 * MCPServers and MCPRoutes for an operator, or read what a pipeline applied. Servers of other teams are shared through a
 * ClusterMcpServer that consents to the namespace (`AllowedNamespaces`).
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import * as kplus from 'cdk8s-plus-28';
 * import { McpTenant, PodSecurity } from 'cdk8s-mcp';
 *
 * const chart = new Chart(new App(), 'tenants');
 * new McpTenant(chart, 'finance', {
 *   members: [kplus.Group.fromName(chart, 'finance-developers', 'finance-developers')],
 *   quota: { servers: 10, routes: 20, gateways: 0 },
 *   podSecurity: PodSecurity.restricted(),
 * });
 */
export class McpTenant extends Construct {
  /** The team's namespace. */
  public readonly namespace: string;

  /** The Namespace object; none when it exists already. */
  public readonly namespaceObject?: ApiObject;

  /** What members may do. */
  public readonly memberRole: ApiObject;

  /** The ResourceQuota; none without limits. */
  public readonly resourceQuota?: ApiObject;

  private readonly kinds: readonly McpKind[];
  private readonly members: kplus.ISubject[] = [];
  private readonly viewers: kplus.ISubject[] = [];

  /**
   * Defines a tenant.
   *
   * @param scope scope of the construct
   * @param id id of the construct; the namespace unless `namespace` is given
   * @param props who the team is and how much it may have
   * @throws when an option is invalid in itself; the error names every such option
   */
  constructor(scope: Construct, id: string, props: McpTenantProps = {}) {
    super(scope, id);
    const input = new InputCheck(this.node.path);
    this.namespace = props.namespace ?? id;
    this.kinds = [...new Set(props.kinds ?? Object.values(McpKind))].sort();
    check(input, this.namespace, props);
    input.throwIfAny();

    this.namespaceObject =
      props.createNamespace === false
        ? undefined
        : clusterScoped(
            new ApiObject(this, 'Namespace', {
              apiVersion: 'v1',
              kind: 'Namespace',
              metadata: {
                name: this.namespace,
                labels: {
                  ...props.labels,
                  ...props.podSecurity?.labels(),
                  'app.kubernetes.io/managed-by': 'cdk8s-mcp',
                },
              },
            }),
          );
    this.memberRole = this.role('MemberRole', MEMBERS, EDIT_VERBS, true);
    this.resourceQuota = this.quota(props.quota ?? {});
    this.addMembers(...(props.members ?? []));
    this.addViewers(...(props.viewers ?? []));
    // It says nothing of servers, but its objects may be in the way of others.
    Synthesis.of(this).add(this, {});
  }

  /**
   * Adds members: they may create, change and delete the team's MCP resources.
   *
   * @param members users (`kplus.User.fromName`), groups (`kplus.Group.fromName`) or service accounts
   */
  public addMembers(...members: kplus.ISubject[]): void {
    this.bind('MemberBinding', MEMBERS, this.members, members);
  }

  /**
   * Adds viewers: they may look at the team's MCP resources.
   *
   * @param viewers users, groups or service accounts
   */
  public addViewers(...viewers: kplus.ISubject[]): void {
    if (viewers.length > 0 && this.viewers.length === 0) {
      this.role('ViewerRole', VIEWERS, VIEW_VERBS, false);
    }
    this.bind('ViewerBinding', VIEWERS, this.viewers, viewers);
  }

  /** Binds a role; the binding exists as soon as there is someone to bind it to. */
  private bind(id: string, role: string, bound: kplus.ISubject[], added: readonly kplus.ISubject[]): void {
    const input = new InputCheck(this.node.path);
    added.forEach((subject, i) => {
      const { kind, name, namespace } = subject.toSubjectConfiguration();
      input.report(
        TENANT_ACCOUNT_WITHOUT_NAMESPACE,
        `${role === MEMBERS ? 'members' : 'viewers'}[${bound.length + i}]`,
        `${kind} ${name}`,
        kind === 'ServiceAccount' && namespace === undefined,
      );
    });
    input.throwIfAny();
    bound.push(...added);
    if (bound.length === 0 || this.node.tryFindChild(id) !== undefined) {
      return;
    }
    new ApiObject(this, id, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: this.metadata(role),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
      subjects: Lazy.any({ produce: () => subjectsOf(bound) }),
    });
  }

  private role(id: string, name: string, verbs: readonly string[], scales: boolean): ApiObject {
    const scalable = this.kinds.filter(kind => SCALABLE.includes(kind));
    return new ApiObject(this, id, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: this.metadata(name),
      rules: [
        { apiGroups: ['ome.io'], resources: [...this.kinds], verbs: [...verbs] },
        // What an operator reports is read, never written.
        { apiGroups: ['ome.io'], resources: this.kinds.map(kind => `${kind}/status`), verbs: ['get'] },
        ...(scales && scalable.length > 0
          ? [
              {
                apiGroups: ['ome.io'],
                resources: scalable.map(kind => `${kind}/scale`),
                verbs: ['get', 'patch', 'update'],
              },
            ]
          : []),
      ],
    });
  }

  private quota(quota: TenantQuota): ApiObject | undefined {
    const hard: Json = compact({
      'count/mcpservers.ome.io': text(quota.servers),
      'count/mcproutes.ome.io': text(quota.routes),
      'count/mcpgateways.ome.io': text(quota.gateways),
      pods: text(quota.pods),
      'requests.cpu': quota.cpuRequests && storedQuantity(quota.cpuRequests.amount),
      'requests.memory': quota.memoryRequests && storedQuantity(formatBytes(bytesOf(quota.memoryRequests))),
    });
    return Object.keys(hard).length === 0
      ? undefined
      : new ApiObject(this, 'ResourceQuota', {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: this.metadata('mcp-tenant'),
          spec: { hard },
        });
  }

  private metadata(name: string): Json {
    return { name, namespace: this.namespace, labels: objectLabels('mcp-tenant', this.namespace) };
  }
}

/** Names of the roles and of their bindings. */
const MEMBERS = 'mcp-members';
const VIEWERS = 'mcp-viewers';

function check(input: InputCheck, namespace: string, props: McpTenantProps): void {
  input.report(
    props.namespace === undefined ? TENANT_ID_NO_NAMESPACE : TENANT_NAMESPACE_INVALID,
    'namespace',
    namespace,
    !isNamespace(namespace),
  );
  input.report(TENANT_KINDS_EMPTY, 'kinds', props.kinds, props.kinds?.length === 0);
  const labelled = props.createNamespace === false;
  input.report(TENANT_LABELS_WITHOUT_NAMESPACE, 'labels', props.labels, labelled && props.labels !== undefined);
  input.report(
    TENANT_POD_SECURITY_WITHOUT_NAMESPACE,
    'podSecurity',
    '(given)',
    labelled && props.podSecurity !== undefined,
  );
  for (const [key, value] of Object.entries(props.labels ?? {})) {
    input.report(LABEL_KEY_INVALID, `labels[${key}]`, key, !isLabelKey(key));
    input.report(
      LABEL_OF_POD_SECURITY,
      `labels[${key}]`,
      key,
      isLabelKey(key) && key.startsWith('pod-security.kubernetes.io/'),
    );
    input.report(LABEL_VALUE_INVALID, `labels[${key}]`, value, !isLabelValue(value));
  }
  const { servers, routes, gateways, pods } = props.quota ?? {};
  for (const [property, value] of Object.entries({ servers, routes, gateways, pods })) {
    input.reportGiven(WHOLE_NUMBER_INVALID, `quota.${property}`, value, number =>
      notWhole(number, 'a whole number', 0),
    );
  }
}

/** Subjects as a binding lists them: each once, whatever the order in which they were added. */
function subjectsOf(subjects: readonly kplus.ISubject[]): Json[] {
  const written = subjects.map(subject => {
    const { kind, name, namespace, apiGroup } = subject.toSubjectConfiguration();
    return compact({ kind, name, namespace, apiGroup: kind === 'ServiceAccount' ? undefined : apiGroup });
  });
  const byKey = new Map(
    written.map(subject => [`${subject.kind}/${subject.namespace ?? ''}/${subject.name}`, subject]),
  );
  return [...byKey].sort(([a], [b]) => compareText(a, b)).map(([, subject]) => subject);
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
