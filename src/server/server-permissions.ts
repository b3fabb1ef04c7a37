import * as kplus from 'cdk8s-plus-28';
import { accountFindings, accountIn, TemplatedServer } from './account-findings';
import { checkFolders } from './folder-checks';
import { ServerFiles } from './server-files';
import { ServerPods, ServerStatement } from './server-statement';
import { ServerValue } from '../api/mcp-server';
import {
  grantForResource,
  GrantValue,
  KubeResourcesValue,
  kubernetesGrant,
  networkValue,
} from '../api/permission-profile';
import { placeIn } from '../api/place';
import { noField } from '../api/upstream';
import { Diagnostic, errorKind, findingOf, InputCheck } from '../model/findings';
import { EgressRule, IngressRule, KubernetesGrant, RoleGrant, ServerPermissions } from '../model/permissions';
import { emptyList, isPort, LIST_EMPTY, PORT_INVALID } from '../model/validation';
import { EgressTarget } from '../permissions/egress-target';
import { AllowWriteOptions } from '../permissions/folders';
import { AllowIngressOptions, IngressSource } from '../permissions/ingress-source';
import {
  checkForController,
  checkKubernetesPermission,
  kubeResourcesOf,
  KubernetesPermission,
} from '../permissions/kubernetes-permission';
import { checkKubernetesRole, KubernetesRoleOptions, roleGrant } from '../permissions/kubernetes-role';
import { PermissionProfile } from '../permissions/permission-profile';
import { Json } from '../values/json';
import { compareText } from '../values/text';

/** Checks what a server is allowed when it is created, as far as it alone can know. */
export function checkPermissions(input: InputCheck, grants: ServerGrants, statement: ServerStatement): void {
  // For a remote server every one of these is refused already.
  if (statement.source.kind === 'remote') {
    return;
  }
  grants.checkProfile(input);
  statement.pods.kubernetes?.forEach((permission, i) => grants.checkKubernetes(input, i, permission));
  checkFolders(input, statement);
}

const EGRESS_OF_OWN = errorKind(
  'egress-of-own',
  noField('MCPServer'),
  'Name a host with TCP ports, or a range of addresses without ports; or use Reconciliation.RENDERED',
);
const PACKAGE_WITHOUT_EGRESS = errorKind(
  'package-without-egress',
  'has to connect to something, and the permission profile none allows no connection',
  'Install the package in an image of your own and say { image, preinstalled: true }, or use another profile',
);
const PERMISSION_OF_REMOTE = errorKind(
  'permission-of-remote',
  'is given for a remote server, for which nothing runs in the cluster',
  'Drop it',
);
const PERMISSION_OF_OWN = errorKind(
  'permission-of-own',
  noField('MCPServer'),
  'Drop it, or use Reconciliation.RENDERED',
);
const PERMISSION_BESIDE_NONE = errorKind(
  'permission-beside-none',
  'is allowed beside the permission profile none, which allows nothing',
  'Drop it, or use PermissionProfile.inline',
);
const KUBERNETES_BESIDE_NETWORK_ONLY = errorKind(
  'kubernetes-beside-network-only',
  'is allowed beside the permission profile network-only, which gives the server no token of the Kubernetes API',
  'Drop it, or use PermissionProfile.inline or PermissionProfile.fullAccess',
);
const PERMISSION_BESIDE_PROFILE = errorKind(
  'permission-beside-profile',
  'is allowed beside the permission profile {alone}, and a resource of an operator can hold only one of the two',
  'Say all of it with PermissionProfile.inline, or use Reconciliation.RENDERED',
);

/** The server that is granted something. */
export interface GrantedServer extends TemplatedServer {
  /** Namespace of its pods. */
  readonly namespace: string;
  readonly hosted: boolean;
}

/** Kinds of permissions that are added one by one. */
type Kind = 'kubernetes' | 'egress' | 'ingress';

/** What a hosted server was granted so far, by its options and by later calls. */
export class ServerGrants {
  readonly files: ServerFiles;
  private readonly profile?: PermissionProfile;
  private permissions = 0;
  private kubernetes: readonly { readonly said: KubeResourcesValue; readonly grant: KubernetesGrant }[] = [];
  private roles: readonly RoleGrant[] = [];
  private egress: readonly EgressRule[] = [];
  private needs: readonly EgressRule[] = [];
  private ingress: readonly IngressRule[] = [];
  private described?: ServerPermissions;
  private describedProfile?: object;

  private readonly server: GrantedServer;

  /** What a server at a path is granted when it is created. */
  constructor(
    path: string,
    rendered: boolean,
    { name, permissionProfile: profile, pods, source, ...said }: ServerStatement,
  ) {
    const templates = source.kind === 'hosted' ? [source.podTemplate ?? {}, pods.podTemplate ?? {}] : [];
    this.server = {
      path,
      name,
      account: accountIn(templates) ?? pods.serviceAccount?.name ?? name,
      namespace: said.workloadNamespace,
      hosted: source.kind === 'hosted',
      rendered,
      templates,
    };
    this.profile = profile;
    this.files = new ServerFiles(
      path,
      said.value.fileSystem ?? {},
      this.server.templates,
      pods.volumeClaimTemplates?.map(claim => claim.path),
    );
  }

