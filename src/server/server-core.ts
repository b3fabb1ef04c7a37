import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { createHostedServer, HostedServer, resourceTemplate } from './hosted-server';
import { networkTemplate } from './network-template';
import { downloadRule, downloadWarnings } from './package-download';
import { checkPermissions } from './permission-checks';
import { checkProtection, credentialsFor, needsGuard, Protection } from './protection';
import { checkControllerMode, checkServer, controllerWarnings, longestSuffix, sourceWarnings } from './server-checks';
import { catalogueOf, endpointsOf, filterOf, isStateful, operationsOf, protocolOf } from './server-model';
import { McpServerOptions } from './server-options';
import { ServerGrants } from './server-permissions';
import { serverSpec } from './server-resource';
import { McpTransport } from './transport';
import { StdioProgram } from '../backends/interface/server-proxy';
import { objectLabels } from '../backends/kubernetes/labels';
import { SERVER_GUARD } from '../backends/server-proxies';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Reconciliation } from '../cluster/reconciliation';
import { InputCheck, InputError } from '../model/input';
import { Consent, Server, ServerKind } from '../model/server';
import { clusterScoped, detachedScope } from '../synthesis/api-objects';
import { carriedWarnings, withCarried } from '../synthesis/carried';
import { compiler } from '../synthesis/compiler';
import { DetachedObject, lostChanges } from '../synthesis/detached-objects';
import { kindAndPlace, reconcileObjects } from '../synthesis/materialize';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';
import { Json } from '../values/json';
import { podSecurityWarnings } from '../workload/pod-security';

/** What differs between the two kinds of server. */
export interface ServerIdentity {
  readonly kind: ServerKind;
  /** Namespace as the user gave it. */
  readonly namespace?: string;
  readonly consent?: Consent;
  /** Fields of the resource's spec that only this kind has. */
  readonly extraSpec?: Json;
  /** Findings of the construct itself, reported together with those made here. */
  readonly check?: (input: InputCheck) => void;
}

/** Everything a server construct is made of; the constructs only give it public names. */
export class ServerCore {
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly url: string;
  readonly resource: ApiObject;
  readonly hosted?: HostedServer;
  readonly grants: ServerGrants;

