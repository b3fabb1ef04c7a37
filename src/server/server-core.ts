import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { AllowedNamespaces } from './allowed-namespaces';
import { createHostedServer, HostedServer, resourceTemplate } from './hosted-server';
import { credentialsFor, needsGuard, Protection } from './protection';
import {
  checkControllerMode,
  checkOptionTypes,
  checkStatement,
  checkTools,
  controllerWarnings,
  longestSuffix,
  sourceWarnings,
} from './server-checks';
import { metricsWarnings, scrapeRule } from './server-metrics';
import { downloadRule, downloadWarnings, networkTemplate, sidecarFindings } from './server-network';
import { McpServerOptions } from './server-options';
import { ServerGrants } from './server-permissions';
import {
  endpointsOf,
  filterOf,
  isStateful,
  operationsOf,
  protocolOf,
  replicasOf,
  resourceValue,
  ServerStatement,
  serverStatement,
} from './server-statement';
import { McpTransport } from './source-config';
import { consentModel, consentValue } from '../api/allowed-namespaces';
import { serverJson } from '../api/mcp-server';
import { OPTION_WITHOUT_FIELD } from '../api/upstream';
import { StdioProgram } from '../backends/interface/data-plane';
import { objectLabels } from '../backends/kubernetes/labels';
import { SERVER_GUARD } from '../backends/server-proxies';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Reconciliation } from '../cluster/reconciliation';
import { Diagnostic, InputCheck, InputError } from '../model/findings';
import { Server, ServerKind } from '../model/server';
import { emptyList, isToolName, LIST_EMPTY, TOOL_NAME_INVALID } from '../model/validation';
import { compiler } from '../synthesis/compiler';
import {
  clusterScoped,
  DetachedObject,
  detachedScope,
  kindAndPlace,
  lostChanges,
  reconcileObjects,
} from '../synthesis/materialize';
import { unwritable } from '../synthesis/objects';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Stated } from '../synthesis/statement';
import { Synthesis } from '../synthesis/synthesis';
import { claimFindings } from '../workload/claims';
import { meshAdvice, podAdvice, programAdvice } from '../workload/pod-advice';
import { templateFindings } from '../workload/pod-check';
import { podSecurityWarnings } from '../workload/rendered-template';

/** Everything a server construct is made of; the constructs only give it public names. */
export class ServerCore {
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly url: string;
  readonly resource: ApiObject;
  readonly hosted?: HostedServer;
  readonly grants: ServerGrants;

