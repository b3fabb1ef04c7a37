import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { Counter } from '../../model/policy';
import { lowestRates } from '../../passes/policy/merge';
import { blockYaml } from '../../values/yaml';

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

/** Key of the first entry of every descriptor: which counter is asked for. The second is named like its dimension. */
export const COUNTER_KEY = 'limit';

/** Whether a gateway needs the rate-limit service: some entry has a limit. */
export function needsRateLimitService({ entries }: GatewayPlan): boolean {
  return entries.some(({ counters }) => counters.length > 0);
}

/** All counters of gateways by domain, each once, sorted. */
function countersByDomain(plans: readonly GatewayPlan[]): ReadonlyMap<string, readonly Counter[]> {
  const domains = new Map<string, Map<string, Counter>>();
  for (const { gateway, entries } of plans) {
    const domain = rateLimitDomain(gateway);
    const counters = domains.get(domain) ?? new Map<string, Counter>();
    for (const found of entries.flatMap(entry => entry.counters)) {
      const known = counters.get(found.id);
      counters.set(found.id, known === undefined ? found : { ...found, ...lowestOf(known, found) });
    }
    domains.set(domain, counters);
  }
  return new Map(
    [...domains]
      .filter(([, counters]) => counters.size > 0)
      .sort(byKey)
      .map(([domain, counters]) => [domain, [...counters].sort(byKey).map(([, found]) => found)]),
  );
}

/** The stricter of two rates of one counter: entries see the same limits of their gateway, so they differ only by mistake. */
function lowestOf(a: Counter, b: Counter): Pick<Counter, 'requests' | 'unit'> {
  const origin = { path: '', property: '' };
  const [{ requests, unit }] = lowestRates([a, b].map(one => ({ ...one, origin })));
  return { requests, unit };
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** The most requests that the service can count to: its numbers have 32 bits. */
const MAX_REQUESTS = 2 ** 32 - 1;

/**
 * The configuration of Envoy's rate-limit service: a file for each gateway that has limits, with its domain.
 *
 * It holds a descriptor for every counter, and below it one for every value of the counter's dimension. The service passes
 * what it finds no descriptor for, so that this and what gateways ask for come from the same counters.
 */
export function rateLimitServiceConfig(plans: readonly GatewayPlan[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...countersByDomain(plans)].map(([domain, counters]) => [
      `${domain.replace('/', '.')}.yaml`,
      blockYaml({ domain, descriptors: counters.map(descriptor) }),
    ]),
  );
}

function descriptor({ id, dimension, requests, unit }: Counter): object {
  const rate = { rate_limit: { unit, requests_per_unit: Math.min(requests, MAX_REQUESTS) } };
  return {
    key: COUNTER_KEY,
    value: id,
    ...(dimension === 'global' ? rate : { descriptors: [{ key: dimension, ...rate }] }),
  };
}
