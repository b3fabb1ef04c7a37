import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { DataPlaneValue, dataPlaneValue } from './data-plane';
import { Exposure } from './exposure';
import { exposureValue } from './exposure-fields';
import { McpGatewayOptions } from './gateway-options';
import { exposedService } from './imported-gateway';
import { AccessLogField, GatewayLogFormat, GatewayLogLevel } from './observability-options';
import { GatewayPolicyOptions } from './policy/options';
import { checkSameServers, discoveryModel, discoveryValue } from './server-discovery';
import { audit, AuditValue } from '../api/audit';
import { LOG_LEVELS } from '../api/gateway-observability';
import { TrafficValue } from '../api/gateway-policy';
import { explicitHealthCheck } from '../api/gateway-servers';
import { GatewaySpecValue } from '../api/mcp-gateway';
import { filled } from '../api/object';
import { ClusterProfile } from '../model/cluster';
import { errorKind, InputCheck } from '../model/findings';
import { Discovery } from '../model/gateway';
import { GatewayKind } from '../model/route';
import { emptyList, LIST_EMPTY } from '../model/validation';
import { checkPolicyLists, PolicyState, policyState } from '../policy/level-policy';
import { plain, Statement } from '../synthesis/statement';
import { Json, withoutUndefined } from '../values/json';

/** What code alone can say of a gateway: resources have no fields for it. */
type CodeOptions = Pick<
  McpGatewayOptions,
  | 'resources'
  | 'podLabels'
  | 'podAnnotations'
  | 'nodeSelector'
  | 'tolerations'
  | 'priorityClass'
  | 'imagePullSecrets'
  | 'terminationGracePeriod'
  | 'autoscaling'
  | 'disruptionBudget'
  | 'antiAffinity'
  | 'spreadOver'
  | 'sessionKey'
  | 'sessionAffinityHeader'
  | 'ingress'
  | 'egress'
  | 'rateLimitService'
  | 'routeConstraints'
> & {
  readonly service?: Pick<
    NonNullable<McpGatewayOptions['service']>,
    'nodePort' | 'loadBalancerSourceRanges' | 'externalTrafficPolicy'
  >;
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
    allowedOrigins: options.allowedOrigins,
    allowedRemoteHosts: options.allowedRemoteHosts,
    trustedProxies: options.trustedProxies,
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

/** Where a statement is made. */
export interface GatewayPlace {
  readonly kind: GatewayKind;
  readonly name: string;
  /** Namespace of its pods. */
  readonly namespace: string;
  readonly profile: ClusterProfile;
}

const AUDIT_FORMAT_OF_LOG = errorKind(
  'audit-format-of-log',
  'is not the form of the log that the record is written to (observability.logFormat)',
  'Use GatewayLogFormat.JSON',
);
const LOG_FIELD_OF_AUDIT = errorKind(
  'log-field-of-audit',
  'is named like a field of the audit record',
  'Choose another name',
);

/** What options say of a gateway's traffic, as the API says it. Lists of filters without any say nothing. */
function trafficValue(options: GatewayPolicyOptions): TrafficValue {
  return withoutUndefined({
    // The method of HTTP is any text here; the check of the field knows the words.
    audit: options.audit && { enabled: true, ...(plain(options.audit) as AuditValue) },
    requestFiltering: options.requestFiltering && withoutEmpty(plain(options.requestFiltering)),
    responseFiltering: options.responseFiltering && withoutEmpty(plain(options.responseFiltering)),
    compliance: options.compliance && {
      ...plain(options.compliance),
      piiDetection: options.compliance.piiDetection && { enabled: true, ...plain(options.compliance.piiDetection) },
    },
    sampling: options.sampling && { ...plain(options.sampling), enabled: options.sampling.enabled ?? false },
    elicitation: options.elicitation && {
      ...plain(options.elicitation),
      enabled: options.elicitation.enabled ?? false,
    },
    sessionIsolation: plain(options.sessionIsolation),
    circuitBreaker: options.circuitBreaker && plain(options.circuitBreaker),
    protocolVersion: plain(options.protocolVersion),
  } satisfies TrafficValue);
}

function withoutEmpty<T extends object>(filtering: T): T {
  return Object.fromEntries(
    Object.entries(filtering).filter(([name, value]) => !(name.endsWith('Filters') && value.length === 0)),
  ) as T;
}

/** Checks the record of requests against the log that it is written to. */
export function checkAuditLog(
  input: InputCheck,
  { audit: given, observability }: Pick<GatewaySpecValue, 'audit' | 'observability'>,
  accessLog: readonly AccessLogField[] = [],
): void {
  const { enabled, format, level } = filled(audit, given ?? {});
  if (!enabled || level === 'None') {
    return;
  }
  input.report(
    AUDIT_FORMAT_OF_LOG,
    'audit.format',
    format,
    format === 'JSON' && observability?.logging?.format === 'Text',
  );
  accessLog.forEach(({ _model: { name } }, i) =>
    input.report(LOG_FIELD_OF_AUDIT, `observability.accessLog[${i}]`, name, name.startsWith('audit.')),
  );
}
