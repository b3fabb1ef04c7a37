import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { checkControllerRates } from './controller-rates';
import { exposedService } from './gateway-address';
import { McpGatewayOptions } from './gateway-options';
import { checkDiscovery } from './server-discovery';
import { noField } from '../api/upstream';
import { ExposedService } from '../backends/kubernetes/exposure';
import { objectLabels, selectorLabels } from '../backends/kubernetes/labels';
import { canonicalPattern } from '../model/hosts';
import { InputCheck } from '../model/input';
import { headerNameProblem, portProblem, wholeNumberProblem } from '../model/names';
import { checkPolicyOptions } from '../policy/level-policy';
import { checkSecretPlace, secretKeyOf } from '../synthesis/secrets';
import { cidrProblem } from '../values/cidr';
import { checkAutoscaling } from '../workload/autoscaling';
import { checkDisruptionBudget } from '../workload/disruption-budget';
import { checkAnnotations, checkLabels } from '../workload/labels';
import { checkPodOptions } from '../workload/pod-options';

function otlpProblem(endpoint: string): string | undefined {
  try {
    const url = new URL(endpoint);
    return ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
      ? undefined
      : 'is not an http or https URL without credentials';
  } catch {
    return 'is not a URL';
  }
}

/** Checks everything one gateway can know about itself. */
export function checkGateway(
  input: InputCheck,
  construct: IConstruct,
  name: string,
  namespace: string,
  options: McpGatewayOptions,
): void {
  const selector = selectorLabels('mcp-gateway', name);
  const storePassword = options.rateLimitService?.store?.password;
  checkLabels(input, 'labels', options.labels, objectLabels('mcp-gateway', name));
  checkAnnotations(input, 'annotations', options.annotations);
  checkPodOptions(input, options, selector);
  input.optional('replicas', options.replicas, value => wholeNumberProblem(value, 1), 'Give at least 1');
  checkAutoscaling(input, options.autoscaling, options.replicas);
  checkDisruptionBudget(input, options.disruptionBudget);
  input.optional('port', options.port, portProblem, 'Give the port the pods listen on');
  input.optional(
    'port',
    options.port,
    value => (value < 1024 ? 'is a port that only root may listen on' : undefined),
    'Use a port from 1024 on; the Service can still have port 80',
  );
  input.optional('sessionAffinityHeader', options.sessionAffinityHeader, headerNameProblem, 'Name one header');
  checkPolicyOptions(input, options, namespace);
  input.optional(
    'rateLimitService.replicas',
    options.rateLimitService?.replicas,
    value => wholeNumberProblem(value, 1),
    'Give at least 1',
  );
  input.optional(
    'rateLimitService.store.port',
    options.rateLimitService?.store?.port,
    portProblem,
    'Give the port of the store',
  );
  checkService(input, options);
  checkDiscovery(input, construct, namespace, options.discovery);
  checkHosts(input, options.allowedRemoteHosts);
  checkSecretPlace(input, 'sessionKey', options.sessionKey && secretKeyOf(options.sessionKey), namespace);
  checkSecretPlace(input, 'rateLimitService.store.password', storePassword && secretKeyOf(storePassword), namespace);
  checkExposures(input, construct, exposedService(name, namespace, options), options);
  checkObservability(input, options);
  checkHealth(input, options);
}

function checkExposures(
  input: InputCheck,
  construct: IConstruct,
  service: ExposedService,
  { exposures = [], tls }: McpGatewayOptions,
): void {
  const objects = exposures.map(exposure => `${exposure._model.kind} ${exposure._name(service.name)}`);
  exposures.forEach((exposure, i) => {
    exposure._check(construct, input, `exposures[${i}]`, service, tls !== undefined);
    input.check(
      `exposures[${i}].name`,
      exposure._name(service.name),
      objects.indexOf(objects[i]) === i ? undefined : `is the name of an earlier ${exposure._model.kind}`,
      'Give one of them another name',
    );
  });
}

function checkHosts(input: InputCheck, hosts: readonly string[] | undefined): void {
  const patterns = (hosts ?? []).map(canonicalPattern);
  hosts?.forEach((host, i) => {
    input.check(
      `allowedRemoteHosts[${i}]`,
      host,
      patterns[i] === undefined ? 'is not a host' : undefined,
      'Write a name such as mcp.example.com, *.example.com for all names below a domain, or an IP address, without scheme and port',
    );
    input.check(
      `allowedRemoteHosts[${i}]`,
      host,
      patterns[i] !== undefined && patterns.indexOf(patterns[i]) < i ? 'is there twice' : undefined,
      'Drop one',
    );
  });
}

