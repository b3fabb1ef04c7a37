import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { planeOf } from './data-plane';
import { exposureModel, exposureObjects, exposureRules } from './exposure';
import { checkGateway, checkOperatedGateway, checkSessionKey } from './gateway-checks';
import { containerOf, gatewayModel, isRead, scrapeWarnings, WatchedGateway } from './gateway-model';
import { McpGatewayOptions } from './gateway-options';
import { checkControllerRates, resourceSpec } from './gateway-resource';
import { createHostedGateway, HostedGateway, OperatedTemplate } from './hosted-gateway';
import { exposedService, gatewayUrl, servicePort } from './imported-gateway';
import { GatewayPlace, GatewayStatement, statementOf } from './statement';
import { noField } from '../api/upstream';
import { objectLabels } from '../backends/kubernetes/labels';
import { ConnectOptions, connectWorkload } from '../client/connection';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Reconciliation } from '../cluster/reconciliation';
import { errorKind, InputCheck, InputError } from '../model/findings';
import { DISCOVERY_PATH, Gateway, publicUrlOf } from '../model/gateway';
import { pulledFrom } from '../model/images';
import { EgressRule, IngressRule } from '../model/permissions';
import { GatewayKind, gatewayKey } from '../model/route';
import { EgressTarget } from '../permissions/egress-target';
import { IngressSource } from '../permissions/ingress-source';
import { allowedRule, AllowOptions, checkConditions } from '../policy/authorization';
import { PolicyState, checkRules, isCurrent, levelPolicy, policyWarnings } from '../policy/level-policy';
import { Principal } from '../policy/principal';
import { compiler } from '../synthesis/compiler';
import { clusterScoped, detachedScope } from '../synthesis/materialize';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Stated } from '../synthesis/statement';
import { Synthesis } from '../synthesis/synthesis';
import { compact, Json } from '../values/json';
import { claimFindings } from '../workload/claims';
import { meshAdvice, podAdvice } from '../workload/pod-advice';
import { templateFindings } from '../workload/pod-check';
import { podSecurityWarnings } from '../workload/rendered-template';

const GATEWAY_POLICY_OF_OWN = errorKind(
  'gateway-policy-of-own',
  noField('gateway'),
  'Say it of each route, or use Reconciliation.RENDERED',
);
const GATEWAY_WITHOUT_DISCOVERY = errorKind(
  'gateway-without-discovery',
  'the gateway serves no servers at /mcp',
  'Connect the workload to a route, or give the gateway a `discovery`',
);
const GATEWAY_CALL_OF_OWN = errorKind(
  'gateway-call-of-own',
  noField('gateway'),
  'Drop it, or use Reconciliation.RENDERED',
);

/** What differs between the two kinds of gateway. */
export interface GatewayIdentity {
  readonly kind: GatewayKind;
  readonly namespace?: string;
}

/** Everything a gateway construct is made of; the constructs only give it public names. */
export class GatewayCore {
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly url: string;
  /** Scheme and host by which it is reached from outside the cluster. */
  readonly publicUrl?: string;
  readonly resource: ApiObject;
  readonly hosted: HostedGateway;
  /** What monitoring asks of it. */
  readonly watched: WatchedGateway;
  policy: PolicyState;
  private ingress: readonly IngressRule[] = [];
  private egress: readonly EgressRule[] = [];
  private known?: Gateway;
  private readonly rendered: boolean;
  private readonly path: string;
  private readonly servesTogether: boolean;