  /** The statement is checked; `warnings` are of what is said of it and no operator sees. */
  constructor(construct: Construct, statement: ServerStatement, warnings: readonly Diagnostic[] = []) {
    const { kind, labels: said, pods, source, value } = statement;
    const { path } = construct.node;
    const remote = source.kind === 'remote';
    const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
    this.name = statement.name;
    this.namespace = statement.workloadNamespace;
    this.grants = new ServerGrants(path, rendered, statement);

    const profile = ClusterProfile.of(construct)._model;
    const replicas = replicasOf(value);
    const rest = source.kind === 'remote' ? source.rest : undefined;
    const stateful = rest === undefined && (source.transport === McpTransport.STDIO || isStateful(value.sessions));
    const protection = new Protection(path, statement);
    const guarded = rendered && source.kind === 'hosted' && needsGuard(statement, source);
    // Whether agentgateway is in its pods.
    const proxied = guarded || (source.kind === 'hosted' && source.transport === McpTransport.STDIO);
    const podPort = remote ? undefined : guarded ? SERVER_GUARD.port : source.port;
    if (source.kind === 'hosted') {
      this.hosted = createHostedServer(rendered ? construct : detachedScope(construct), {
        name: this.name,
        namespace: this.namespace,
        labels: said,
        source,
        pods,
        stateful,
        replicas,
        profile,
        podPort: podPort!,
        account: this.grants.account,
        adapter: rendered,
        permissions: () => this.grants.template(),
        network: rendered ? networkTemplate(construct, pods, source, proxied, profile) : undefined,
        guarded,
        protection:
          rendered && statement.oidcConfig !== undefined ? program => protectionOf(construct, program) : undefined,
      });
    }
    this.grants.begin(pods, this.hosted?.container);
    const download = rendered ? downloadRule(source, path) : undefined;
    if (download !== undefined) {
      this.grants.addNeed(download);
    }
    const scraped =
      rendered && pods.metrics !== undefined && !remote ? scrapeRule(path, pods.metrics, profile) : undefined;
    if (scraped !== undefined) {
      this.grants.addIngress(scraped);
    }
    const endpoints = endpointsOf(source, this, stateful, replicas, podPort);
    this.url =
      source.kind === 'remote'
        ? source.url
        : `${source.tls === undefined ? 'http' : 'https'}://${this.name}.${this.namespace}.svc:8080${source.path}`;

    const cluster = kind === 'ClusterMCPServer';
    const labels = { ...said, ...objectLabels('mcp-server', this.name) };
    this.resource = new ApiObject(construct, 'Resource', {
      apiVersion: 'ome.io/v1alpha1',
      kind,
      metadata: {
        name: this.name,
        namespace: statement.namespace,
        labels,
        annotations: statement.annotations,
      },
      spec: Lazy.any({
        produce: () => {
          const template = () => resourceTemplate(this.hosted!);
          return serverJson(
            { ...resourceValue(statement, fixed, template, rendered), ...this.grants.value() },
            rendered,
          );
        },
      }),
    });
    if (cluster) {
      clusterScoped(this.resource);
    }
    construct.node.defaultChild = this.resource;

    const fixed: Server = {
      kind,
      name: this.name,
      namespace: statement.namespace,
      path,
      labels: {},
      transport: source.transport,
      protocol: protocolOf(source.transport),
      sessions: stateful ? 'stateful' : 'stateless',
      endpoints,
      hostHeader: value.hostHeader,
      workloadNamespace: remote ? undefined : this.namespace,
      tools: rest === undefined ? value.tools : operationsOf(rest),
      rest,
      toolsFilter: filterOf(value.toolsFilter),
      credentials: credentialsFor(statement, source),
      podPort: rendered ? podPort : undefined,
      profile,
      guardedPort: guarded ? source.port : undefined,
      consent: cluster ? consentModel(value.allowedNamespaces ?? {}) : undefined,
      imported: false,
    };
    let described = fixed;
    // The same object while nothing changed: what callers are asked may stand in a ConfigMap that is still being filled.
    const current = (): Server => {
      const policy = rendered ? protection.policy() : undefined;
      const permissions = remote ? undefined : this.grants.model();
      if (described.policy !== policy || described.permissions !== permissions) {
        described = { ...fixed, policy, permissions };
      }
      return described;
    };
    const model = (withLabels: boolean): Server =>
      withLabels ? { ...current(), labels: this.resource.metadata.toJson().labels ?? {} } : current();
    // What cdk8s-plus made may hold what it cannot write, such as half a second between probes.
    const opaque = (['volumeMounts', 'readiness', 'liveness', 'startup'] as const).filter(
      option => pods[option] !== undefined,
    );
    const unwritablePods = (): Diagnostic[] =>
      this.hosted === undefined || opaque.length === 0
        ? []
        : unwritable(path, opaque.join(', '), '(given)', () => this.hosted!.template.read());
    if (!rendered && unwritablePods().length > 0) {
      throw new InputError(unwritablePods());
    }
    const lost = rendered || this.hosted === undefined ? () => [] : lostChanges(path, detachedObjects(this.hosted));
    Synthesis.of(construct).add(construct, {
      server: model,
      metadata: statement,
      said: { ...statement.value, source, ...pods, labels: said, annotations: statement.annotations },
      pods: rendered && this.hosted !== undefined ? () => this.hosted!.template.read() : undefined,
      warnings: [
        ...sourceWarnings(path, source),
        ...(rendered && source.kind === 'hosted' ? metricsWarnings(path, pods.metrics, source.port, profile) : []),
        ...(rendered ? downloadWarnings(source, path, statement.permissionProfile, profile) : warnings),
      ],
      findings: () => [
        ...unwritablePods(),
        ...(rendered ? protection.findings() : lost()),
        ...this.grants.findings(
          remote ? [] : Synthesis.of(construct).rolesBoundTo(this.namespace, this.grants.account),
        ),
        ...(this.hosted === undefined || source.kind === 'remote'
          ? []
          : [
              ...templateFindings(
                path,
                [source.podTemplate, pods.podTemplate],
                this.hosted.template,
                this.hosted.replicaVolumes,
              ),
              ...claimFindings(construct, {
                workload: (this.hosted.deployment ?? this.hosted.statefulSet)!,
                namespace: this.namespace,
                several: replicas > 1 || pods.autoscaling !== undefined,
                templates: [source.podTemplate, pods.podTemplate],
                template: this.hosted.template,
              }),
            ]),
        ...(rendered && source.kind === 'hosted' ? sidecarFindings(construct, pods, source, proxied) : []),
      ],
      prepare: rendered && !remote ? () => this.emitRoles(construct, labels) : undefined,
      advice:
        this.hosted &&
        (() => [
          ...podSecurityWarnings(path, this.hosted!.template),
          ...podAdvice(path, this.hosted!.template),
          ...meshAdvice(path, this.hosted!.template, profile),
          ...(rendered && source.kind !== 'remote' && source.transport === McpTransport.STDIO
            ? programAdvice(path, source.image, [...(source.command ?? []), ...(source.args ?? [])])
            : []),
        ]),
    });
  }

