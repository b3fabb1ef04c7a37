import { Gateway } from '../../model/gateway';

/** Suffixes of the objects that count calls, behind the name of their gateway. */
export const RATE_LIMIT_SUFFIX = '-rate-limit';
export const RATE_LIMIT_STORE_SUFFIX = '-rate-limit-store';

/** Ports of the service. */
export const RATE_LIMIT_GRPC_PORT = 8081;
export const RATE_LIMIT_HTTP_PORT = 8080;
export const RATE_LIMIT_METRICS_PORT = 9090;
/** Port of the store. */
export const RATE_LIMIT_STORE_PORT = 6379;

/** Name of a gateway's rate-limit service. */
export function rateLimitName(gateway: Gateway): string {
  return `${gateway.name}${RATE_LIMIT_SUFFIX}`;
}

/** Name of its store. */
export function rateLimitStoreName(gateway: Gateway): string {
  return `${gateway.name}${RATE_LIMIT_STORE_SUFFIX}`;
}

/** Domain of a gateway's limits: in what it sends to the service, and in the configuration of the service. */
export function rateLimitDomain(gateway: Gateway): string {
  return `${gateway.workloadNamespace}/${gateway.name}`;
}

/** Where a gateway finds its service. */
export function rateLimitHost(gateway: Gateway): string {
  return `${rateLimitName(gateway)}.${gateway.workloadNamespace}.svc:${RATE_LIMIT_GRPC_PORT}`;
}
