import * as kplus from 'cdk8s-plus-28';
import { checkExposures, checkOperatedExposures } from './exposure';
import { McpGatewayOptions } from './gateway-options';
import { checkControllerRates } from './gateway-resource';
import { exposedService } from './imported-gateway';
import { checkDiscovery } from './server-discovery';
import { checkAuditLog, GatewayPlace, GatewayStatement } from './statement';
import { gatewaySpec } from '../api/mcp-gateway';
import { placeIn } from '../api/place';
import { noField } from '../api/upstream';
import { PlaneContainer } from '../backends/interface/data-plane';
import { INJECT_LABEL, objectLabels, selectorLabels } from '../backends/kubernetes/labels';
import { because, errorKind, InputCheck } from '../model/findings';
import {
  HEADER_NAME_INVALID,
  isHeaderName,
  isPort,
  notWhole,
  PORT_INVALID,
  WHOLE_NUMBER_INVALID,
} from '../model/validation';
import { checkPolicyState } from '../policy/level-policy';
import { checkSecretPlace, secretKeyOf } from '../synthesis/config-and-secrets';
import { cidrProblem } from '../values/cidr';
import { checkAnnotations, checkLabels } from '../workload/metadata';
import { checkPodOptions, checkSizes } from '../workload/pod-options';
import { checkAutoscaling, checkDisruptionBudget } from '../workload/replicas';

const SESSION_KEY_UNUSED = errorKind(
  'session-key-unused',
  'the data plane {plane} has no key for sessions',
  'Drop it, or choose a data plane that protects session ids',
);
const STORE_RESOURCES_UNUSED = errorKind(
  'store-resources-unused',
  'is about the store beside the service, and counts are kept in another (`store`)',
  'Drop one of them',
);
const GATEWAY_SIDECAR = errorKind(
  'gateway-sidecar',
  'asks for a sidecar of Istio, behind which every caller would have its address',
  'Drop the label: gateways are outside the mesh, and servers let them in',
);
const NODE_PORT_UNUSED = errorKind(
  'node-port-unused',
  'means nothing for a ClusterIP Service',
  'Drop it, or choose type NodePort or LoadBalancer',
);
const LOAD_BALANCER_RANGE_INVALID = errorKind('load-balancer-range-invalid', '{problem}', 'Write it as 203.0.113.0/24');
const LOAD_BALANCER_RANGES_UNUSED = errorKind(
  'load-balancer-ranges-unused',
  'restricts a LoadBalancer Service only',
  'Drop it, or choose type LoadBalancer',
);
const EXTERNAL_TRAFFIC_UNUSED = errorKind(
  'external-traffic-unused',
  'means nothing for a ClusterIP Service, which nothing from outside comes to',
  'Drop it, or choose type NodePort or LoadBalancer',
);
const LOG_FIELD_TWICE = errorKind('log-field-twice', 'is the name of an earlier field', 'Choose another name');
const POD_TEMPLATE_WITHOUT_CONTAINERS = errorKind(
  'pod-template-without-containers',
  'has no containers, and the resource holds whole pod templates only',
  'Give the whole template, or use Reconciliation.RENDERED',
);
const GATEWAY_OPTION_OF_PODS = errorKind(
  'gateway-option-of-pods',
  'is about pods that an operator makes',
  'Say it in podTemplate, or use Reconciliation.RENDERED',
);
const GATEWAY_OPTION_OF_OWN = errorKind(
  'gateway-option-of-own',
  noField('gateway'),
  'Drop it, or use Reconciliation.RENDERED',
);

/** Checks everything a statement can know about itself and its place. */
export function checkGateway(input: InputCheck, statement: GatewayStatement, place: GatewayPlace): void {
  const { code, exposures, value: spec } = statement;
  const { name, namespace, profile } = place;
  checkLabels(input, 'labels', statement.labels, objectLabels('mcp-gateway', name));
  checkAnnotations(input, 'annotations', statement.annotations);
  checkPodOptions(input, { ...code, podTemplate: spec.podTemplate }, selectorLabels('mcp-gateway', name));
  const sidecar = spec.podTemplate?.metadata?.labels?.[INJECT_LABEL] ?? code.podLabels?.[INJECT_LABEL];
  input.report(
    GATEWAY_SIDECAR,
    `podLabels[${INJECT_LABEL}]`,
    sidecar,
    (profile.network === 'istio' || profile.mesh?.sidecars === true) && sidecar !== undefined && sidecar !== 'false',
  );
  checkAutoscaling(input, code.autoscaling, spec.replicas);
  checkDisruptionBudget(input, code.disruptionBudget);
  input.reportGiven(
    HEADER_NAME_INVALID,
    'sessionAffinityHeader',
    code.sessionAffinityHeader,
    value => !isHeaderName(value),
  );
  checkPolicyState(input, statement.policy, namespace);
  checkRateLimitService(input, statement, namespace);
  checkService(input, statement);
  checkDiscovery(input, statement.discovery, namespace);
  checkSecretPlace(input, 'sessionKey', code.sessionKey && secretKeyOf(code.sessionKey), namespace);
  checkExposures(
    exposures,
    input,
    exposedService({ name, namespace }, spec, statement.labels),
    spec.tls !== undefined,
    profile,
  );
  checkAccessLog(input, code.accessLog);
  gatewaySpec(place.kind).check(spec, placeIn(input));
  checkAuditLog(input, spec, code.accessLog);
}

