import type * as kplus from 'cdk8s-plus-28';
import { planeOf } from './data-plane';
import { exposureModel } from './exposure';
import { RateLimitServiceOptions, RouteConstraintsOptions } from './gateway-options';
import { tlsModel } from './gateway-tls';
import { GatewayPlace, GatewayStatement } from './statement';
import { observabilityModel } from '../api/gateway-observability';
import { circuitBreakerModel, trafficPolicyModel } from '../api/gateway-policy';
import { healthCheckModel } from '../api/gateway-servers';
import { GatewaySpecValue } from '../api/mcp-gateway';
import { PlaneContainer } from '../backends/interface/data-plane';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, findingOf, warningKind } from '../model/findings';
import { Gateway, RateLimitService } from '../model/gateway';
import { canonicalPattern } from '../model/hosts';
import { RouteConstraints } from '../model/policy';
import { compiler } from '../synthesis/compiler';
import { secretKeyOf } from '../synthesis/config-and-secrets';
import { canonicalRange } from '../values/cidr';
import { Json } from '../values/json';
import { memoryBytes } from '../values/quantities';
import { companionTemplate } from '../workload/pod-options';
import { containerResources, ResourceAmounts, resourcesJson } from '../workload/resources';

/** Port that a gateway's pods listen on by default. */
const GATEWAY_PORT = 8080;

/** Types of Services that can be reached from outside the cluster. */
const EXPOSING_TYPES: readonly string[] = ['LoadBalancer', 'NodePort'];

/** Well-known port of OTLP over HTTP. */
const OTLP_HTTP = /:4318(\/|$)/;

/** The port that the pods of a gateway listen on. */
export function listeningPort({ port, service }: GatewaySpecValue): number {
  return port ?? service?.ports?.[0]?.targetPort ?? GATEWAY_PORT;
}

/** A gateway at a place as plain data of the model, but for what was added to it later. */
export function gatewayModel(
  statement: GatewayStatement,
  { kind, name, namespace, profile }: GatewayPlace,
  path: string,
  rendered: boolean,
): Gateway {
  const { code, discovery, exposures, tlsNamespace, value: spec } = statement;
  return {
    kind,
    name,
    namespace: kind === 'ClusterMCPGateway' ? undefined : namespace,
    workloadNamespace: namespace,
    path,
    plane: planeOf(spec.dataPlane).name,
    port: listeningPort(spec),
    replicas: spec.replicas ?? 1,
    memoryLimit: memoryLimitOf(statement),
    memoryUnsaid: isMemoryUnsaid(statement) ? true : undefined,
    exposed: EXPOSING_TYPES.includes(spec.service?.type ?? ''),
    externalTraffic: code.service?.externalTrafficPolicy,
    exposures: exposures.map(exposureModel),
    tls: spec.tls && tlsModel(spec.tls, tlsNamespace, name, namespace),
    discovery,
    allowedOrigins: spec.allowedOrigins?.length ? spec.allowedOrigins : undefined,
    allowedRemoteHosts: spec.allowedRemoteHosts?.flatMap(host => canonicalPattern(host) ?? []),
    trustedProxies: spec.trustedProxies?.length ? spec.trustedProxies.flatMap(r => canonicalRange(r) ?? []) : undefined,
    routeConstraints: code.routeConstraints && routeConstraintsModel(code.routeConstraints),
    companionPods: companionTemplate(code, spec.podTemplate),
    rateLimitService: code.rateLimitService && rateLimitServiceModel(code.rateLimitService),
    traffic: trafficPolicyModel(path, spec),
    affinity: { header: code.sessionAffinityHeader?.toLowerCase() },
    circuitBreaker: spec.circuitBreaker && circuitBreakerModel(spec.circuitBreaker),
    healthCheck: spec.healthCheck && healthCheckModel(spec.healthCheck),
    accessLog: (code.accessLog ?? []).map(field => field._model),
    ...observabilityModel(
      spec.observability ?? {},
      endpoint => code.otlp ?? (OTLP_HTTP.test(endpoint) ? 'http' : 'grpc'),
    ),
    monitorLabels: monitorLabels(spec, profile),
    profile,
    imported: !rendered,
  };
}

/** Name of the gateway's container. */
export const GATEWAY_CONTAINER = 'gateway';

/** What the gateway's container may use, unless it is told otherwise. */
const DEFAULT_RESOURCES: ResourceAmounts = { cpuMillis: [100, 2000], memoryMebibytes: [128, 512] };