  /** Checks that the profile can be what it is here. */
  checkProfile(input: InputCheck): void {
    this.profile?._check(input, this.server.namespace, this.server.rendered);
  }

  /** Takes over what was said when the server was created, once that is checked and its container is there. */
  begin({ kubernetes = [], egress = [], ingress = [] }: ServerPods, container: kplus.Container | undefined): void {
    this.files.attach(container);
    egress.forEach(target => this.allowEgress(target));
    ingress.forEach(source => this.allowIngress(source));
    kubernetes.forEach(permission => this.addKubernetes(permission));
  }

  /** Checks a grant of rights on the Kubernetes API as it would be added. */
  checkKubernetes(input: InputCheck, position: number, permission: KubernetesPermission): void {
    const place = placeIn(input).at('kubernetes', position);
    this.checkAddition(input, 'kubernetes', `kubernetes[${position}]`);
    checkKubernetesPermission(permission, place);
    if (!this.server.rendered) {
      checkForController(permission, place);
    }
  }

  /** Adds rights on the Kubernetes API that were checked. */
  addKubernetes(permission: KubernetesPermission): void {
    const { path, namespace } = this.server;
    const origin = { path, property: `kubernetes[${this.permissions++}]` };
    this.kubernetes = [
      ...this.kubernetes,
      ...kubeResourcesOf(permission).map(said => ({ said, grant: kubernetesGrant(said, namespace, origin) })),
    ];
    this.described = undefined;
  }

  /** Checks and adds rights on the Kubernetes API. */
  allowKubernetes(permission: KubernetesPermission): void {
    const input = new InputCheck(this.server.path);
    this.checkKubernetes(input, this.permissions, permission);
    input.throwIfAny();
    this.addKubernetes(permission);
  }

  /** Checks and adds the rights of an existing role. */
  allowRole(options: KubernetesRoleOptions): void {
    const { path, namespace, rendered } = this.server;
    const input = new InputCheck(path);
    const property = `roles[${this.roles.length}]`;
    this.checkAddition(input, 'kubernetes', property);
    input.report(PERMISSION_OF_OWN, property, options, this.server.hosted && !rendered);
    checkKubernetesRole(input, property, options);
    input.throwIfAny();
    this.roles = [...this.roles, roleGrant(options, namespace, { path, property })];
    this.described = undefined;
  }

  /** Lets the server write to a folder. */
  allowWrite(folder: string, options: AllowWriteOptions): void {
    const input = new InputCheck(this.server.path);
    this.checkHosted(input, 'fileSystem.write');
    input.throwIfAny();
    this.files.allowWrite(input, folder, options);
  }

  /** Lets the server read a volume. */
  allowRead(folder: string, volume: kplus.Volume): void {
    const input = new InputCheck(this.server.path);
    this.checkHosted(input, 'fileSystem.read');
    input.throwIfAny();
    this.files.allowRead(input, folder, volume);
  }

  /** Adds what its source has to connect to by itself, such as where its package is downloaded from. An operator sees to that by itself. */
  addNeed(rule: EgressRule): void {
    this.needs = [...this.needs, rule];
    this.described = undefined;
  }

  /** Lets the server connect to something. */
  allowEgress(target: EgressTarget): void {
    const { path, namespace } = this.server;
    this.addEgress(target._rule(namespace, { path, property: `egress[${this.egress.length}]` }));
  }

  /** Lets something connect to the server. */
  allowIngress(source: IngressSource, { ports }: AllowIngressOptions = {}): void {
    const { path, namespace } = this.server;
    const property = `ingress[${this.ingress.length}]`;
    const input = new InputCheck(path);
    input.report(LIST_EMPTY, `${property}.ports`, ports, emptyList(ports, 'port', 'for the one that answers MCP'));
    ports?.forEach((port, i) =>
      input.report(
        PORT_INVALID,
        `${property}.ports[${i}]`,
        port,
        isPort(port) ? undefined : { port: 'a port of the pods' },
      ),
    );
    input.throwIfAny();
    this.addIngress({
      ...source._rule(namespace, { path, property }),
      ports: ports?.map(port => ({ protocol: 'TCP', port })),
    });
  }

  /** Adds leave to connect to something. */
  addEgress(rule: EgressRule): void {
    const { path, rendered } = this.server;
    const input = new InputCheck(path);
    this.checkAddition(input, 'egress', rule.origin.property);
    input.report(
      EGRESS_OF_OWN,
      rule.origin.property,
      rule.target.kind,
      !rendered && networkValue(rule).egress !== undefined,
    );
    input.throwIfAny();
    this.egress = [...this.egress, rule];
    this.described = undefined;
  }