/** Checks the key of sessions against what runs in the pods. */
export function checkSessionKey(
  input: InputCheck,
  { code }: GatewayStatement,
  plane: string,
  container: PlaneContainer,
): void {
  input.report(
    SESSION_KEY_UNUSED,
    'sessionKey',
    '(given)',
    code.sessionKey !== undefined && container.sessionKeyVariable === undefined ? { plane } : undefined,
  );
}

function checkRateLimitService(input: InputCheck, { code }: GatewayStatement, namespace: string): void {
  const { replicas, resources, store, storeResources } = code.rateLimitService ?? {};
  checkSizes(input, 'rateLimitService.resources', resources);
  checkSizes(input, 'rateLimitService.storeResources', storeResources);
  input.report(
    STORE_RESOURCES_UNUSED,
    'rateLimitService.storeResources',
    '(given)',
    store !== undefined && storeResources !== undefined,
  );
  input.reportGiven(WHOLE_NUMBER_INVALID, 'rateLimitService.replicas', replicas, value =>
    notWhole(value, 'at least 1', 1),
  );
  input.reportGiven(PORT_INVALID, 'rateLimitService.store.port', store?.port, value =>
    isPort(value) ? undefined : { port: 'the port of the store' },
  );
  checkSecretPlace(input, 'rateLimitService.store.password', store?.password && secretKeyOf(store.password), namespace);
}

function checkService(input: InputCheck, { code, value: spec }: GatewayStatement): void {
  const { nodePort, loadBalancerSourceRanges, externalTrafficPolicy } = code.service ?? {};
  const type = spec.service?.type ?? kplus.ServiceType.CLUSTER_IP;
  input.reportGiven(PORT_INVALID, 'service.nodePort', nodePort, value =>
    isPort(value) ? undefined : { port: 'a port of the nodes, usually 30000 to 32767' },
  );
  input.report(
    NODE_PORT_UNUSED,
    'service.nodePort',
    nodePort,
    nodePort !== undefined && type === kplus.ServiceType.CLUSTER_IP,
  );
  input.report(
    EXTERNAL_TRAFFIC_UNUSED,
    'service.externalTrafficPolicy',
    externalTrafficPolicy,
    externalTrafficPolicy !== undefined && type === kplus.ServiceType.CLUSTER_IP,
  );
  loadBalancerSourceRanges?.forEach((range, i) => {
    input.report(
      LOAD_BALANCER_RANGE_INVALID,
      `service.loadBalancerSourceRanges[${i}]`,
      range,
      because(cidrProblem(range)),
    );
  });
  input.report(
    LOAD_BALANCER_RANGES_UNUSED,
    'service.loadBalancerSourceRanges',
    loadBalancerSourceRanges,
    loadBalancerSourceRanges !== undefined && type !== kplus.ServiceType.LOAD_BALANCER,
  );
}

function checkAccessLog(input: InputCheck, accessLog: GatewayStatement['code']['accessLog']): void {
  const names = (accessLog ?? []).map(field => field._model.name);
  names.forEach((name, i) =>
    input.report(LOG_FIELD_TWICE, `observability.accessLog[${i}]`, name, names.indexOf(name) !== i),
  );
}

/** Options that have no field in the API's upstream schema, so a controller would never see them. */
export function checkOperatedGateway(input: InputCheck, options: McpGatewayOptions): void {
  const template = options.podTemplate;
  input.report(
    POD_TEMPLATE_WITHOUT_CONTAINERS,
    'podTemplate',
    template,
    template !== undefined && !(template.spec?.containers?.length > 0),
  );
  for (const property of [
    'resources',
    'podLabels',
    'podAnnotations',
    'nodeSelector',
    'tolerations',
    'priorityClass',
    'imagePullSecrets',
    'terminationGracePeriod',
  ] as const) {
    input.report(GATEWAY_OPTION_OF_PODS, property, options[property] && '(given)', options[property] !== undefined);
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
    'service.externalTrafficPolicy': options.service?.externalTrafficPolicy,
    'observability.accessLog': options.observability?.accessLog?.map(field => field._model.name),
    'discovery.skipUnavailable': options.discovery?.skipUnavailable,
    authentication: options.authentication?.map(({ _method }) => _method.kind),
    allowedOrigins: options.allowedOrigins,
    allowedRemoteHosts: options.allowedRemoteHosts,
    trustedProxies: options.trustedProxies,
    'discovery.credentials': options.discovery?.credentials?.length,
    authorization: options.authorization?.length,
    authzConfig: options.authzConfig && '(given)',
    rateLimitService: options.rateLimitService && '(given)',
    routeConstraints: options.routeConstraints && '(given)',
  };
  for (const [property, value] of Object.entries(given)) {
    input.report(GATEWAY_OPTION_OF_OWN, property, value, value !== undefined);
  }
  checkControllerRates(
    input,
    (options.rateLimits ?? []).map(({ _value }) => _value),
  );
  checkOperatedExposures(
    (options.exposures ?? []).map(({ _exposure }) => _exposure),
    input,
  );
}
