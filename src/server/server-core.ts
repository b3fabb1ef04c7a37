import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { HostedServer, createHostedServer, resourceTemplate } from './hosted-server';
import { checkControllerMode, checkServer, longestSuffix } from './server-checks';
import { catalogueOf, endpointsOf, filterOf, isStateful, protocolOf } from './server-model';
import { McpServerOptions } from './server-options';
import { serverSpec } from './server-resource';
import { McpTransport } from './transport';
import { objectLabels } from '../backends/kubernetes/labels';
import { Json } from '../backends/kubernetes/pod-template';
import { Reconciliation } from '../cluster/reconciliation';
import { InputCheck } from '../model/input';
import { Consent, Server, ServerKind } from '../model/server';
import { clusterScoped, detachedScope } from '../synthesis/api-objects';
import { carriedWarnings, withCarried } from '../synthesis/carried';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';

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

  constructor(construct: Construct, options: McpServerOptions, identity: ServerIdentity) {
    const source = options.source._config;
    const remote = source.kind === 'remote';
    const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
    const input = new InputCheck(construct.node.path);
    this.name = resolveName(construct, options.name, input, longestSuffix(options, source));
    // A remote ClusterMCPServer is in no namespace at all.
    this.namespace = remote && identity.kind === 'ClusterMCPServer' ? '' : resolveNamespace(construct, identity.namespace, input, identity.kind === 'ClusterMCPServer' ? 'workloadNamespace' : 'namespace');
    checkServer(input, this.name, options, source);
    if (!rendered) {
      checkControllerMode(input, options, source);
    }
    identity.check?.(input);
    input.throwIfAny();

    const replicas = options.replicas ?? 1;
    const stateful = source.transport === McpTransport.STDIO || isStateful(options.sessions);
    if (source.kind === 'hosted') {
      this.hosted = createHostedServer(rendered ? construct : detachedScope(construct), {
        name: this.name, namespace: this.namespace, source, options, stateful, replicas, adapter: rendered,
      });
    }
    const endpoints = endpointsOf(source, this, stateful, replicas);
    this.url = source.kind === 'remote' ? source.url : `http://${this.name}.${this.namespace}.svc:8080${source.path}`;

    const cluster = identity.kind === 'ClusterMCPServer';
    this.resource = new ApiObject(construct, 'Resource', {
      apiVersion: 'ome.io/v1alpha1',
      kind: identity.kind,
      metadata: {
        name: this.name,
        namespace: cluster ? undefined : this.namespace,
        labels: { ...options.labels, ...objectLabels('mcp-server', this.name) },
        annotations: options.annotations,
      },
      spec: Lazy.any({
        produce: () => withCarried({ ...serverSpec(options, source, fixed, () => resourceTemplate(this.hosted!), rendered), ...identity.extraSpec }, options),
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
      tools: catalogueOf(options),
      toolsFilter: filterOf(options.toolsFilter),
      consent: identity.consent,
      imported: false,
    };
    const model = (withLabels: boolean): Server => withLabels ? { ...fixed, labels: this.resource.metadata.toJson().labels ?? {} } : fixed;
    Synthesis.of(construct).add(construct, { server: model, warnings: carriedWarnings(construct.node.path, options) });
  }
}