  constructor(construct: Construct, options: McpServerOptions, identity: ServerIdentity) {
    const source = options.source._config;
    const remote = source.kind === 'remote';
    const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
    const input = new InputCheck(construct.node.path);
    this.name = resolveName(construct, options.name, input, longestSuffix(options, source));
    // A remote ClusterMCPServer is in no namespace at all.
    this.namespace =
      remote && identity.kind === 'ClusterMCPServer'
        ? ''
        : resolveNamespace(
            construct,
            identity.namespace,
            input,
            identity.kind === 'ClusterMCPServer' ? 'workloadNamespace' : 'namespace',
          );
    checkServer(input, this.name, options, source);
    if (rendered) {
      checkProtection(input, options, source, this.namespace);
    } else {
      checkControllerMode(input, options, source);
      options.authzConfig?._check(input, this.namespace);
    }
    this.grants = new ServerGrants(
      {
        path: construct.node.path,
        name: this.name,
        namespace: this.namespace,
        hosted: !remote,
        rendered,
        templates: remote ? [] : [source.podTemplate ?? {}, options.podTemplate ?? {}],
      },
      options,
    );
    checkPermissions(input, this.grants, options, source);
    identity.check?.(input);
    input.throwIfAny();

    const profile = ClusterProfile.of(construct)._model;
    const replicas = options.replicas ?? 1;
    const rest = source.kind === 'remote' ? source.rest : undefined;
    const stateful = rest === undefined && (source.transport === McpTransport.STDIO || isStateful(options.sessions));
    const protection = new Protection(construct.node.path, options);
    const guarded = rendered && source.kind === 'hosted' && needsGuard(options, source);
    const podPort = remote ? undefined : guarded ? SERVER_GUARD.port : source.port;
    if (source.kind === 'hosted') {
      this.hosted = createHostedServer(rendered ? construct : detachedScope(construct), {
        name: this.name,
        namespace: this.namespace,
        source,
        options,
        stateful,
        replicas,
        podPort: podPort!,
        adapter: rendered,
        permissions: () => this.grants.template(),
        network: rendered ? networkTemplate(construct, options, source, profile) : undefined,
        guarded,
        protection:
          rendered && options.oidcConfig !== undefined ? program => protectionOf(construct, program) : undefined,
      });
    }
    this.grants.begin(options, this.hosted?.container);
    const download = rendered ? downloadRule(source, construct.node.path) : undefined;
    if (download !== undefined) {
      this.grants.addNeed(download);
    }
    const endpoints = endpointsOf(source, this, stateful, replicas, podPort);
    this.url = source.kind === 'remote' ? source.url : `http://${this.name}.${this.namespace}.svc:8080${source.path}`;

    const cluster = identity.kind === 'ClusterMCPServer';
    const labels = { ...options.labels, ...objectLabels('mcp-server', this.name) };
    this.resource = new ApiObject(construct, 'Resource', {
      apiVersion: 'ome.io/v1alpha1',
      kind: identity.kind,
      metadata: {
        name: this.name,
        namespace: cluster ? undefined : this.namespace,
        labels,
        annotations: options.annotations,
      },
      spec: Lazy.any({
        produce: () =>
          withCarried(
            {
              ...serverSpec(options, source, fixed, () => resourceTemplate(this.hosted!), rendered),
              ...this.grants.spec(),
              ...identity.extraSpec,
            },
            options,
          ),
      }),
    });
    if (cluster) {
      clusterScoped(this.resource);
    }
    construct.node.defaultChild = this.resource;

    const fixed: Server = {
      kind: identity.kind,
      name: this.name,
      namespace: cluster ? undefined : this.namespace,
      path: construct.node.path,
      labels: {},
      transport: source.transport,
      protocol: protocolOf(source.transport),
      sessions: stateful ? 'stateful' : 'stateless',
      endpoints,
      workloadNamespace: remote ? undefined : this.namespace,
      tools: rest === undefined ? catalogueOf(options) : operationsOf(rest),
      rest,
      toolsFilter: filterOf(options.toolsFilter),
      credentials: credentialsFor(options, source),
      podPort: rendered ? podPort : undefined,
      profile,
      guardedPort: guarded ? source.port : undefined,
      consent: identity.consent,
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
    const lost =
      rendered || this.hosted === undefined ? () => [] : lostChanges(construct.node.path, detachedObjects(this.hosted));
    Synthesis.of(construct).add(construct, {
      server: model,
      labels: options.labels,
      pods: rendered && this.hosted !== undefined ? () => this.hosted!.template.read() : undefined,
      warnings: [
        ...carriedWarnings(construct.node.path, options),
        ...sourceWarnings(construct.node.path, source),
        ...(rendered
          ? downloadWarnings(source, construct.node.path, options.permissionProfile, profile)
          : controllerWarnings(construct.node.path, options)),
      ],
      findings: () => [...(rendered ? protection.findings() : lost()), ...this.grants.findings()],
      prepare: rendered && !remote ? () => this.emitRoles(construct, labels) : undefined,
      advice: this.hosted && (() => podSecurityWarnings(construct.node.path, this.hosted!.template)),
    });
  }

  /** The objects that grant its rights on the Kubernetes API. */
  private emitRoles(construct: Construct, labels: Readonly<Record<string, string>>): void {
    const { kubernetes } = this.grants.model();
    reconcileObjects(
      construct,
      'Permissions',
      kubernetes.length === 0
        ? []
        : compiler().rbacObjects({ name: this.name, namespace: this.namespace, labels }, kubernetes),
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