  constructor(
    construct: Construct,
    options: McpGatewayOptions,
    private readonly identity: GatewayIdentity,
  ) {
    const stated: GatewayStatement | undefined = options instanceof Stated ? options.statement : undefined;
    const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
    this.rendered = rendered;
    this.path = construct.node.path;
    const { kind } = identity;
    const cluster = kind === 'ClusterMCPGateway';
    const input = new InputCheck(construct.node.path);
    this.name = stated?.name ?? resolveName(construct, options.name, input);
    this.namespace =
      stated?.namespace ??
      resolveNamespace(construct, identity.namespace, input, cluster ? 'workloadNamespace' : 'namespace');
    const statement = stated ?? statementOf(input, construct, this, options);
    const profile = ClusterProfile.of(construct)._model;
    const place: GatewayPlace = { kind, name: this.name, namespace: this.namespace, profile };
    checkGateway(input, statement, place);
    if (!rendered && stated === undefined) {
      checkOperatedGateway(input, options);
    }
    input.throwIfAny();

    const { code, exposures, value: spec } = statement;
    this.servesTogether = statement.discovery !== undefined;
    code.ingress?.forEach(source => this.allowIngress(source));
    code.egress?.forEach(target => this.allowEgress(target));
    this.ingress = [
      ...this.ingress,
      ...exposures.flatMap((exposure, i) =>
        exposureRules(exposure, this.namespace, construct.node.path, `exposures[${i}]`),
      ),
    ];
    this.publicUrl = publicUrlOf(exposures.map(exposureModel));
    this.url = gatewayUrl(this.name, this.namespace, servicePort(spec).number, spec.tls !== undefined);
    this.policy = statement.policy;
    const said = gatewayModel(statement, place, construct.node.path, rendered);
    const model = (): Gateway =>
      (this.described ??= {
        ...said,
        policy: levelPolicy('gateway', construct.node.path, this.policy),
        ingress: this.ingress,
        egress: this.egress,
      });
    this.watched = {
      name: this.name,
      namespace: this.namespace,
      plane: said.plane,
      rendered,
      read: isRead(spec, profile),
    };
    const container = containerOf(said);
    checkSessionKey(input, statement, said.plane, container);
    input.throwIfAny();
    const asked = planeOf(spec.dataPlane, profile);
    const plane = { ...asked, image: pulledFrom(asked.image, profile.registry) };
    this.hosted = createHostedGateway(rendered ? construct : detachedScope(construct), {
      name: this.name,
      namespace: this.namespace,
      statement,
      image: plane.image,
      container,
      port: said.port,
      profile,
      configuration: () => configurationOf(construct, model()),
      compiled: () => (rendered ? Synthesis.of(construct).compile().rendered.get(gatewayKey(model())) : undefined),
      keepsAddresses: () => said.exposed && rendered && keepsAddresses(construct, model()),
    });
    const operatedTemplate = rendered
      ? undefined
      : new OperatedTemplate(construct.node.path, this.hosted, spec.podTemplate);
    if (rendered) {
      const service = exposedService(this, spec, statement.labels);
      for (const object of exposures.flatMap(exposure => exposureObjects(exposure, service))) {
        new ApiObject(construct, `${object.kind}-${object.metadata.name}`, object as ApiObjectProps);
      }
    }
    this.resource = new ApiObject(construct, 'Resource', {
      apiVersion: 'ome.io/v1alpha1',
      kind,
      metadata: {
        name: this.name,
        namespace: cluster ? undefined : this.namespace,
        labels: { ...statement.labels, ...objectLabels('mcp-gateway', this.name) },
        annotations: statement.annotations,
      },
      spec: Lazy.any({
        produce: () =>
          resourceSpec(
            statement,
            model(),
            this.policy,
            rendered ? templateOf(this.hosted) : operatedTemplate?.template(),
            rendered ? { plane, container } : undefined,
          ),
      }),
    });
    if (cluster) {
      clusterScoped(this.resource);
    }
    construct.node.defaultChild = this.resource;
    Synthesis.of(construct).add(construct, {
      gateway: model,
      metadata: statement,
      said: statement,
      pods: rendered ? () => this.hosted.template.read() : undefined,
      warnings: [
        ...policyWarnings(construct.node.path, this.policy),
        ...(rendered ? scrapeWarnings(construct.node.path, spec, profile) : []),
      ],
      findings: () => [
        ...(operatedTemplate?.findings() ?? []),
        ...templateFindings(construct.node.path, [spec.podTemplate], this.hosted.template),
        ...claimFindings(construct, {
          workload: this.hosted.deployment,
          namespace: this.namespace,
          several: (spec.replicas ?? 1) > 1 || code.autoscaling !== undefined,
          templates: [spec.podTemplate],
          template: this.hosted.template,
        }),
      ],
      advice: rendered
        ? () => [
            ...podSecurityWarnings(construct.node.path, this.hosted.template),
            ...podAdvice(construct.node.path, this.hosted.template),
            ...meshAdvice(construct.node.path, this.hosted.template, profile),
          ]
        : undefined,
    });
  }