/** What the gateway's container may use, but for what the user's template says of it. */
export function gatewayResources({ code }: GatewayStatement, cpuLimits: boolean): kplus.ContainerResources {
  return code.resources ?? containerResources(DEFAULT_RESOURCES, cpuLimits);
}

/** Bytes that the gateway's container may use, by the user's template or else by its options; undefined where nothing limits it. */
export function memoryLimitOf(statement: GatewayStatement): number | undefined {
  const limit = templateMemory(statement) ?? gatewayResources(statement, true).memory?.limit?.asString();
  return limit === undefined ? undefined : memoryBytes(String(limit));
}

/** Whether nobody said how much that is, so that it follows from what the gateway serves. */
export function isMemoryUnsaid(statement: GatewayStatement): boolean {
  return statement.code.resources === undefined && templateMemory(statement) === undefined;
}

function templateMemory({ value: spec }: GatewayStatement): unknown {
  const containers: readonly Json[] = spec.podTemplate?.spec?.containers ?? [];
  return containers.find(({ name }) => name === GATEWAY_CONTAINER)?.resources?.limits?.memory;
}

/** What runs in the pods of a gateway. */
export function containerOf(gateway: Gateway): PlaneContainer {
  return compiler().dataPlane(gateway.plane).container(gateway);
}

/** How calls are counted, as plain data. */
function rateLimitServiceModel({
  replicas,
  resources,
  store,
  storeResources,
}: RateLimitServiceOptions): RateLimitService {
  return {
    replicas,
    resources: resources && resourcesJson(resources),
    storeResources: storeResources && resourcesJson(storeResources),
    store: store && {
      host: store.host,
      port: store.port ?? 6379,
      tls: store.tls ?? true,
      password: store.password && secretKeyOf(store.password),
    },
  };
}

/** By what routes are admitted, as plain data. */
function routeConstraintsModel(options: RouteConstraintsOptions): RouteConstraints {
  return {
    requireAuthentication: options.requireAuthentication ?? false,
    allowedMethods: options.allowedMethods,
    maximumRates: (options.maximumRates ?? []).map(({ _value: { dimension, requests, unit } }) => ({
      dimension,
      requests,
      unit,
    })),
  };
}

const SAY_WHO =
  "Say it: new ClusterProfile({ monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } } }).applyTo(app)";
const METRICS_CLOSED = warningKind(
  'metrics-closed',
  'the port of the metrics is closed to everyone, since it is not known who scrapes them',
  SAY_WHO,
);
const METRICS_NOT_READ = warningKind(
  'metrics-not-read',
  'Prometheus is there (prometheus-operator), and does not read the metrics of the gateway, since it is not known which pods scrape',
  `${SAY_WHO}, or give false`,
);

type Spec = Pick<GatewaySpecValue, 'observability'>;

/** Whether the pods of a gateway say that they have metrics: by default where somebody may read them. */
export function isScraped({ observability }: Spec, profile: ClusterProfile): boolean {
  return observability?.metrics?.enabled ?? mayScrape(profile);
}

/** Whether somebody reads the metrics of a gateway. */
export function isRead(spec: Spec, profile: ClusterProfile): boolean {
  return isScraped(spec, profile) && mayScrape(profile);
}

/** What monitoring has to know of a gateway. */
export interface WatchedGateway {
  readonly name: string;
  /** Namespace of its pods. */
  readonly namespace: string;
  readonly plane: string;
  /** Whether its pods are ours. */
  readonly rendered: boolean;
  /** Whether somebody reads their metrics. */
  readonly read: boolean;
}

/** Labels of the monitors by which Prometheus' operator finds the metrics of a gateway; undefined where annotations say where they are, or nothing. */
export function monitorLabels(spec: Spec, profile: ClusterProfile): Readonly<Record<string, string>> | undefined {
  return isScraped(spec, profile) && isOperated(profile) ? profile.monitorLabels : undefined;
}

/** What a gateway that asks to be scraped, or could be, should know. */
export function scrapeWarnings(path: string, { observability }: Spec, profile: ClusterProfile): Diagnostic[] {
  const asked = observability?.metrics?.enabled ?? (isOperated(profile) ? undefined : false);
  if (asked === false || mayScrape(profile)) {
    return [];
  }
  const kind = asked === true ? METRICS_CLOSED : METRICS_NOT_READ;
  return [findingOf(kind, path, 'observability.prometheusScrape', asked)];
}

function isOperated({ addOns }: ClusterProfile): boolean {
  return addOns.includes('prometheus-operator');
}

function mayScrape({ monitoring, network }: ClusterProfile): boolean {
  return monitoring !== undefined || network === 'none';
}