function checkService(input: InputCheck, options: McpGatewayOptions): void {
  const service = options.service ?? {};
  input.optional('service.port', service.port, portProblem, 'Give the port of the Service');
  input.optional('service.nodePort', service.nodePort, portProblem, 'Give a port of the nodes, usually 30000 to 32767');
  input.check(
    'service.nodePort',
    service.nodePort,
    service.nodePort !== undefined && (service.type ?? kplus.ServiceType.CLUSTER_IP) === kplus.ServiceType.CLUSTER_IP
      ? 'means nothing for a ClusterIP Service'
      : undefined,
    'Drop it, or choose type NodePort or LoadBalancer',
  );
  input.check(
    'service.type',
    service.type,
    service.type === kplus.ServiceType.EXTERNAL_NAME ? 'would not lead to the gateway' : undefined,
    'Choose ClusterIP, NodePort or LoadBalancer',
  );
  service.loadBalancerSourceRanges?.forEach((range, i) => {
    input.check(`service.loadBalancerSourceRanges[${i}]`, range, cidrProblem(range), 'Write it as 203.0.113.0/24');
  });
  input.check(
    'service.loadBalancerSourceRanges',
    service.loadBalancerSourceRanges,
    service.loadBalancerSourceRanges !== undefined && service.type !== kplus.ServiceType.LOAD_BALANCER
      ? 'restricts a LoadBalancer Service only'
      : undefined,
    'Drop it, or choose type LoadBalancer',
  );
}

function checkObservability(input: InputCheck, options: McpGatewayOptions): void {
  const { accessLog, tracing } = options.observability ?? {};
  input.optional(
    'observability.tracing.endpoint',
    tracing?.endpoint,
    otlpProblem,
    'Write it as http://otel-collector.observability.svc:4317',
  );
  input.optional(
    'observability.tracing.sampling',
    tracing?.sampling,
    value => (value >= 0 && value <= 1 ? undefined : 'is not a share from 0 to 1'),
    'Give 0.1 for one request in ten',
  );
  const names = (accessLog ?? []).map(field => field._model.name);
  names.forEach((name, i) =>
    input.check(
      `observability.accessLog[${i}]`,
      name,
      names.indexOf(name) === i ? undefined : 'is the name of an earlier field',
      'Choose another name',
    ),
  );
}

function checkHealth(input: InputCheck, options: McpGatewayOptions): void {
  const { healthCheck } = options;
  input.optional(
    'healthCheck.healthyThreshold',
    healthCheck?.healthyThreshold,
    value => wholeNumberProblem(value, 1),
    'Give at least 1',
  );
  input.optional(
    'healthCheck.unhealthyThreshold',
    healthCheck?.unhealthyThreshold,
    value => wholeNumberProblem(value, 1),
    'Give at least 1',
  );
}

/** Options that have no field in the API's upstream schema, so a controller would never see them. */
export function checkGatewayControllerMode(input: InputCheck, options: McpGatewayOptions): void {
  const template = options.podTemplate;
  input.check(
    'podTemplate',
    template,
    template === undefined || template.spec?.containers?.length > 0
      ? undefined
      : 'has no containers, and the resource holds whole pod templates only',
    'Give the whole template, or use Reconciliation.RENDERED',
  );
  for (const property of [
    'resources',
    'podLabels',
    'podAnnotations',
    'nodeSelector',
    'tolerations',
    'imagePullSecrets',
    'terminationGracePeriod',
  ] as const) {
    input.check(
      property,
      options[property] && '(given)',
      options[property] === undefined ? undefined : 'is about pods that an operator makes',
      'Say it in podTemplate, or use Reconciliation.RENDERED',
    );
  }
  const given: Record<string, unknown> = {
    dataPlane: options.dataPlane?.name,
    autoscaling: options.autoscaling,
    disruptionBudget: options.disruptionBudget,
    antiAffinity: options.antiAffinity,
    spreadOver: options.spreadOver?.map(topology => topology.key),
    sessionKey: options.sessionKey?.key,
    sessionAffinityHeader: options.sessionAffinityHeader,
    tls: options.tls && '(given)',
    'service.nodePort': options.service?.nodePort,
    'service.loadBalancerSourceRanges': options.service?.loadBalancerSourceRanges,
    'observability.accessLog': options.observability?.accessLog?.map(field => field._model.name),
    'discovery.skipUnavailable': options.discovery?.skipUnavailable,
    authentication: options.authentication?.map(({ _method }) => _method.kind),
    allowedRemoteHosts: options.allowedRemoteHosts,
    'discovery.credentials': options.discovery?.credentials?.length,
    authorization: options.authorization?.length,
    authzConfig: options.authzConfig && '(given)',
    rateLimitService: options.rateLimitService && '(given)',
    routeConstraints: options.routeConstraints && '(given)',
  };
  for (const [property, value] of Object.entries(given)) {
    input.check(
      property,
      value,
      value === undefined ? undefined : noField('gateway'),
      'Drop it, or use Reconciliation.RENDERED',
    );
  }
  checkControllerRates(input, options.rateLimits ?? []);
  const first = options.exposures?.find(({ _model }) => _model.kind === 'Ingress');
  options.exposures?.forEach((exposure, i) => exposure._checkController(input, `exposures[${i}]`, exposure === first));
}