  /** The gateway as it was described last, as long as it still says the same. */
  private get described(): Gateway | undefined {
    return isCurrent(this.known?.policy, this.policy) ? this.known : undefined;
  }

  private set described(gateway: Gateway | undefined) {
    this.known = gateway;
  }

  /** The ConfigMap of the rendered gateway. */
  get config(): ApiObject | undefined {
    return this.rendered ? this.hosted.config : undefined;
  }

  /** Where the pods of the rendered gateway read the key that protects session ids. */
  get sessionKey(): kplus.SecretValue | undefined {
    return this.rendered ? this.hosted.sessionKey : undefined;
  }

  /** Adds to what the gateway asks of its callers. */
  extendPolicy(added: Partial<PolicyState>): void {
    const input = new InputCheck(this.path);
    const { rateLimits, ...others } = added;
    const unseen = !this.rendered && Object.keys(others).length > 0;
    input.report(
      GATEWAY_POLICY_OF_OWN,
      added.rules === undefined ? Object.keys(others)[0] : 'authorization',
      '(given)',
      unseen,
    );
    if (!this.rendered) {
      checkControllerRates(input, rateLimits ?? []);
    }
    input.throwIfAny();
    this.policy = { ...this.policy, ...added };
    this.described = undefined;
  }

  /** Connects a workload to what is served at `/mcp`. */
  connect(construct: Construct, workload: IConstruct, connectOptions: ConnectOptions): void {
    const input = new InputCheck(construct.node.path);
    input.report(GATEWAY_WITHOUT_DISCOVERY, 'connect', workload.node.path, !this.servesTogether);
    input.throwIfAny();
    const gateway = {
      kind: this.identity.kind,
      name: this.name,
      namespace: this.identity.kind === 'ClusterMCPGateway' ? undefined : this.namespace,
    };
    connectWorkload(
      construct,
      workload,
      { name: this.name, target: { kind: 'gateway', gateway }, url: () => `${this.url}${DISCOVERY_PATH}` },
      connectOptions,
    );
  }

  /** Lets something connect. */
  allowIngress(source: IngressSource): void {
    const property = `ingress[${this.ingress.length}]`;
    const input = new InputCheck(this.path);
    input.report(GATEWAY_CALL_OF_OWN, property, '(given)', !this.rendered);
    input.throwIfAny();
    this.ingress = [...this.ingress, source._rule(this.namespace, { path: this.path, property })];
    this.described = undefined;
  }

  /** Lets the gateway connect to something. */
  allowEgress(target: EgressTarget): void {
    const property = `egress[${this.egress.length}]`;
    const input = new InputCheck(this.path);
    input.report(GATEWAY_CALL_OF_OWN, property, '(given)', !this.rendered);
    input.throwIfAny();
    this.egress = [...this.egress, target._rule(this.namespace, { path: this.path, property })];
    this.described = undefined;
  }

  /** Adds a rule. */
  allow(construct: Construct, principal: Principal, options: AllowOptions): void {
    const rules = [...this.policy.rules, allowedRule(principal, options)];
    const input = new InputCheck(construct.node.path);
    checkRules(input, rules);
    checkConditions(input, `authorization[${rules.length - 1}].conditions`, options.when);
    input.throwIfAny();
    this.extendPolicy({ rules });
  }
}

function templateOf(hosted: HostedGateway): Json {
  const { metadata, spec } = hosted.template.read();
  return { metadata: compact({ labels: metadata?.labels, annotations: metadata?.annotations }), spec };
}

function keepsAddresses(construct: Construct, gateway: Gateway): boolean {
  const plan = Synthesis.of(construct)
    .compile()
    .plans.find(found => found.gateway.path === gateway.path);
  return plan !== undefined && compiler().keepsAddresses(plan);
}

function configurationOf(construct: Construct, gateway: Gateway): Readonly<Record<string, string>> {
  const outcome = Synthesis.of(construct).compile();
  const rendered = outcome.rendered.get(gatewayKey(gateway));
  if (rendered === undefined) {
    // Synthesis validates first and so never comes here; rendering one object by hand may.
    throw new InputError(outcome.diagnostics.filter(diagnostic => diagnostic.severity === 'error'));
  }
  return rendered.files;
}
