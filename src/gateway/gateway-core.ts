import { ApiObject, ApiObjectProps, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { checkControllerRates, controllerRatesSpec } from './controller-rates';
import { GatewayDataPlane } from './data-plane';
import { exposedService, gatewayUrl, servicePort } from './gateway-address';
import { checkGateway, checkGatewayControllerMode } from './gateway-checks';
import { GatewayHealthCheckOptions, McpGatewayOptions, OtlpProtocol } from './gateway-options';
import { gatewaySpec } from './gateway-resource';
import { createHostedGateway, HostedGateway } from './hosted-gateway';
import { OperatedTemplate } from './operated-template';
import { rateLimitServiceModel, routeConstraintsModel } from './policy-model';
import { monitorLabels, scrapeWarnings } from './scraping';
import { discoveryModel } from './server-discovery';
import { gatewayTraffic } from './traffic-policy';
import { circuitBreakerModel, trafficPolicyModel } from '../api/gateway-policy';
import { noField } from '../api/upstream';
import { objectLabels } from '../backends/kubernetes/labels';
import { ConnectOptions } from '../client/connect-options';
import { connectWorkload } from '../client/connection';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Reconciliation } from '../cluster/reconciliation';
import { DISCOVERY_PATH, Gateway, HealthCheck, publicUrlOf } from '../model/gateway';
import { canonicalPattern } from '../model/hosts';
import { InputCheck, InputError } from '../model/input';
import { IngressRule } from '../model/permissions';
import { gatewayKey, GatewayKind } from '../model/route';
import { IngressSource } from '../permissions/ingress-source';
import { AllowOptions } from '../policy/authorization';
import { isCurrent, levelPolicy, policySpec, PolicyState, policyState } from '../policy/level-policy';
import { Principal } from '../policy/principal';
import { checkRule, ruleOf } from '../policy/rules';
import { clusterScoped, detachedScope } from '../synthesis/api-objects';
import { carriedWarnings, withCarried } from '../synthesis/carried';
import { compiler } from '../synthesis/compiler';
import { resolveName, resolveNamespace } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';
import { compact, Json } from '../values/json';
import { formatDuration } from '../values/quantities';
import { podSecurityWarnings } from '../workload/pod-security';

/** Port that a gateway's pods listen on by default. */
const GATEWAY_PORT = 8080;

