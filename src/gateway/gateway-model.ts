import * as kplus from 'cdk8s-plus-28';
import { planeOf } from './data-plane';
import { exposureModel } from './exposure';
import { GatewayPlace } from './gateway-checks';
import { RateLimitServiceOptions, RouteConstraintsOptions } from './gateway-options';
import { memoryLimitOf } from './gateway-resources';
import { tlsModel } from './gateway-tls';
import { monitorLabels } from './scraping';
import { GatewayStatement } from './statement';
import { observabilityModel } from '../api/gateway-observability';
import { circuitBreakerModel, trafficPolicyModel } from '../api/gateway-policy';
import { healthCheckModel } from '../api/gateway-servers';
import { GatewaySpecValue } from '../api/mcp-gateway';
import { PlaneContainer } from '../backends/interface/data-plane';
import { Gateway, RateLimitService } from '../model/gateway';
import { canonicalPattern } from '../model/hosts';
import { RouteConstraints } from '../model/policy';
import { compiler } from '../synthesis/compiler';
import { secretKeyOf } from '../synthesis/secrets';

/** Port that a gateway's pods listen on by default. */
const GATEWAY_PORT = 8080;

/** Types of Services that can be reached from outside the cluster. */
const EXPOSING_TYPES: readonly string[] = [kplus.ServiceType.LOAD_BALANCER, kplus.ServiceType.NODE_PORT];

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
    exposed: EXPOSING_TYPES.includes(spec.service?.type ?? ''),
    exposures: exposures.map(exposureModel),
    tls: spec.tls && tlsModel(spec.tls, tlsNamespace, name, namespace),
    discovery,
    allowedRemoteHosts: spec.allowedRemoteHosts?.flatMap(host => canonicalPattern(host) ?? []),
    routeConstraints: code.routeConstraints && routeConstraintsModel(code.routeConstraints),
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

/** What runs in the pods of a gateway. */
export function containerOf(gateway: Gateway): PlaneContainer {
  return compiler().dataPlane(gateway.plane).container(gateway);
}

/** How calls are counted, as plain data. */
function rateLimitServiceModel({ replicas, store }: RateLimitServiceOptions): RateLimitService {
  return {
    replicas,
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