  /** Adds leave for something to connect. */
  addIngress(rule: IngressRule): void {
    const input = new InputCheck(this.server.path);
    this.checkAddition(input, 'ingress', rule.origin.property);
    input.throwIfAny();
    this.ingress = [...this.ingress, rule];
    this.described = undefined;
  }

  /** All of it as plain data: the same object while nothing changed. */
  model(): ServerPermissions {
    const { path, namespace } = this.server;
    const profile = this.profile?._model(path, namespace);
    const fileSystem = this.files.model();
    const known = this.described;
    if (known === undefined || known.fileSystem !== fileSystem || this.describedProfile !== profile) {
      this.describedProfile = profile;
      this.described = {
        ...(profile?.builtin === undefined ? {} : { profile: profile.builtin }),
        kubernetes: [...(profile?.kubernetes ?? []), ...this.kubernetes.map(({ grant }) => grant)],
        ...(this.roles.length === 0 ? {} : { roles: this.roles }),
        // Said beside a profile that allows every connection, one still lets itself in where it ends.
        egress: [...(profile?.egress ?? []), ...(profile?.builtin === undefined ? this.addedEgress() : this.egress)],
        ingress: this.ingress,
        dns: profile?.builtin !== 'none',
        fileSystem,
        ...(profile === undefined || profile.problems.length === 0 ? {} : { problems: profile.problems }),
      };
    }
    return this.described!;
  }

  /** Whether its pods get a token of the Kubernetes API. */
  get mountsToken(): boolean {
    const { kubernetes, profile, roles = [] } = this.model();
    return kubernetes.length + roles.length > 0 || profile === 'full-access';
  }

  /** What the templates of its pods must have for it. */
  template(): Json {
    const { spec } = this.files.template();
    return this.mountsToken
      ? { spec: { ...spec, automountServiceAccountToken: true } }
      : spec === undefined
        ? {}
        : { spec };
  }

  /** What its resource says of all this. Calls are sorted: their order is nobody's. */
  value(): Pick<ServerValue, 'permissionProfile' | 'fileSystem'> {
    const { rendered } = this.server;
    const added = [
      ...this.kubernetes.map(({ said }): GrantValue => ({ kubeResources: said })),
      ...this.addedEgress().map((rule): GrantValue => ({ network: networkValue(rule) })),
    ].map(item => grantForResource(item, rendered));
    const byText = new Map(added.map(item => [JSON.stringify(item), item]));
    const items = [...byText].sort(([a], [b]) => compareText(a, b)).map(([, item]) => item);
    const base = this.profile?._value(rendered);
    const value =
      items.length === 0 ? base : { ...base, inline: { allow: [...(base?.inline?.allow ?? []), ...items] } };
    return {
      permissionProfile: value,
      fileSystem: this.files.value(),
    };
  }

  /** The ServiceAccount of its pods. */
  get account(): string {
    return this.server.account;
  }

  /** What is wrong with all of it together; `boundRoles` are those that the user bound to its account. */
  findings(boundRoles: readonly string[]): readonly Diagnostic[] {
    return [
      ...(this.profile?._model(this.server.path, this.server.namespace).problems ?? []),
      ...this.needFindings(),
      ...this.files.findings(),
      ...accountFindings(this.server, this.model(), this.mountsToken, boundRoles),
    ];
  }

  private needFindings(): Diagnostic[] {
    return this.profile?._builtin !== 'none'
      ? []
      : this.needs.map(({ origin: { path, property } }) =>
          findingOf(PACKAGE_WITHOUT_EGRESS, path, property, '(given)'),
        );
  }

  /** Connections beyond those of a builtin profile, which allows every one or, with `none`, refuses them. */
  private addedEgress(): readonly EgressRule[] {
    const builtin = this.profile?._builtin;
    return builtin !== undefined ? [] : [...this.egress, ...this.needs];
  }

  private checkHosted(input: InputCheck, property: string): void {
    input.report(PERMISSION_OF_REMOTE, property, '(given)', !this.server.hosted);
  }

  private checkAddition(input: InputCheck, kind: Kind, property: string): void {
    const { hosted, rendered } = this.server;
    if (!hosted) {
      return this.checkHosted(input, property);
    }
    if (kind === 'ingress') {
      input.report(PERMISSION_OF_OWN, property, '(given)', !rendered);
      return;
    }
    const builtin = this.profile?._builtin;
    input.report(PERMISSION_BESIDE_NONE, property, '(given)', builtin === 'none');
    input.report(
      KUBERNETES_BESIDE_NETWORK_ONLY,
      property,
      '(given)',
      kind === 'kubernetes' && builtin === 'network-only',
    );
    const alone =
      builtin === 'full-access' && kind === 'kubernetes'
        ? 'full-access'
        : this.profile?._inConfigMap === true
          ? 'of a ConfigMap'
          : undefined;
    input.report(
      PERMISSION_BESIDE_PROFILE,
      property,
      '(given)',
      !rendered && alone !== undefined ? { alone } : undefined,
    );
  }
}
