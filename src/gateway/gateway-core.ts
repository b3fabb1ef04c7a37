import { ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { GatewayDataPlane } from './data-plane';
import { checkGateway, checkGatewayControllerMode } from './gateway-checks';
import { McpGatewayOptions, OtlpProtocol } from './gateway-options';
import { gatewaySpec } from './gateway-resource';
import { HostedGateway, createHostedGateway } from './hosted-gateway';
import { rateLimitServiceModel, routeConstraintsModel } from './policy-model';
import { discoveryModel } from './server-discovery';
import { objectLabels } from '../backends/kubernetes/labels';
import { Json } from '../backends/kubernetes/pod-template';
import { Reconciliation } from '../cluster/reconciliation';
import { formatDuration } from '../model/duration';
import { Gateway } from '../model/gateway';
import { InputCheck, InputError } from '../model/input';
import { GatewayKind, gatewayKey } from '../model/route';
import { AllowOptions } from '../policy/authorization';
import { PolicyState, levelPolicy, policySpec, policyState } from '../policy/level-policy';
import { Principal } from '../policy/principal';
import { checkRule, ruleOf } from '../policy/rules';
import { clusterScoped, detachedScope, compact } from '../synthesis/api-objects';
import { carriedWarnings, withCarried } from '../synthesis/carried';
import { compiler } from '../synthesis/compiler';
import { reconcileObjects } from '../synthesis/materialize';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';

/** Port that a gateway's pods listen on by default. */
const GATEWAY_PORT = 8080;

/** What differs between the two kinds of gateway. */
export interface GatewayIdentity {
  readonly kind: GatewayKind;
  readonly namespace?: string;
}

/** URL of a gateway's Service (OEP-0005, "Request Flow"). */
export function gatewayUrl(name: string, namespace: string, port: number): string {
  return `http://${name}.${namespace}${port === 80 ? '' : `:${port}`}`;
}

/** Everything a gateway construct is made of; the constructs only give it public names. */
export class GatewayCore {
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  readonly url: string;
  readonly resource: ApiObject;
  readonly hosted: HostedGateway;
  policy: PolicyState;
  private described?: Gateway;
  private readonly rendered: boolean;
  private readonly path: string;

  constructor(construct: Construct, options: McpGatewayOptions, identity: GatewayIdentity) {
    const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
    this.rendered = rendered;
    this.path = construct.node.path;
    const cluster = identity.kind === 'ClusterMCPGateway';
    const input = new InputCheck(construct.node.path);
    this.name = resolveName(construct, options.name, input);
    this.namespace = resolveNamespace(construct, identity.namespace, input, cluster ? 'workloadNamespace' : 'namespace');
    checkGateway(input, this.name, options);
    if (!rendered) {
      checkGatewayControllerMode(input, options);
    }
    input.throwIfAny();

    const plane = options.dataPlane ?? GatewayDataPlane.agentgateway();
    this.url = gatewayUrl(this.name, this.namespace, options.service?.port ?? 80);
    this.policy = policyState(options);
    const model = (): Gateway => this.described ??= {
      kind: identity.kind,
      name: this.name,
      namespace: cluster ? undefined : this.namespace,
      workloadNamespace: this.namespace,
      path: construct.node.path,
      plane: plane.name,
      port: options.port ?? GATEWAY_PORT,
      replicas: options.replicas ?? 1,
      discovery: options.discovery && discoveryModel(options.discovery),
      policy: levelPolicy('gateway', construct.node.path, this.policy),
      routeConstraints: options.routeConstraints && routeConstraintsModel(options.routeConstraints),
      rateLimitService: options.rateLimitService && rateLimitServiceModel(options.rateLimitService),
      affinity: { header: options.sessionAffinityHeader?.toLowerCase() },
      ...healthModel(options),
      ...observabilityModel(options),
      imported: !rendered,
    };
    const container = compiler().dataPlane(plane.name).container(model());
    this.hosted = createHostedGateway(rendered ? construct : detachedScope(construct), {
      name: this.name,
      namespace: this.namespace,
      options,
      plane,
      container,
      port: model().port,
      configuration: () => configurationOf(construct, model()),
      secrets: () => Synthesis.of(construct).compile().rendered.get(gatewayKey(model()))?.secrets,
    });
    this.resource = new ApiObject(construct, 'Resource', {
      apiVersion: 'ome.io/v1alpha1',
      kind: identity.kind,
      metadata: {
        name: this.name,
        namespace: cluster ? undefined : this.namespace,
        labels: { ...options.labels, ...objectLabels('mcp-gateway', this.name) },
        annotations: options.annotations,
      },
      spec: Lazy.any({ produce: () => withCarried({ ...gatewaySpec(model(), options, plane, container, () => rendered ? templateOf(this.hosted) : options.podTemplate, rendered), ...policySpec(this.policy) }, options) }),
    });
    if (cluster) {
      clusterScoped(this.resource);
    }
    construct.node.defaultChild = this.resource;
    Synthesis.of(construct).add(construct, {
      gateway: model,
      warnings: carriedWarnings(construct.node.path, options),
      materialize: rendered ? plan => reconcileObjects(construct, 'RateLimit', compiler().rateLimitObjects(plan)) : undefined,
    });
  }

  /** An object of the rendered gateway. In controller mode there is none, and what was done to it would reach nothing. */
  emitted<K extends 'deployment' | 'service' | 'serviceAccount' | 'config' | 'sessionKey'>(member: K): HostedGateway[K] {
    if (!this.rendered) {
      throw new Error(`[${this.path}] ${member}: got nothing: in controller mode an operator makes the gateway's objects. Use podTemplate to shape its pods, or Reconciliation.RENDERED.`);
    }
    return this.hosted[member];
  }

  /** Adds to what the gateway asks of its callers. */
  extendPolicy(added: Partial<PolicyState>): void {
    const input = new InputCheck(this.path);
    input.check(added.rules === undefined ? Object.keys(added)[0] : 'authorization', '(given)', this.rendered ? undefined : 'has no field in the gateway resource, so an operator would never see it',
      'Say it of each route, or use Reconciliation.RENDERED');
    input.throwIfAny();
    this.policy = { ...this.policy, ...added };
    this.described = undefined;
  }

  /** Adds a rule. */
  allow(construct: Construct, principal: Principal, options: AllowOptions): void {
    const rule = ruleOf(principal, options);
    const input = new InputCheck(construct.node.path);
    checkRule(input, `authorization[${this.policy.rules.length}]`, rule);
    input.throwIfAny();
    this.extendPolicy({ rules: [...this.policy.rules, rule] });
  }
}

function templateOf(hosted: HostedGateway): Json {
  const { metadata, spec } = hosted.template.read();
  return { metadata: compact({ labels: metadata?.labels, annotations: metadata?.annotations }), spec };
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

function healthModel(options: McpGatewayOptions): Pick<Gateway, 'healthCheck' | 'circuitBreaker'> {
  const { healthCheck, circuitBreaker } = options;
  return {
    healthCheck: healthCheck === undefined ? undefined : {
      interval: formatDuration(healthCheck.interval?.toMilliseconds() ?? 30_000),
      timeout: formatDuration(healthCheck.timeout?.toMilliseconds() ?? 5_000),
      healthyThreshold: healthCheck.healthyThreshold ?? 2,
      unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
    },
    circuitBreaker: circuitBreaker === undefined ? undefined : {
      consecutiveFailures: circuitBreaker.consecutiveFailures ?? 5,
      ejection: formatDuration(circuitBreaker.ejection?.toMilliseconds() ?? 30_000),
    },
  };
}

function observabilityModel(options: McpGatewayOptions): Pick<Gateway, 'accessLog' | 'logLevel' | 'logFormat' | 'tracing'> {
  const { accessLog, logLevel, logFormat, tracing } = options.observability ?? {};
  return {
    accessLog: (accessLog ?? []).map(field => field._model),
    logLevel: logLevel ?? 'info',
    logFormat: logFormat ?? 'json',
    tracing: tracing === undefined ? undefined : { endpoint: tracing.endpoint, protocol: tracing.protocol ?? OtlpProtocol.GRPC, sampling: tracing.sampling ?? 0.1 },
  };
}
