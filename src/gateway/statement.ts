import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { DataPlaneValue, dataPlaneValue } from './data-plane';
import { Exposure } from './exposure';
import { exposureValue } from './exposure-fields';
import { GatewayLogFormat, GatewayLogLevel, McpGatewayOptions } from './gateway-options';
import { exposedService } from './imported-gateway';
import { checkSameServers, discoveryModel, discoveryValue } from './server-discovery';
import { trafficValue } from './traffic-policy';
import { LOG_LEVELS } from '../api/gateway-observability';
import { explicitHealthCheck } from '../api/gateway-servers';
import { GatewaySpecValue } from '../api/mcp-gateway';
import { InputCheck } from '../model/findings';
import { Discovery } from '../model/gateway';
import { emptyList, LIST_EMPTY } from '../model/validation';
import { checkPolicyLists, PolicyState, policyState } from '../policy/level-policy';
import { plain } from '../synthesis/plain-values';
import { Statement } from '../synthesis/statement';
import { Json, withoutUndefined } from '../values/json';

/** What code alone can say of a gateway: resources have no fields for it. */
type CodeOptions = Pick<
  McpGatewayOptions,
  | 'resources'
  | 'podLabels'
  | 'podAnnotations'
  | 'nodeSelector'
  | 'tolerations'
  | 'imagePullSecrets'
  | 'terminationGracePeriod'
  | 'autoscaling'
  | 'disruptionBudget'
  | 'antiAffinity'
  | 'spreadOver'
  | 'sessionKey'
  | 'sessionAffinityHeader'
  | 'ingress'
  | 'rateLimitService'
  | 'routeConstraints'
> & {
  readonly service?: Pick<NonNullable<McpGatewayOptions['service']>, 'nodePort' | 'loadBalancerSourceRanges'>;
  readonly accessLog?: NonNullable<McpGatewayOptions['observability']>['accessLog'];
  /** What the collector of traces speaks, where that is said. */
  readonly otlp?: 'grpc' | 'http';
};

/** What is said of a gateway, in code or in a document. */
export interface GatewayStatement extends Statement<GatewaySpecValue> {
  /** Namespace of its pods, and of its resource unless that is in none. */
  readonly namespace: string;
  /** What it asks of callers. */
  readonly policy: PolicyState;
  /** The servers that it serves together, by what they are. */
  readonly discovery?: Discovery;
  /** What stands in front of it, in the order in which it was said. */
  readonly exposures: readonly Exposure[];
  /** Namespace of the Secret of its certificate, where that says one. */
  readonly tlsNamespace?: string;
  readonly code: CodeOptions;
  /** The document that says it. */
  readonly document?: GatewayDocument;
}

/** What only a document has. */
export interface GatewayDocument {
  /** The part of its spec that its resource has as it stands there. */
  readonly spec: Json;
}

/** What the options of a construct say; what only they can get wrong is reported. */
export function statementOf(
  input: InputCheck,
  construct: IConstruct,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  options: McpGatewayOptions,
): GatewayStatement {
  checkSameServers(input, construct, options.discovery);
  checkLists(input, options);
  const { service, observability } = options;
  const discovery = options.discovery && discoveryModel(options.discovery);
  const exposures = (options.exposures ?? []).map(({ _exposure }) => _exposure);
  const dataPlane: DataPlaneValue | undefined = options.dataPlane && dataPlaneValue(options.dataPlane);
  const base: GatewaySpecValue = withoutUndefined({
    ...trafficValue(options),
    replicas: options.replicas,
    allowedRemoteHosts: options.allowedRemoteHosts,
    podTemplate: options.podTemplate,
    dataPlane,
    tls: options.tls?._value,
    port: options.port,
    service: service && serviceValue(options),
    discovery: discovery && discoveryValue(discovery, namespace),
    healthCheck: options.healthCheck && explicitHealthCheck(plain(options.healthCheck)),
    observability: observability && observabilityValue(observability),
  });
  return {
    name,
    namespace,
    labels: options.labels,
    annotations: options.annotations,
    value: { ...base, ...exposureValue(exposures, exposedService({ name, namespace }, base, options.labels)) },
    policy: policyState(options),
    discovery,
    exposures,
    tlsNamespace: options.tls?._secretNamespace,
    code: { ...options, accessLog: observability?.accessLog, otlp: observability?.tracing?.protocol },
  };
}

/** Reports lists that are given and empty where leaving them out means all. */
function checkLists(input: InputCheck, options: McpGatewayOptions): void {
  const { discovery = {}, elicitation = {}, routeConstraints = {}, service = {} } = options;
  const lists: readonly [string, readonly unknown[] | undefined, string, string][] = [
    ['routeConstraints.allowedMethods', routeConstraints.allowedMethods, 'method', 'to admit all'],
    ['routeConstraints.maximumRates', routeConstraints.maximumRates, 'rate', 'to admit any'],
    ['service.loadBalancerSourceRanges', service.loadBalancerSourceRanges, 'range', 'to let every address in'],
    ['discovery.expressions', discovery.expressions, 'condition', 'for none'],
    ['discovery.namespaceExpressions', discovery.namespaceExpressions, 'condition', 'for none'],
    ['elicitation.allowedTypes', elicitation.allowedTypes, 'type', 'to allow all'],
  ];
  checkPolicyLists(input, options);
  lists.forEach(([property, list, item, meaning]) =>
    input.report(LIST_EMPTY, property, list, emptyList(list, item, meaning)),
  );
}

function serviceValue({ service = {}, tls }: McpGatewayOptions): GatewaySpecValue['service'] {
  const { type, annotations, port } = service;
  const name = tls === undefined ? 'http' : 'https';
  return withoutUndefined({
    // A Service that is no address of pods is a finding.
    type: type as Exclude<kplus.ServiceType, kplus.ServiceType.EXTERNAL_NAME> | undefined,
    annotations,
    ports: port === undefined ? undefined : [{ name, port }],
  });
}

const LEVELS = new Map<string, keyof typeof LOG_LEVELS>(
  Object.entries(LOG_LEVELS).map(([level, spelled]) => [spelled, level as keyof typeof LOG_LEVELS]),
);

function observabilityValue({
  prometheusScrape,
  logLevel,
  logFormat,
  tracing,
}: NonNullable<McpGatewayOptions['observability']>): GatewaySpecValue['observability'] {
  return {
    metrics: withoutUndefined({ enabled: prometheusScrape }),
    logging: withoutUndefined({
      level: LEVELS.get(logLevel ?? GatewayLogLevel.INFO),
      format: logFormat === GatewayLogFormat.TEXT ? ('Text' as const) : ('JSON' as const),
    }),
    ...(tracing && {
      tracing: withoutUndefined({ enabled: true, endpoint: tracing.endpoint, sampling: tracing.sampling }),
    }),
  };
}