/** Types of Services that can be reached from outside the cluster. */
const EXPOSING_TYPES = [kplus.ServiceType.LOAD_BALANCER, kplus.ServiceType.NODE_PORT];

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
  policy: PolicyState;
  private ingress: readonly IngressRule[] = [];
  private known?: Gateway;
  private readonly rendered: boolean;
  private readonly path: string;
  private readonly servesTogether: boolean;

  constructor(
    construct: Construct,
    options: McpGatewayOptions,
    private readonly identity: GatewayIdentity,
  ) {
    const rendered = Reconciliation.of(construct) === Reconciliation.RENDERED;
    this.rendered = rendered;
    this.path = construct.node.path;
    this.servesTogether = options.discovery !== undefined;
    const cluster = identity.kind === 'ClusterMCPGateway';
    const input = new InputCheck(construct.node.path);
    this.name = resolveName(construct, options.name, input);
    this.namespace = resolveNamespace(
      construct,
      identity.namespace,
      input,
      cluster ? 'workloadNamespace' : 'namespace',
    );
    checkGateway(input, construct, this.name, this.namespace, options);
    const traffic = gatewayTraffic(input, options);
    if (!rendered) {
      checkGatewayControllerMode(input, options);
    }
    input.throwIfAny();

    const profile = ClusterProfile.of(construct)._model;
    const exposures = options.exposures ?? [];
    options.ingress?.forEach(source => this.allowIngress(source));
    this.ingress = [
      ...this.ingress,
      ...exposures.flatMap((exposure, i) => exposure._ingress(this.namespace, construct.node.path, `exposures[${i}]`)),
    ];
    this.publicUrl = publicUrlOf(exposures.map(({ _model }) => _model));
    const plane = options.dataPlane ?? GatewayDataPlane.agentgateway();
    this.url = gatewayUrl(this.name, this.namespace, servicePort(options).number, options.tls !== undefined);
    this.policy = policyState(options);
    const model = (): Gateway =>
      (this.described ??= {
        kind: identity.kind,
        name: this.name,
        namespace: cluster ? undefined : this.namespace,
        workloadNamespace: this.namespace,
        path: construct.node.path,
        plane: plane.name,
        port: options.port ?? GATEWAY_PORT,
        replicas: options.replicas ?? 1,
        exposed: EXPOSING_TYPES.includes(options.service?.type ?? kplus.ServiceType.CLUSTER_IP),
        exposures: exposures.map(({ _model }) => _model),
        tls: options.tls?._model(this.name, this.namespace),
        discovery: options.discovery && discoveryModel(options.discovery),
        allowedRemoteHosts: options.allowedRemoteHosts?.flatMap(host => canonicalPattern(host) ?? []),
        policy: levelPolicy('gateway', construct.node.path, this.policy),
        routeConstraints: options.routeConstraints && routeConstraintsModel(options.routeConstraints),
        rateLimitService: options.rateLimitService && rateLimitServiceModel(options.rateLimitService),
        traffic: trafficPolicyModel(construct.node.path, traffic),
        affinity: { header: options.sessionAffinityHeader?.toLowerCase() },
        circuitBreaker: traffic.policy.circuitBreaker && circuitBreakerModel(traffic.policy.circuitBreaker),
        healthCheck: options.healthCheck && healthCheckModel(options.healthCheck),
        ...observabilityModel(options),
        monitorLabels: monitorLabels(options, profile),
        ingress: this.ingress,
        profile,
        imported: !rendered,
      });
    const container = compiler().dataPlane(plane.name).container(model());
    input.check(
      'sessionKey',
      '(given)',
      options.sessionKey !== undefined && container.sessionKeyVariable === undefined
        ? `the data plane ${plane.name} has no key for sessions`
        : undefined,
      'Drop it, or choose a data plane that protects session ids',
    );
    input.throwIfAny();
    this.hosted = createHostedGateway(rendered ? construct : detachedScope(construct), {
      name: this.name,
      namespace: this.namespace,
      options,
      plane,
      container,
      port: model().port,
      profile,
      configuration: () => configurationOf(construct, model()),
      secrets: () =>
        rendered ? Synthesis.of(construct).compile().rendered.get(gatewayKey(model()))?.secrets : undefined,
    });
    const operatedTemplate = rendered
      ? undefined
      : new OperatedTemplate(construct.node.path, this.hosted, options.podTemplate);
    if (rendered) {
      for (const object of exposures.flatMap(exposure =>
        exposure._objects(exposedService(this.name, this.namespace, options)),
      )) {
        new ApiObject(construct, `${object.kind}-${object.metadata.name}`, object as ApiObjectProps);
      }
    }
    this.resource = new ApiObject(construct, 'Resource', {
      apiVersion: 'ome.io/v1alpha1',
      kind: identity.kind,
      metadata: {
        name: this.name,
        namespace: cluster ? undefined : this.namespace,
        labels: { ...options.labels, ...objectLabels('mcp-gateway', this.name) },
        annotations: options.annotations,
      },
      spec: Lazy.any({
        produce: () =>
          withCarried(
            this.spec(
              gatewaySpec(
                model(),
                options,
                traffic,
                plane,
                container,
                () => (rendered ? templateOf(this.hosted) : operatedTemplate?.template()),
                rendered,
              ),
            ),
            options,
          ),
      }),
    });
    if (cluster) {
      clusterScoped(this.resource);
    }
    construct.node.defaultChild = this.resource;
    Synthesis.of(construct).add(construct, {
      gateway: model,
      labels: options.labels,
      pods: rendered ? () => this.hosted.template.read() : undefined,
      warnings: [
        ...carriedWarnings(construct.node.path, options),
        ...(rendered ? scrapeWarnings(construct.node.path, options, profile) : []),
      ],
      findings: operatedTemplate && (() => operatedTemplate.findings()),
      advice: rendered ? () => podSecurityWarnings(construct.node.path, this.hosted.template) : undefined,
    });
  }

  /** A spec with what the gateway asks of its callers. */
  private spec(spec: Json): Json {
    if (this.rendered) {
      return { ...spec, ...policySpec(this.policy) };
    }
    const { rateLimits, ...others } = this.policy;
    const policy = compact({ ...spec.policy, rateLimit: controllerRatesSpec(rateLimits) });
    return { ...spec, ...compact({ policy }), ...policySpec({ ...others, rateLimits: [] }) };
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
    input.check(
      added.rules === undefined ? Object.keys(others)[0] : 'authorization',
      '(given)',
      unseen ? noField('gateway') : undefined,
      'Say it of each route, or use Reconciliation.RENDERED',
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
    input.check(
      'connect',
      workload.node.path,
      this.servesTogether ? undefined : 'the gateway serves no servers at /mcp',
      'Connect the workload to a route, or give the gateway a `discovery`',
    );
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
    input.check(
      property,
      '(given)',
      this.rendered ? undefined : noField('gateway'),
      'Drop it, or use Reconciliation.RENDERED',
    );
    input.throwIfAny();
    this.ingress = [...this.ingress, source._rule(this.namespace, { path: this.path, property })];
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

function healthCheckModel(healthCheck: GatewayHealthCheckOptions): HealthCheck {
  return {
    interval: formatDuration(healthCheck.interval?.toMilliseconds() ?? 30_000),
    timeout: formatDuration(healthCheck.timeout?.toMilliseconds() ?? 5_000),
    healthyThreshold: healthCheck.healthyThreshold ?? 2,
    unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
  };
}

function observabilityModel(
  options: McpGatewayOptions,
): Pick<Gateway, 'accessLog' | 'logLevel' | 'logFormat' | 'tracing'> {
  const { accessLog, logLevel, logFormat, tracing } = options.observability ?? {};
  return {
    accessLog: (accessLog ?? []).map(field => field._model),
    logLevel: logLevel ?? 'info',
    logFormat: logFormat ?? 'json',
    tracing:
      tracing === undefined
        ? undefined
        : {
            endpoint: tracing.endpoint,
            protocol: tracing.protocol ?? OtlpProtocol.GRPC,
            sampling: tracing.sampling ?? 0.1,
          },
  };
}