  /** The objects that grant its rights on the Kubernetes API. */
  private emitRoles(construct: Construct, labels: Readonly<Record<string, string>>): void {
    const { kubernetes, roles = [] } = this.grants.model();
    reconcileObjects(
      construct,
      'Permissions',
      kubernetes.length + roles.length === 0
        ? []
        : compiler().rbacObjects(
            { name: this.name, account: this.grants.account, namespace: this.namespace, labels },
            kubernetes,
            roles,
          ),
      kindAndPlace,
    );
  }
}

/** Objects of a hosted server that are not emitted in controller mode, by their members. */
function detachedObjects({ deployment, statefulSet, service, serviceAccount }: HostedServer): DetachedObject[] {
  return Object.entries({ deployment, statefulSet, service, serviceAccount }).flatMap(([member, object]) =>
    object === undefined ? [] : [{ member, object: ApiObject.of(object) }],
  );
}

/** Configuration of what protects a server. */
function protectionOf(construct: Construct, program?: StdioProgram): string {
  const synthesis = Synthesis.of(construct);
  const plan = synthesis.compile().guards.get(construct.node.path);
  const errors = synthesis.errors();
  if (plan === undefined || errors.length > 0) {
    // Synthesis validates first and so never comes here; rendering one object by hand may.
    throw new InputError(errors);
  }
  return program === undefined ? compiler().renderGuard(plan) : compiler().renderStdioGuard(plan, program);
}

/** What the two kinds of servers say each in its own way. */
interface OwnOptions {
  readonly kind: ServerKind;
  /** Namespace of its pods, as code gives it. */
  readonly namespace?: string;
  readonly allowedNamespaces?: AllowedNamespaces;
}

/**
 * Makes a server of its options, or of what a document states.
 *
 * @throws when options are wrong: what a document states is checked when it is read
 */
export function statedServer(construct: Construct, options: McpServerOptions, own: OwnOptions): ServerCore {
  if (options instanceof Stated) {
    return new ServerCore(construct, options.statement as ServerStatement);
  }
  const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
  const input = new InputCheck(construct.node.path);
  checkOptionTypes(input, options);
  input.throwIfAny();
  const statement = statementOf(input, construct, options, own);
  options.tools && checkTools(input, options.tools);
  input.report(LIST_EMPTY, 'toolsFilter', options.toolsFilter, emptyList(options.toolsFilter, 'tool', 'to expose all'));
  for (const tool of Object.keys(options.toolDescriptions ?? {})) {
    input.report(TOOL_NAME_INVALID, `toolDescriptions[${tool}]`, tool, !isToolName(tool));
  }
  checkStatement(input, construct.node.path, rendered, statement, { ...options });
  if (!rendered) {
    checkControllerMode(input, options);
    checkOwn(input, own);
  }
  input.throwIfAny();
  return new ServerCore(construct, statement, rendered ? [] : controllerWarnings(construct.node.path, options));
}

function statementOf(
  input: InputCheck,
  construct: Construct,
  options: McpServerOptions,
  { kind, namespace, allowedNamespaces }: OwnOptions,
): ServerStatement {
  const { _config: source } = options.source;
  const cluster = kind === 'ClusterMCPServer';
  const name = resolveName(construct, options.name, input, longestSuffix(options, source));
  // A remote ClusterMCPServer is in no namespace at all.
  const workloadNamespace =
    cluster && source.kind === 'remote'
      ? ''
      : resolveNamespace(construct, namespace, input, cluster ? 'workloadNamespace' : 'namespace');
  return serverStatement(
    { kind, name, workloadNamespace },
    options,
    cluster
      ? {
          workloadNamespace: namespace,
          allowedNamespaces: allowedNamespaces && consentValue(allowedNamespaces._consent),
        }
      : {},
  );
}

/** What only a ClusterMcpServer has, and an operator never sees. */
function checkOwn(input: InputCheck, { kind, namespace, allowedNamespaces }: OwnOptions): void {
  const unseen = (property: string, value: unknown, isThere: boolean, instead: string): void =>
    input.report(OPTION_WITHOUT_FIELD, property, value, isThere ? { kind: 'ClusterMCPServer', instead } : undefined);
  unseen('workloadNamespace', namespace, kind === 'ClusterMCPServer' && namespace !== undefined, 'Drop it');
  unseen(
    'allowedNamespaces',
    allowedNamespaces?._toJson(),
    allowedNamespaces !== undefined && !allowedNamespaces._consent.all,
    'Allow all',
  );
}
